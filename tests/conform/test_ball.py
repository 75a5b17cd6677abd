"""The bounds hold for every correct implementation: no right answer can be a false alarm.

Random networks are computed with NumPy in randomly chosen ways (see `ball_trial`), all of them
right, and compared with the oracle as an implementation would be. What is reported is the share of
its bound that a deviation used: above 1 a correct implementation would have been called wrong.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from refnn import (
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    Huber,
    SoftmaxCrossEntropy,
    SquaredError,
)
from spec_tests.adapter import Adapter
from spec_tests.cases.case import Case, Dense
from spec_tests.cases.numbers import in_format, quarters
from spec_tests.declaration import declare
from spec_tests.errors import Vacuous, Violation
from spec_tests.expect import Comparison
from spec_tests.formulas import ball
from spec_tests.formulas.activation_functions import ACTIVATIONS, ONE, Units
from spec_tests.formulas.ball import Arithmetic, Ball
from spec_tests.oracle.oracle import Oracle
from tests.conform.ball_trial import Computed, Trial

DTYPES = ("float64", "float32")
NAMES = tuple(ACTIVATIONS)
QUANTITIES = ("outputs", "loss", "gradients", "dx", "pulled")
"""The last: gradients and dx for a dL/dy that is handed over."""
WAYS = 3
"""In how many ways each network is computed: the oracle is what takes time."""
REDUCTIONS = ("mean", "sum")
MEANS = [(batch, outputs) for batch in REDUCTIONS for outputs in REDUCTIONS]
LOSSES: list[Any] = [
    *(SquaredError(c, *means) for c in (1, 0.5, Fraction(1, 3)) for means in MEANS),
    *(AbsoluteError(*means) for means in MEANS),
    *(Huber(delta, *means) for delta in (1, 0.1) for means in MEANS),
    *(BinaryCrossEntropy(*means) for means in MEANS),
    *(BinaryCrossEntropyWithLogits(*means) for means in MEANS),
    *(kind(batch) for kind in (CrossEntropy, SoftmaxCrossEntropy) for batch in REDUCTIONS),
]
EXACT_LOSSES = [SquaredError(1, "sum", "sum"), AbsoluteError("sum", "sum"), Huber(1, "sum", "sum")]


class _Anything(Adapter):
    activations = NAMES

    def load(self, dense: Any) -> None:
        """Nothing is ever loaded: only the declaration is used."""

    def predict(self, inputs: Any) -> Any:
        """Never asked."""


ANYTHING = declare(_Anything)


@dataclass
class Tally:
    """The largest share of its bound that each quantity used, and what else there is to say."""

    shares: dict[str, float] = field(default_factory=lambda: dict.fromkeys(QUANTITIES, 0.0))
    count: Counter[str] = field(default_factory=Counter)

    def told(self) -> str:
        nets, redrawn = self.count["nets"], self.count["redrawn"]
        shares = ", ".join(f"{name} {share:.3f}" for name, share in self.shares.items())
        part = redrawn / (nets + redrawn)
        return f"{nets} nets, {part:.1%} redrawn, {self.count['exact']} exact; shares: {shares}"


def law(dtype: str, nets: int, ulps: float = 4.0, seed: int = 0) -> Tally:
    """Violation where a correct computation of one of so many networks exceeds its bound."""
    rng = Random(f"{dtype} {seed}")
    tally = Tally()
    while tally.count["nets"] < nets:
        declaration = replace(ANYTHING, dtype=dtype, ulps=ulps)
        exact = rng.random() < 0.08
        if exact:
            declaration = replace(declaration, leaky_relu_alpha=0.25)
        case = (_exact_case if exact else _case)(rng, dtype)
        expected = Oracle(case, declaration)
        try:
            right = _expected(expected)
        except (Vacuous, ArithmeticError):
            tally.count["redrawn"] += 1
            continue
        for _ in range(WAYS):
            _judge(Trial(rng, dtype, declaration.leaky_relu_alpha), case, right, tally)
        tally.count["nets"] += 1
        tally.count["exact"] += expected.exact
    return tally


def _expected(expected: Oracle) -> Computed:
    """What the oracle says of its case; Vacuous where it leaves some of it open."""
    right = Computed(
        expected.outputs,
        expected.loss,
        expected.gradients,
        expected.input_gradient,
        expected.pullback(expected.case.extras["output_gradient"]),
    )
    comparisons = _compare(right, right).values()
    if not all(math.isfinite(bound) for seen in comparisons for *_, bound in seen.numbers):
        raise Vacuous("a bound is infinite")
    return right


def _compare(computed: Computed, right: Computed) -> dict[str, Comparison]:
    seen = {name: Comparison() for name in QUANTITIES}
    seen["outputs"].rows("y", computed.outputs, right.outputs)
    seen["loss"].number("loss", computed.loss, right.loss)
    seen["gradients"].pairs(computed.gradients, right.gradients)
    seen["dx"].rows("dx", computed.dx, right.dx)
    seen["pulled"].pairs(computed.pulled[0], right.pulled[0])
    seen["pulled"].rows("dx", computed.pulled[1], right.pulled[1])
    return seen


def _judge(trial: Trial, case: Case, right: Computed, tally: Tally) -> None:
    for name, seen in _compare(trial.run(case), right).items():
        try:
            tally.shares[name] = max(tally.shares[name], seen.judge())
        except Violation as violation:
            raise Violation(f"{violation.message}\n{trial.chosen}\n{case}") from violation


def _sizes(rng: Random) -> tuple[list[int], int]:
    """Widths and the number of rows: mostly small, sometimes wide or deep, never both.

    The dual numbers of the oracle cost batch x weights x units.
    """
    shape = rng.random()
    if shape < 0.03:
        widths = [rng.randint(1, 6) for _ in range(rng.randint(2, 3))]
        widths[rng.randrange(len(widths))] = rng.randint(9, 40)
        return widths, rng.randint(1, 2)
    if shape < 0.1:
        return [rng.randint(1, 3) for _ in range(rng.randint(5, 7))], rng.randint(1, 3)
    depth = rng.choice([1, 1, 2, 2, 3])
    most = rng.choice([2, 4, 6]) if depth < 3 else 3
    return [rng.randint(1, most) for _ in range(depth + 1)], rng.randint(1, 6 if depth < 3 else 3)


def _case(rng: Random, dtype: str) -> Case:
    widths, batch = _sizes(rng)
    loss = rng.choice(LOSSES)
    kind = type(loss).__name__
    names = [rng.choice(NAMES) for _ in widths[1:]]
    names[-1] = {
        "BinaryCrossEntropy": rng.choice(["sigmoid", "sigmoid", "softmax"]),
        "CrossEntropy": "softmax",
    }.get(kind, names[-1])
    scale, size = 0.1 * 120 ** rng.random(), 0.1 * 30 ** rng.random()
    family = rng.random()
    if family < 0.1:
        size = 66 / scale * 12 ** rng.random()  # |z| up to 800
    elif family < 0.15:
        scale = 1e-160 if dtype == "float64" else 1e-30
    zeros = 0.3 if rng.random() < 0.1 else 0.0

    def number(size: float) -> float:
        return 0.0 if rng.random() < zeros else in_format(rng.uniform(-size, size), dtype)

    def matrix(rows: int, columns: int, size: float) -> list[list[float]]:
        return [[number(size) for _ in range(columns)] for _ in range(rows)]

    dense = []
    for (below, above), name in zip(pairwise(widths), names):
        bias = None if rng.random() < 0.15 else matrix(1, above, scale)[0]
        dense.append(Dense(matrix(above, below, scale), bias, name))
    if kind.startswith("Binary"):
        shares = [0.0, 1.0, 0.25, in_format(rng.random(), dtype)]
        targets = [[rng.choice(shares) for _ in range(widths[-1])] for _ in range(batch)]
    elif kind.endswith("CrossEntropy"):
        targets = [_distribution(rng, widths[-1], dtype) for _ in range(batch)]
    else:
        targets = matrix(batch, widths[-1], rng.choice([1.0, scale]))
    extras = {"output_gradient": matrix(batch, widths[-1], 1.0)}
    return Case(dense, matrix(batch, widths[0], size), targets, loss, extras)


def _distribution(rng: Random, classes: int, dtype: str) -> list[float]:
    if rng.random() < 0.6:
        chosen = rng.randrange(classes)
        return [float(k == chosen) for k in range(classes)]
    weights = [rng.random() for _ in range(classes)]
    return [in_format(weight / sum(weights), dtype) for weight in weights]


def _exact_case(rng: Random, dtype: str) -> Case:
    """Quarters in small networks without a division: most of these are exact, also in float32."""
    widths = [rng.randint(1, 4) for _ in range(rng.randint(2, 3))]
    batch = rng.randint(1, 4)

    def matrix(rows: int, columns: int) -> list[list[float]]:
        return [[rng.choice(quarters(17)) for _ in range(columns)] for _ in range(rows)]

    dense = [
        Dense(matrix(above, below), matrix(1, above)[0], rng.choice(NAMES[:3]))
        for below, above in pairwise(widths)
    ]
    inputs, targets = matrix(batch, widths[0]), matrix(batch, widths[-1])
    extras = {"output_gradient": matrix(batch, widths[-1])}
    return Case(dense, inputs, targets, rng.choice(EXACT_LOSSES), extras)


def _record(dtype: str, nets: int, record_property: Callable[[str, object], None]) -> None:
    tally = law(dtype, nets)
    print(f"\n{dtype}: {tally.told()}")
    for name, share in tally.shares.items():
        record_property(f"{dtype} {name}", share)
    record_property(f"{dtype} redrawn", tally.count["redrawn"])
    assert tally.count["exact"] > nets / 50
    assert all(0 < share <= 1 for share in tally.shares.values())


@pytest.mark.parametrize("dtype", DTYPES)
def test_no_correct_computation_exceeds_its_bound(
    dtype: str, record_property: Callable[[str, object], None]
) -> None:
    """300 networks of each format: outputs, loss, all gradients and dx; exact ones are equal."""
    _record(dtype, 300, record_property)


def test_a_product_of_two_probabilities_may_underflow() -> None:
    """Through the full Jacobian p_1 p_2 is lost, though p_1 p_2 · (1 / p_2) is a usual number."""
    dense = [Dense([[0.0], [-400.0], [-700.0]], None, "softmax")]
    extras = {"output_gradient": [[1.0, 2.0, 3.0]]}
    case = Case(dense, [[1.0]], [[0.0, 0.0, 1.0]], CrossEntropy(), extras)
    trial = Trial(Random(0), "float64", 0.01)
    trial.chosen |= {"last layer and loss": "apart", "softmax back": "jacobian"}
    assert trial.run(case).gradients[0][0][1] == [0.0]
    _judge(trial, case, _expected(Oracle(case, ANYTHING)), Tally())


@pytest.mark.slow
@pytest.mark.parametrize("dtype", DTYPES)
def test_no_correct_computation_of_many_exceeds_its_bound(
    dtype: str, record_property: Callable[[str, object], None]
) -> None:
    """The same for 5,000 networks of each format."""
    _record(dtype, 5000, record_property)


Patch = Callable[[pytest.MonkeyPatch], None]


def _no_roundings(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Arithmetic, "gamma", lambda self, n: 0.0)


def _half_the_radius(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ball, "ENLARGED", 0.5)


def _tanh_slope_from_its_output(patch: pytest.MonkeyPatch) -> None:
    def wrong(units: Units, z: Ball, a: Ball) -> Ball:
        ar = units.arithmetic
        return ar.difference(ONE, ar.product(a, a))

    patch.setattr(ACTIVATIONS["tanh"], "slope", wrong)


def _nothing_underflows(patch: pytest.MonkeyPatch) -> None:
    init = Arithmetic.__init__

    def wrong(self: Arithmetic, dtype: str, ulps: float) -> None:
        init(self, dtype, ulps)
        self.tiny = 0.0

    patch.setattr(Arithmetic, "__init__", wrong)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "plant",
    [
        _no_roundings,
        _half_the_radius,
        _tanh_slope_from_its_output,
        _nothing_underflows,
    ],
)
def test_a_bound_that_is_too_small_is_exceeded(
    plant: Patch, dtype: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The law can fail: a term left out of the bound, and a correct computation breaks it."""
    plant(monkeypatch)
    with pytest.raises(Violation):
        law(dtype, 2000)


@pytest.mark.parametrize("dtype", DTYPES)
def test_functions_worse_than_declared_exceed_their_bound(dtype: str) -> None:
    """NumPy's functions, had they declared a hundredth of a unit."""
    with pytest.raises(Violation):
        law(dtype, 2000, ulps=0.01)
