"""ACT: each activation, its derivative, its kink, its tails."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from decimal import Context, localcontext

from hypothesis import strategies as st

from spec_tests.cases.case import Case, Dense
from spec_tests.cases.extras import with_extras
from spec_tests.cases.networks import Unsupported, either, off_grid, on_grid
from spec_tests.cases.numbers import in_format
from spec_tests.clauses.observe import arithmetic, compare_gradients, compare_outputs, oracle
from spec_tests.clauses.registry import Cases, check
from spec_tests.declaration import ACTIVATIONS, Declaration
from spec_tests.expect import Comparison, Violation
from spec_tests.oracle.ball import Vacuous
from spec_tests.oracle.formulas import activate
from spec_tests.oracle.oracle import Expected, as_decimal
from spec_tests.subject import Subject

SEEN = "gradients|step"
LOW = {"sigmoid": 0.0, "tanh": -1.0, "softmax": 0.0, "softplus": 0.0, "relu": 0.0}
HIGH = {"sigmoid": 1.0, "tanh": 1.0, "softmax": 1.0}


def one_activation(name: str, base: Cases = either) -> Cases:
    """One layer with this activation, or one hidden layer where it cannot be the last."""

    def cases(declaration: Declaration) -> st.SearchStrategy[Case]:
        if name not in (*declaration.activations, *declaration.output_activations):
            raise Unsupported(f"{name} is not declared")
        if name in declaration.output_activations:
            return base(declaration, hidden=(0, 1), first=(name,), last=(name,))
        return base(declaration, hidden=(1, 1), first=(name,))

    return cases


def bare(names: tuple[str, ...]) -> Cases:
    """One unit and nothing around it: W = 1, b = 0, so that z is the input, whatever it is."""

    def cases(declaration: Declaration) -> st.SearchStrategy[Case]:
        base = off_grid(
            declaration, hidden=(0, 0), last=names, outputs=(1, 1), rows=(1, 1), scales=(1.0,)
        )
        if declaration.inputs[0] > 1:
            raise Unsupported("needs a network with one input")

        def stripped(case: Case) -> Case:
            bias = None if case.dense[0].bias is None else [0.0]
            dense = [Dense([[1.0]], bias, case.dense[0].activation)]
            return replace(case, dense=dense, inputs=[case.inputs[0][:1]])

        return base.map(stripped)

    return cases


def _register(name: str) -> None:
    title = name.upper().replace("_", "-")

    @check(f"ACT-{title}-VALUE", reads="forward", needs="predict", cases=one_activation(name))
    def value(subject: Subject, case: Case) -> float:
        return compare_outputs(subject, case)

    @check(f"ACT-{title}-DERIVATIVE", reads="gradient", needs=SEEN, cases=one_activation(name))
    def derivative(subject: Subject, case: Case) -> float:
        return compare_gradients(subject, case)


for _name in ACTIVATIONS:
    _register(_name)


def zero_units(declaration: Declaration) -> st.SearchStrategy[Case]:
    """Every unit of a relu layer exactly on its kink: weights and bias are 0."""
    base = one_activation("relu", on_grid)(declaration)

    def emptied(case: Case) -> Case:
        weights, bias, name = case.dense[0]
        nothing = [[0.0] * len(row) for row in weights]
        first = Dense(nothing, None if bias is None else [0.0] * len(bias), name)
        return replace(case, dense=[first, *case.dense[1:]])

    return base.map(emptied)


@check("ACT-RELU-KINK", reads="gradient", needs=SEEN, cases=zero_units)
def relu_at_zero_has_the_declared_derivative(subject: Subject, case: Case) -> float:
    """Other kinks than that of relu have clauses of their own."""
    expected = oracle(subject, case)
    if not expected.exact or expected.kinks != len(case.inputs) * len(case.dense[0].weights):
        raise Vacuous
    return compare_gradients(subject, case, kinks=True, dead=True)


def at(base: Cases, numbers: Callable[[Declaration], list[float]]) -> Cases:
    """The same cases, with one of these numbers as the input."""

    def cases(declaration: Declaration) -> st.SearchStrategy[Case]:
        pairs = st.tuples(base(declaration), st.sampled_from(numbers(declaration)))
        return pairs.map(lambda pair: replace(pair[0], inputs=[[pair[1]]]))

    return cases


def far(declaration: Declaration) -> list[float]:
    """±10^k, up to the largest numbers of the format."""
    most = 308 if declaration.dtype == "float64" else 38
    powers = [in_format(float(f"1e{k * most // 98}"), declaration.dtype) for k in range(99)]
    return [sign * power for power in powers for sign in (1, -1)]


def far_left(declaration: Declaration) -> list[float]:
    """Where e^z is small, but not yet too small for the format."""
    step = 7.0 if declaration.dtype == "float64" else 0.8
    return [in_format(-step * k, declaration.dtype) for k in range(1, 100)]


@check("ACT-TAILS", reads="forward non-finite", needs="predict", cases=at(bare(ACTIVATIONS), far))
def far_tails_neither_overflow_nor_leave_the_range(subject: Subject, case: Case) -> None:
    name, [[z]] = case.dense[0].activation, case.inputs
    [[a]] = subject.load(case).predict()
    low, high = LOW.get(name, -math.inf), HIGH.get(name, math.inf)
    if not (low <= a <= high and math.isfinite(a)):
        raise Violation(f"{name} of {z} is {a}, should be finite and from {low} to {high}")
    if name in ("identity", "relu", "softplus") and z > 1e3 and a != z:
        raise Violation(f"{name} of {z} is {a}, should be {z}", [("a", a, z, 0.0)])


PAIR = with_extras(
    bare(tuple(name for name in ACTIVATIONS if name != "softmax")),
    low=st.integers(-90, 90),
    more=st.integers(1, 90),
)


@check("ACT-MONOTONE", reads="forward", needs="predict", cases=PAIR)
def a_larger_input_gives_no_smaller_output(subject: Subject, case: Case) -> None:
    """By more than the errors that the two evaluations may have."""
    low = case.extras["low"] / 8
    high = low + case.extras["more"] / 8
    first, second = (subject.load(replace(case, inputs=[[z]])).predict()[0][0] for z in (low, high))
    slack = compare_slack(subject, case, max(abs(low), abs(high)))
    if not second >= first - slack:
        name = case.dense[0].activation
        raise Violation(f"{name} falls from {first} at {low} to {second} at {high}")


def compare_slack(subject: Subject, case: Case, size: float) -> float:
    smooth = case.dense[0].activation in ("sigmoid", "tanh", "softplus")
    return 2 * subject.declaration.ulps * arithmetic(subject).u * max(1.0, size) if smooth else 0.0


@check(
    "ACT-NAN",
    reads="forward non-finite",
    needs="predict",
    cases=at(bare(ACTIVATIONS), lambda _: [math.nan]),
)
def nan_in_gives_nan_out(subject: Subject, case: Case) -> None:
    [[a]] = subject.load(case).predict()
    if not math.isnan(a):
        name = case.dense[0].activation
        raise Violation(f"{name} of nan is {a}, should be nan", [("a", a, math.nan, 0.0)])


def softmax_outputs(declaration: Declaration) -> st.SearchStrategy[Case]:
    if "softmax" not in declaration.output_activations:
        raise Unsupported("softmax is not declared for outputs")
    return off_grid(declaration, hidden=(0, 1), first=("softmax",), last=("softmax",))


def shifted_outputs(declaration: Declaration) -> st.SearchStrategy[Case]:
    if not declaration.bias:
        raise Unsupported("no bias is declared")
    return softmax_outputs(declaration)


@check("ACT-SOFTMAX-SUM", reads="forward", needs="predict", cases=softmax_outputs)
def probabilities_sum_to_one(subject: Subject, case: Case) -> float:
    seen = Comparison()
    expected = oracle(subject, case).outputs()
    for b, row in enumerate(subject.load(case).predict()):
        bound = sum(number.bound for number in expected[b])
        seen.number(f"the sum of y[{b}]", math.fsum(row), Expected(1, bound))
    return seen.judge()


@check(
    "ACT-SOFTMAX-SHIFT",
    reads="forward",
    needs="predict",
    cases=with_extras(shifted_outputs, shift=st.integers(-90, 90)),
)
def a_shift_of_all_scores_changes_nothing(subject: Subject, case: Case) -> float:
    """Seen with another bias; the expected row is that of the shifted net, by the formula."""
    weights, bias, name = case.dense[-1]
    assert bias is not None
    dtype = subject.declaration.dtype
    moved = [in_format(b + case.extras["shift"] * 8, dtype) for b in bias]
    shifted = replace(case, dense=[*case.dense[:-1], Dense(weights, moved, name)])
    return max(compare_outputs(subject, shifted), compare_outputs(subject, case))


@check(
    "ACT-PRECISION",
    reads="forward non-finite",
    needs="predict",
    cases=at(bare(("sigmoid", "softplus")), far_left),
)
def tails_keep_their_digits(subject: Subject, case: Case) -> float:
    """In the left tail both are near e^z: small, and to be right relative to themselves.

    Right forms take e^z twice, or e^(z/2) squared: twice `ulps`. And where z is scaled by the
    rounded 1/ln 2, e^z is off by as many roundings as z is large.
    """
    name, [[z]] = case.dense[0].activation, case.inputs
    with localcontext(Context(prec=700)):
        [value] = activate(name, [as_decimal(z)], 0, {"relu": 0, "leaky_relu": 0})
    bound = float(value) * arithmetic(subject).u * (subject.declaration.ulps * 2 + abs(z))
    seen = Comparison()
    [[a]] = subject.load(case).predict()
    seen.number(f"{name}({z})", a, Expected(value, bound))
    return seen.judge()
