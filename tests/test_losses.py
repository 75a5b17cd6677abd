"""What the losses compute: each formula and reduction restated."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refnn import (
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    Huber,
    SoftmaxCrossEntropy,
    SquaredError,
)
from tests.digits import hundred_digits, same_to_50_digits
from tests.strategies import RATIONAL_LOSSES, REDUCTIONS, decimal, names, quarters, rows

Row = list[Any]
PROBABILITIES = st.integers(1, 15).map(lambda k: Decimal(k) / 16)
LOGITS = quarters(-99, 99).map(decimal)


def regression(loss: Any, y: Row, t: Row) -> Fraction:
    """Σ_k ℓ of one row."""
    sizes = [abs(a - b) for a, b in zip(y, t)]
    match loss:
        case SquaredError():
            return sum(loss.factor * r**2 for r in sizes)
        case AbsoluteError():
            return sum(sizes)
        case Huber(delta=d):
            return sum(r**2 / 2 if r <= d else d * (r - Fraction(d) / 2) for r in sizes)
    raise NotImplementedError(loss)


def surprise(p: Row, t: Row) -> Decimal:
    """-Σ_k t_k ln p_k."""
    return -sum((b * a.ln() for a, b in zip(p, t)), Decimal(0))


def binary_surprise(p: Row, t: Row) -> Decimal:
    """The surprise over questions that are to be answered yes or no."""
    return surprise([*p, *(1 - a for a in p)], [*t, *(1 - b for b in t)])


def sigmoid(z: Row) -> Row:
    return [1 / (1 + (-a).exp()) for a in z]


def softmax(z: Row) -> Row:
    return [a.exp() / sum(b.exp() for b in z) for a in z]


CLASSIFICATION = [
    *((BinaryCrossEntropy(*how), PROBABILITIES, list, binary_surprise) for how in REDUCTIONS),
    *((BinaryCrossEntropyWithLogits(*how), LOGITS, sigmoid, binary_surprise) for how in REDUCTIONS),
    *((CrossEntropy(batch), PROBABILITIES, list, surprise) for batch in ("mean", "sum")),
    *((SoftmaxCrossEntropy(batch), LOGITS, softmax, surprise) for batch in ("mean", "sum")),
]


def divisor(loss: Any, y: list[Row]) -> int:
    """n, which counts what is declared a mean."""
    return (len(y) if loss.batch == "mean" else 1) * (len(y[0]) if loss.outputs == "mean" else 1)


def outputs_and_targets(outputs: Any, targets: Any) -> st.SearchStrategy[Any]:
    """y and t of one shape, B x K."""
    shapes = st.tuples(st.integers(1, 3), st.integers(1, 3))
    return shapes.flatmap(lambda shape: st.tuples(rows(*shape, outputs), rows(*shape, targets)))


@pytest.mark.parametrize("loss", RATIONAL_LOSSES, ids=repr)
@given(pair=outputs_and_targets(quarters(-9, 9), quarters(-9, 9)))
def test_a_regression_loss_is_its_formula(loss: Any, pair: Any) -> None:
    """L = Σ ℓ / n exactly."""
    y, t = pair
    assert loss.value(y, t) == sum(regression(loss, *row) for row in zip(y, t)) / divisor(loss, y)


@pytest.mark.parametrize(
    ("loss", "outputs", "probabilities", "formula"), CLASSIFICATION, ids=names(CLASSIFICATION)
)
@given(data=st.data())
def test_a_classification_loss_is_its_formula(
    loss: Any,
    outputs: Any,
    probabilities: Callable[[Row], Row],
    formula: Callable[[Row, Row], Decimal],
    data: st.DataObject,
) -> None:
    """L = the surprise at the targets, summed or as a mean, to 50 digits."""
    y, t = data.draw(outputs_and_targets(outputs, quarters(0, 4).map(decimal)))
    with hundred_digits():
        whole = sum(formula(probabilities(a), b) for a, b in zip(y, t))
        expected = whole / divisor(loss, y)
        assert same_to_50_digits([loss.value(y, t)], [expected])


@pytest.mark.parametrize("number", [float, Decimal])
@pytest.mark.parametrize(
    ("loss", "y", "t", "value", "gradient"),
    [
        (BinaryCrossEntropy(), 0, 0, 0, 1),
        (BinaryCrossEntropy(), 0, 1, math.inf, -math.inf),
        (BinaryCrossEntropy(), 1, 0, math.inf, math.inf),
        (BinaryCrossEntropy(), 1, 1, 0, -1),
        (CrossEntropy(), 0, 0, 0, 0),
        (CrossEntropy(), 0, 1, math.inf, -math.inf),
        (CrossEntropy(), 1, 0, 0, 0),
        (CrossEntropy(), 1, 1, 0, -1),
    ],
)
def test_a_certain_probability_has_a_loss_of_0_or_infinity(
    number: Any, loss: Any, y: int, t: int, value: float, gradient: float
) -> None:
    """At p = 0 and p = 1 loss and gradient are 0, 1 or infinite as the limit is, never NaN."""
    y_rows, t_rows = [[number(y)]], [[number(t)]]
    assert loss.value(y_rows, t_rows) == number(value)
    assert loss.gradient(y_rows, t_rows) == [[number(gradient)]]
