"""gradcheck: catches what is wrong, accuses no one wrongly, and knows kinks."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refnn import (
    MSE,
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    FCLayer,
    He,
    Huber,
    Identity,
    Model,
    ReLU,
    ShapeError,
    Sigmoid,
    Softmax,
    SquaredError,
    Tanh,
    Zeros,
    gradcheck,
)
from refnn.batch import Rows
from refnn.gradient_check import GradcheckReport
from refnn.gradient_check.subdifferential import Interval
from refnn.layer import Layer, Parameters
from tests.case import Case
from tests.strategies import cases, quarters, smooth_cases

CORNERS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
XOR = [[0.0], [1.0], [1.0], [0.0]]


def network(*activations: Layer[Any], seed: int = 0, loss: Any = None, start: Any = None) -> Any:
    """2-4-...-1, biases 0, so that the corner (0, 0) puts every ReLU on its kink."""
    rng, layers, width = Random(seed), [], 2
    for k, activation in enumerate(activations, start=1):
        outputs = 1 if k == len(activations) else 4
        layers += [FCLayer.random(width, outputs, rng, start or He()), activation]
        width = outputs
    return Model(layers, loss or MSE())


class FloatTanh(Tanh):
    """A layer of one's own that can do nothing but floats."""

    factor = 1.0

    def forward(self, x: Rows[Any]) -> list[list[Any]]:
        return [[math.tanh(z) for z in row] for row in x]

    def input_gradient(self, x: Rows[Any], y: Rows[Any], dy: Rows[Any]) -> list[list[Any]]:
        return [
            [d * (1 - a * a) * self.factor for a, d in zip(*rows, strict=True)]
            for rows in zip(y, dy, strict=True)
        ]


class SlightlyWrongFloatTanh(FloatTanh):
    factor = 1.000001


class MaskDropped(ReLU):
    def input_gradient(self, x: Rows[Any], y: Rows[Any], dy: Rows[Any]) -> list[list[Any]]:
        return [list(row) for row in dy]


class SlightlyWrong(SquaredError):
    """2.001 in place of 2."""

    slope: Any = Fraction(2001, 1000)

    def row_gradient(self, y: Any, t: Any) -> list[Any]:
        return [self.slope * (a - b) for a, b in zip(y, t, strict=True)]


class SlightlyWrongInFloats(SlightlyWrong):
    slope = 2.001


class HalfSlopeAtZero(ReLU):
    """Another derivative at the kink, as right as 0."""

    slope = Fraction(1, 2)

    def input_gradient(self, x: Rows[Any], y: Rows[Any], dy: Rows[Any]) -> list[list[Any]]:
        return [
            [
                d if z > 0 else d * self.slope if z == 0 else 0 * d
                for z, d in zip(*rows, strict=True)
            ]
            for rows in zip(x, dy, strict=True)
        ]


class TooSteepAtZero(HalfSlopeAtZero):
    slope = Fraction(9, 8)


@given(cases(samples=2, depth=3))
@settings(max_examples=30)
def test_right_rational_gradients_pass_exactly(case: Case) -> None:
    """On quarters many of these nets sit on a kink of a unit or of the loss."""
    report = gradcheck(case.model, case.x, case.t)
    assert report.passed, str(report)
    assert report.method == "exact"


@given(smooth_cases())
@settings(max_examples=20)
def test_right_smooth_gradients_pass(case: Case) -> None:
    report = gradcheck(case.model, case.x, case.t)
    assert report.passed, str(report)
    assert report.method == "central differences"


@given(
    st.sampled_from([(ReLU, Sigmoid), (ReLU, ReLU, Tanh), (FloatTanh, Identity), (Tanh, ReLU)]),
    st.sampled_from([MSE(), Huber(0.25), AbsoluteError()]),
    st.integers(0, 10**6),
)
@settings(max_examples=40)
def test_floats_with_kinks_raise_no_false_alarm(activations: Any, loss: Any, seed: int) -> None:
    model = network(*(kind() for kind in activations), seed=seed, loss=loss)
    report = gradcheck(model, CORNERS, XOR)
    assert report.passed, str(report)


@pytest.mark.parametrize("start", [Zeros(), He()])
@pytest.mark.parametrize("loss", [MSE(), AbsoluteError(), BinaryCrossEntropyWithLogits()])
@pytest.mark.parametrize("layers", [(ReLU(), Identity()), (ReLU(), ReLU(), Identity())])
def test_at_a_kink_there_is_no_false_alarm_and_the_unit_is_named(
    layers: Any, loss: Any, start: Any
) -> None:
    report = gradcheck(network(*layers, loss=loss, start=start), CORNERS, XOR)
    assert report.passed, str(report)
    if isinstance(start, He):
        assert ("layers[1], sample 0", 0) in report.kinks
        assert "on a kink: layers[1], sample 0, unit 0, 1, 2" in str(report)


@pytest.mark.parametrize("seed", range(10))
def test_behind_a_layer_of_floats_a_kink_is_not_judged(seed: int) -> None:
    """There is no false alarm where the sides of several units cannot be told apart."""
    model = network(FloatTanh(), ReLU(), Identity(), seed=seed)
    report = gradcheck(model, [[0.0, 0.0]], [[1.0]])
    assert report.passed, str(report)
    assert "layers[0].bias[0]" in report.unjudged
    assert "not judged, a kink is near: layers[0].bias[0]" in str(report)
    assert str(report).startswith(f"{37 - len(report.unjudged)} of 37 parameters")


@given(st.lists(quarters(-9, 9), min_size=5, max_size=5))
def test_an_interval_holds_what_its_members_give(v: list[Fraction]) -> None:
    a, b = Interval.around(v[0], v[1]), Interval.around(v[2], v[3])
    for p in (v[0], v[1], (v[0] + v[1]) / 2):
        for q in (v[2], v[3], (v[2] + v[3]) / 2):
            assert p + q in a + b
            assert p - q in a - b
            assert p * q in a * b
        assert v[4] - p in v[4] - a
        assert v[4] + p in v[4] + a
        assert v[4] * p in v[4] * a
        assert -p in -a
        assert v[4] == 0 or p / v[4] in a / v[4]


def test_every_slope_of_the_subdifferential_passes_at_a_kink_and_no_other() -> None:
    for kind, passes in ((ReLU, True), (HalfSlopeAtZero, True), (TooSteepAtZero, False)):
        for output, method in ((Identity(), "exact"), (Tanh(), "central differences")):
            report = gradcheck(network(kind(), output), [[0.0, 0.0]], [[1.0]])
            assert (report.passed, report.method) == (passes, method), str(report)
    assert "expected something from " in str(report)


@pytest.mark.parametrize(
    ("model", "method"),
    [
        (network(MaskDropped(), Identity()), "exact"),
        (network(MaskDropped(), Sigmoid()), "central differences"),
        (network(ReLU(), Identity(), loss=SlightlyWrong()), "exact"),
        (network(ReLU(), Tanh(), loss=SlightlyWrong()), "central differences"),
        (network(ReLU(), Identity(), loss=SlightlyWrongInFloats()), "central differences"),
        (network(SlightlyWrongFloatTanh(), Identity()), "central differences"),
        (network(SlightlyWrongFloatTanh(), ReLU(), Identity()), "central differences"),
    ],
    ids=repr,
)
def test_what_is_wrong_is_caught(model: Model[Any], method: str) -> None:
    report = gradcheck(model, [[0.3, -0.8], [0.9, 0.4]], [[1.0], [0.5]])
    assert not report.passed
    assert report.method == method


def test_the_report_says_which_parameter_got_what_and_should_have() -> None:
    model = Model([FCLayer([[Fraction(1), Fraction(2)]], [Fraction(0)])], SlightlyWrong())
    report = gradcheck(model, [[Fraction(1), Fraction(0)]], [[Fraction(0)]])
    assert str(report).splitlines() == [
        "1 of 3 parameters have the right gradient (exact)",
        "wrong: layers[0].weights[0][0]: got 2001/1000, expected 2",
        "wrong: layers[0].bias[0]: got 2001/1000, expected 2",
    ]
    assert [mismatch.parameter for mismatch in report.mismatches] == [
        "layers[0].weights[0][0]",
        "layers[0].bias[0]",
    ]


def test_a_long_report_is_cut_short() -> None:
    report = gradcheck(
        network(MaskDropped(), ReLU(), Identity(), loss=SlightlyWrong()), CORNERS, XOR
    )
    assert len(report.mismatches) > 10
    assert f"... and {len(report.mismatches) - 10} more" in str(report)


def test_a_loss_that_is_not_a_number_never_passes() -> None:
    class Nothing(FloatTanh):
        def forward(self, x: Rows[Any]) -> list[list[Any]]:
            return [[math.nan for _ in row] for row in x]

    with pytest.raises(ValueError, match=r"^the loss is nan, should be a finite number$"):
        gradcheck(network(Nothing(), Identity()), CORNERS, XOR)


def test_a_loss_that_is_infinite_is_refused() -> None:
    model = Model([FCLayer([[1000.0], [0.0]], None), Softmax()], CrossEntropy())
    with pytest.raises(ValueError, match=r"^the loss is inf, should be a finite number$"):
        gradcheck(model, [[1.0]], [[0.0, 1.0]])


def test_a_gradient_that_is_lost_in_floats_is_not_saved_by_more_digits() -> None:
    report = gradcheck(Model([FCLayer([[1e-50]], None)]), [[1e200]], [[0.0]])
    assert not report
    assert report.mismatches[0].got == math.inf


def test_a_gradient_that_no_number_of_digits_can_hold_is_not_a_crash() -> None:
    model = Model([FCLayer([[36.0]], None), Sigmoid()], BinaryCrossEntropy())
    assert gradcheck(model, [[1.0]], [[0.0]])


def test_a_layer_that_fails_on_other_numbers_is_checked_on_floats() -> None:
    class Own(FCLayer[Any]):
        def forward(self, x: Rows[Any]) -> list[list[Any]]:
            return [[float.fromhex(a.hex()) for a in row] for row in super().forward(x)]

    report = gradcheck(Model([Own([[0.5]], [0.25])]), [[0.3]], [[1.0]])
    assert report
    assert report.method == "central differences"


def test_a_check_that_could_judge_nothing_has_not_passed() -> None:
    assert not GradcheckReport("central differences", 1, [], [], ["layers[0].bias[0]"])
    assert GradcheckReport("central differences", 2, [], [], ["layers[0].bias[0]"])


def test_decimals_of_ones_own_are_checked_as_they_are() -> None:
    model = Model([FCLayer([[Decimal("0.1")]], [Decimal("0.2")]), Tanh()])
    assert gradcheck(model, [[Decimal("0.3")]], [[Decimal(1)]]).passed


def test_a_network_without_parameters_has_nothing_to_check() -> None:
    assert str(gradcheck(Model([ReLU()]), [[1.0]], [[1.0]])).startswith("0 of 0 parameters")


class Mute(FCLayer[Any]):
    def parameter_gradient(self, x: Rows[Any], y: Rows[Any], dy: Rows[Any]) -> Any:
        return None


class Unshapely(FCLayer[Any]):
    def parameter_gradient(self, x: Rows[Any], y: Rows[Any], dy: Rows[Any]) -> Any:
        return Parameters([[dy[0][0]]], None)


BAD: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: gradcheck(network(ReLU()), [[0.0]], XOR), ShapeError, r"x\[0\] has 1 number"),
    (lambda: gradcheck(network(ReLU()), [[math.nan, 0.0]], [[1.0]]), ValueError, "x.0..0. is nan"),
    (
        lambda: gradcheck(Model([FCLayer([[Fraction(1)]], None)]), [[0.5]], [[0.5]]),
        TypeError,
        r"x\[0\]\[0\] is a float, layers\[0\].weights\[0\]\[0\] is a Fraction",
    ),
    (
        lambda: gradcheck(Model([Mute([[1.0]], None)]), [[0.5]], [[0.5]]),
        ShapeError,
        r"layers\[0\] has parameters, but gave no gradient",
    ),
    (
        lambda: gradcheck(Model([Unshapely([[1.0, 2.0]], None)]), [[0.5, 1.0]], [[0.5]]),
        ShapeError,
        r"layers\[0\] is 1 x 2, its gradient is 1 x 1: should be the same",
    ),
]


@pytest.mark.parametrize(("call", "kind", "message"), BAD)
def test_bad_input_is_named(call: Callable[[], Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        call()
