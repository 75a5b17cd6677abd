"""ACT, far out: where activations overflow, lose their digits, or meet NaN.

One unit carries one number through the whole network: in each layer W is 0 but for its first
number, and the bias is 0. So z of the first unit is the input, whatever the topology. In a hidden
layer an activation is seen through those after it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Context, localcontext
from functools import partial

from spec_tests.cases.case import Case, Dense
from spec_tests.cases.drawing import Drawing, between, mapped, one_of
from spec_tests.cases.extras import with_extras
from spec_tests.cases.networks import off_grid
from spec_tests.cases.numbers import in_format
from spec_tests.clauses.registry import Cases, clause
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported, Vacuous, Violation
from spec_tests.expect import Comparison
from spec_tests.formulas.activation_functions import ACTIVATIONS, Slopes
from spec_tests.judge.certainty import arithmetic
from spec_tests.judge.played import Played
from spec_tests.oracle.expected import Expected, as_decimal
from spec_tests.scripts import asks
from spec_tests.scripts.script import Script

FAR_OUT = 1e3
"""From here on some are z itself: softplus differs by e^-1000, which no format holds."""
NO_SLOPES = Slopes(0, {})
DIGITS_OF_A_TAIL = Context(prec=350)
"""e^-693, the least that is asked for, has 301 zeros before its first digit: 1 + e^z keeps it."""


def carried(name: str, hidden: bool, alone: bool = False) -> Cases:
    """One number through the activation, in the last layer or in the first hidden one; `alone`:
    through nothing else."""

    def cases(declaration: Declaration) -> Drawing[Case]:
        own = declaration.activations if hidden else declaration.output_activations
        place = "hidden layers" if hidden else "outputs"
        if name not in own:
            raise Unsupported(f"{name} is not declared for {place}")
        depth = (1, 1) if hidden else (0, 0)
        first, last = ((name,), None) if hidden else (None, (name,))
        base = off_grid(
            declaration,
            hidden=depth,
            strictly=alone,
            first=first,
            last=last,
            rows=(1, 1),
            scales=(1.0,),
        )
        if hidden and declaration.hidden_layers[1] == 0:
            raise Unsupported("no hidden layers are declared")
        return mapped(base, _stripped)

    return cases


def _stripped(case: Case) -> Case:
    dense = []
    for weights, bias, name in case.dense:
        rows = [[0.0] * len(row) for row in weights]
        rows[0][0] = 1.0
        dense.append(Dense(rows, None if bias is None else [0.0] * len(bias), name))
    return replace(case, dense=dense)


def everywhere() -> tuple[Cases, ...]:
    """Each activation in each place."""
    return tuple(carried(name, hidden) for name in ACTIVATIONS for hidden in (False, True))


def at(kinds: tuple[Cases, ...], numbers: Callable[[Declaration], list[float]]) -> list[Cases]:
    """The same cases with some of these numbers as inputs, one a row where several may be."""

    def placed(base: Cases, declaration: Declaration) -> Drawing[Case]:
        drawing, one = base(declaration), one_of(*numbers(declaration))
        several = 3 if declaration.several_rows else 1
        return lambda rng: _with_inputs(drawing(rng), [one(rng) for _ in range(several)])

    return [partial(placed, base) for base in kinds]


def _with_inputs(case: Case, numbers: Sequence[float]) -> Case:
    width = len(case.inputs[0])
    inputs = [[z, *[0.0] * (width - 1)] for z in numbers]
    return case.with_rows(inputs, case.targets * len(inputs))


def far(declaration: Declaration) -> list[float]:
    """±10^k, up to the largest numbers of the format."""
    most = 308 if declaration.dtype == "float64" else 38
    powers = [in_format(float(f"1e{k * most // 98}"), declaration.dtype) for k in range(99)]
    return [sign * power for power in powers for sign in (1, -1)]


def far_left(declaration: Declaration) -> list[float]:
    """Where e^z is small, but not yet too small for the format."""
    step = 7.0 if declaration.dtype == "float64" else 0.8
    return [in_format(-step * k, declaration.dtype) for k in range(1, 100)]


def both_sides(kinds: list[Cases]) -> list[Cases]:
    """With each row turned too, where there may be several: most overflow on one side only."""

    def mirrored(base: Cases, declaration: Declaration) -> Drawing[Case]:
        if not declaration.several_rows:
            return base(declaration)
        return mapped(base(declaration), _mirrored)

    return [partial(mirrored, base) for base in kinds]


def _mirrored(case: Case) -> Case:
    turned = [[-x for x in row] for row in case.inputs]
    return case.with_rows([*case.inputs, *turned], case.targets * 2)


def rows_of(played: Played, k: int) -> Iterator[tuple[float, float]]:
    """(the number that goes in, what comes out) of each row."""
    inputs = played.oracle(k).case.inputs
    for (z, *_), (a, *_) in zip(inputs, played.outputs(k), strict=True):
        yield z, a


def visible(case: Case, declaration: Declaration) -> Script:
    """Behind a hidden unit whose output may be large, a small weight makes it visible."""
    if len(case.dense) > 1 and ACTIVATIONS[case.dense[0].activation].high == math.inf:
        case = _damped(case)
    return asks.predict(case, declaration)


def _damped(case: Case) -> Case:
    """The second layer's weight is a power of two of about 1 / |z|."""
    most = max(abs(x) for row in case.inputs for x in row)
    second = case.dense[1]
    rows = [list(row) for row in second.weights]
    rows[0][0] = 2.0 ** -math.frexp(most)[1]
    return replace(case, dense=[case.dense[0], second._replace(weights=rows), *case.dense[2:]])


def far_tails_neither_overflow_nor_leave_the_range(played: Played) -> None:
    [k] = played.calls("predict")
    dense, seen = played.script.networks[0], Comparison()
    name, last = dense[0].activation, dense[-1].activation
    low, high = ACTIVATIONS[last].low, ACTIVATIONS[last].high
    for z, a in rows_of(played, k):
        if not (low <= a <= high and math.isfinite(a)):
            place = "" if len(dense) == 1 else f", seen through {last},"
            raise Violation(
                f"{name} of {z}{place} is {a}, should be finite and from {low} to {high}"
            )
        if len(dense) == 1 and ACTIVATIONS[name].equals_z_far_out and z > FAR_OUT:
            seen.number(f"{name} of {z}", a, Expected(z, 0.0))
    with suppress(Vacuous, ArithmeticError):
        # Of a softmax of such numbers nothing is certain but what was asked above.
        seen.rows("y", played.outputs(k), played.oracle(k).outputs)
        seen.judge()


clause(
    "ACT-TAILS",
    "forward non-finite",
    "predict",
    both_sides(at(everywhere(), far)),
    visible,
    far_tails_neither_overflow_nor_leave_the_range,
)


PAIR = [
    with_extras(carried(name, False, True), low=between(-90, 90), more=between(1, 90))
    for name, activation in ACTIVATIONS.items()
    if activation.is_monotone
]


def low_and_high(case: Case, declaration: Declaration) -> Script:
    low = case.extras["low"] / 8
    high = low + case.extras["more"] / 8
    return asks.each_predicted([_with_inputs(case, (z,)) for z in (low, high)])


def a_larger_input_gives_no_smaller_output(played: Played) -> None:
    """By more than the errors that the two evaluations may have."""
    (low, high) = played.calls("predict")
    [(z, first)], [(_, second)] = rows_of(played, low), rows_of(played, high)
    slack = sum(played.oracle(k).outputs[0][0].bound for k in (low, high))
    if not second >= first - slack:
        name = played.script.networks[0][0].activation
        raise Violation(f"{name} falls from {first} at {z} to {second} behind it")


clause(
    "ACT-MONOTONE", "forward", "predict", PAIR, low_and_high, a_larger_input_gives_no_smaller_output
)


def nan_in_gives_nan_out(played: Played) -> None:
    [k] = played.calls("predict")
    for a, *_ in played.outputs(k):
        if not math.isnan(a):
            name = played.script.networks[0][0].activation
            raise Violation(f"{name} of nan is {a}, should be nan", [("a", a, math.nan, 0.0)])


clause(
    "ACT-NAN",
    "forward non-finite",
    "predict",
    at(everywhere(), lambda _: [math.nan]),
    asks.predict,
    nan_in_gives_nan_out,
)


KEEPING = tuple(
    carried(name, False, True)
    for name, activation in ACTIVATIONS.items()
    if activation.keeps_its_tail
)


def tails_keep_their_digits(played: Played) -> float:
    """In the left tail both are near e^z: small, and to be right relative to themselves.

    Right forms take e^z twice, or e^(z/2) squared: twice `ulps`. And where z is scaled by the
    rounded 1/ln 2, e^z is off by as many roundings as z is large.
    """
    [k] = played.calls("predict")
    name, seen = played.script.networks[0][-1].activation, Comparison()
    u, ulps = arithmetic(played.declaration).u, played.declaration.ulps
    for z, a in rows_of(played, k):
        with localcontext(DIGITS_OF_A_TAIL):
            [value] = ACTIVATIONS[name].row([as_decimal(z)], NO_SLOPES)
        seen.number(f"{name}({z})", a, Expected(value, float(value) * u * (ulps * 2 + abs(z))))
    return seen.judge()


clause(
    "ACT-PRECISION",
    "forward non-finite",
    "predict",
    at(KEEPING, far_left),
    asks.predict,
    tails_keep_their_digits,
)
