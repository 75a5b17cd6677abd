"""What the laws are tried on: whole cases, drawn as integers and mapped to numbers."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from typing import Any

from hypothesis import strategies as st

from refnn import (
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    FCLayer,
    Huber,
    Identity,
    LeakyReLU,
    Model,
    ReLU,
    Sigmoid,
    Softmax,
    SoftmaxCrossEntropy,
    Softplus,
    SquaredError,
    Tanh,
)
from tests.case import Case

HALF = Fraction(1, 2)
QUARTER = Fraction(1, 4)
REDUCTIONS = list(product(("mean", "sum"), repeat=2))

RATIONAL_ACTIVATIONS = [Identity(), ReLU(), LeakyReLU(QUARTER), LeakyReLU(Fraction(5, 4))]
SMOOTH_ACTIVATIONS = [Sigmoid(), Tanh(), Softplus(), Softmax()]
RATIONAL_LOSSES = [
    *(SquaredError(factor, *how) for factor in (1, HALF, 3) for how in REDUCTIONS),
    *(AbsoluteError(*how) for how in REDUCTIONS),
    *(Huber(delta, *how) for delta in (1, QUARTER) for how in REDUCTIONS),
]
# Each loss with the activations that give it outputs it is defined for.
RATIONAL_HEADS = [(loss, RATIONAL_ACTIVATIONS) for loss in RATIONAL_LOSSES]
SMOOTH_HEADS = [
    (SquaredError(), SMOOTH_ACTIVATIONS),
    (BinaryCrossEntropy(), [Sigmoid()]),
    (CrossEntropy(), [Softmax(), Sigmoid(), Softplus()]),
    (BinaryCrossEntropyWithLogits(), [Identity(), Tanh()]),
    (SoftmaxCrossEntropy(), [Identity(), Softplus()]),
]


def names(table: list[Any]) -> list[str]:
    """What the rows of a table of tests are called: by their first entry."""
    return [repr(first) for first, *_ in table]


def rows(batch: int, width: int, numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A batch of rows."""
    row = st.lists(numbers, min_size=width, max_size=width)
    return st.lists(row, min_size=batch, max_size=batch)


def quarters(low: int, high: int) -> st.SearchStrategy[Fraction]:
    """k/4 with low <= k <= high."""
    return st.integers(low, high).map(lambda k: Fraction(k, 4))


@st.composite
def dense_layers(
    draw: st.DrawFn, widths: list[int], hidden: list[Any], output: list[Any]
) -> list[Any]:
    """Fully connected layers with an activation each, with biases or without."""
    bias = draw(st.booleans())
    layers: list[Any] = []
    for depth, (inputs, outputs) in enumerate(pairwise(widths), start=2):
        weights = draw(rows(outputs, inputs, quarters(-9, 9)))
        biases = draw(rows(1, outputs, quarters(-9, 9)))[0] if bias else None
        last = depth == len(widths)
        layers += [FCLayer(weights, biases), draw(st.sampled_from(output if last else hidden))]
    return layers


@st.composite
def cases(
    draw: st.DrawFn,
    hidden: list[Any] = RATIONAL_ACTIVATIONS,
    heads: list[Any] = RATIONAL_HEADS,
    targets: tuple[int, int] = (-9, 9),
    depth: int = 4,
    samples: int = 3,
) -> Case:
    """A network of 1 to `depth` dense layers, its loss, and 1 to `samples` rows, on fractions."""
    widths = draw(st.lists(st.integers(1, 3), min_size=2, max_size=depth + 1))
    batch = draw(st.integers(1, samples))
    loss, output = draw(st.sampled_from(heads))
    layers = draw(dense_layers(widths, hidden, output))
    x = draw(rows(batch, widths[0], quarters(-9, 9)))
    t = draw(rows(batch, widths[-1], quarters(*targets)))
    return Case(Model(layers, loss), x, t)


def smooth_cases() -> st.SearchStrategy[Case]:
    """A network of 1 to 3 dense layers whose loss is smooth in every variable, on decimals."""
    on_fractions = cases(SMOOTH_ACTIVATIONS, SMOOTH_HEADS, targets=(0, 4), depth=3)
    return on_fractions.map(lambda case: case.map(decimal))


def training_cases() -> st.SearchStrategy[Case]:
    """A network small enough for its fractions to stay short over some steps, and 1 to 5 rows."""
    return cases(depth=2, samples=5)


def decimal(fraction: Fraction) -> Decimal:
    """A fraction that is a decimal, as one."""
    return Decimal(fraction.numerator) / fraction.denominator


@st.composite
def magnitudes(draw: st.DrawFn) -> float:
    """Floats of both signs and of every magnitude up to 1e308; half of them from 0.1 to 1000."""
    exponent = draw(st.integers(-1, 2) | st.integers(-330, 307))
    thousandths = draw(st.integers(-9999, 9999))
    return float(f"{thousandths}e{exponent - 3}")
