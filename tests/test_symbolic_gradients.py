"""The forward code, run on symbols, has a derivative: SymPy's must be what backward says."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
import sympy

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
from tests.case import leaves, parameters
from tests.strategies import HALF, QUARTER
from tests.symbolic import Symbol


def symbols(name: str, witnesses: Sequence[Sequence[str]]) -> list[list[Symbol]]:
    """A matrix of unknowns, each with the point that stands for its region."""
    return [
        [Symbol(f"{name}{i}{k}", Decimal(value)) for k, value in enumerate(row)]
        for i, row in enumerate(witnesses)
    ]


def assert_gradient(of: Symbol, by: Any, claimed: Any) -> None:
    """SymPy differentiates `of` by each unknown and finds what is claimed."""
    for unknown, gradient in zip(leaves(by), leaves(claimed), strict=True):
        derivative = sympy.diff(of.expression, unknown.expression)
        assert sympy.simplify(derivative - gradient.expression) == 0


def assert_backward(layer: Any, x: list[list[Symbol]]) -> None:
    """The layer's gradients are those of Σ dy · y, for any upstream dy."""
    y = layer.forward(x)
    dy = symbols("dy", [["1"] * len(row) for row in y])
    dx, dparameters = layer.backward(x, y, dy)
    scalar = sum(d * a for d, a in zip(leaves(dy), leaves(y), strict=True))
    assert_gradient(scalar, [x, layer.parameters], [dx, dparameters])


@pytest.mark.parametrize(
    "bias", [symbols("b", [["1", "2", "3"]])[0], None], ids=["bias", "no bias"]
)
def test_fully_connected_backward_is_the_derivative_of_forward(bias: Any) -> None:
    """dx, dW and db of a fully connected layer, for a batch and W not square."""
    layer = FCLayer(symbols("w", [["1", "2"], ["3", "4"], ["5", "6"]]), bias)
    assert_backward(layer, symbols("x", [["1", "2"], ["3", "4"]]))


@pytest.mark.parametrize(
    "activation",
    [Identity(), ReLU(), LeakyReLU(QUARTER), Sigmoid(), Tanh(), Softplus(), Softmax()],
    ids=repr,
)
def test_activation_backward_is_the_derivative_of_forward(activation: Any) -> None:
    """dz of each activation, on both sides of 0, with the upstream unknown."""
    assert_backward(activation, symbols("z", [["1", "-2", "3"], ["-3", "2", "-1"]]))


@pytest.mark.parametrize("batch", ["mean", "sum"])
@pytest.mark.parametrize("outputs", ["mean", "sum"])
@pytest.mark.parametrize("kind", [SquaredError, AbsoluteError, Huber])
def test_regression_gradient_is_the_derivative_of_value(
    kind: type, batch: str, outputs: str
) -> None:
    """∂L/∂y in every reduction, on both sides of each kink."""
    loss = kind(batch=batch, outputs=outputs)
    y, t = symbols("y", [["1.5", "-3", "0"], ["0.5", "2", "5"]]), symbols("t", [["1"] * 3] * 2)
    assert_gradient(loss.value(y, t), y, loss.gradient(y, t))


@pytest.mark.parametrize("loss", [SquaredError(HALF), Huber(QUARTER)], ids=repr)
def test_a_constant_of_the_loss_is_in_its_gradient(loss: Any) -> None:
    """The factor of the squared error and Huber's delta."""
    y, t = symbols("y", [["1.125", "-3", "5"]]), symbols("t", [["1"] * 3])
    assert_gradient(loss.value(y, t), y, loss.gradient(y, t))


@pytest.mark.parametrize(
    "loss",
    [
        BinaryCrossEntropy(),
        BinaryCrossEntropy("sum", "sum"),
        BinaryCrossEntropyWithLogits(),
        BinaryCrossEntropyWithLogits("sum", "sum"),
        CrossEntropy(),
        CrossEntropy("sum"),
        SoftmaxCrossEntropy(),
        SoftmaxCrossEntropy("sum"),
    ],
    ids=repr,
)
def test_classification_gradient_is_the_derivative_of_value(loss: Any) -> None:
    """∂L/∂y for targets of any size, so also for those of a row that do not sum to 1."""
    y = symbols("y", [["0.25", "0.5", "0.125"], ["0.5", "0.125", "0.25"]])
    t = symbols("t", [["0.75", "0.25", "0.5"], ["0.25", "0.5", "0.75"]])
    assert_gradient(loss.value(y, t), y, loss.gradient(y, t))


@pytest.mark.parametrize(
    ("hidden", "output", "loss"),
    [
        (ReLU(), Identity(), SquaredError()),
        (Sigmoid(), Identity(), SquaredError()),
        (Tanh(), LeakyReLU(QUARTER), Huber()),
        (ReLU(), Sigmoid(), BinaryCrossEntropy()),
        (Softplus(), ReLU(), AbsoluteError()),
        (LeakyReLU(QUARTER), Identity(), SoftmaxCrossEntropy()),
        (ReLU(), Softmax(), CrossEntropy()),
    ],
    ids=repr,
)
def test_network_gradient_is_the_derivative_of_its_loss(
    hidden: Any, output: Any, loss: Any
) -> None:
    """∂L/∂θ of two dense layers: the chain rule, by SymPy."""
    first = FCLayer(symbols("w", [["1", "-2"], ["-3", "1"]]), symbols("b", [["1", "-1"]])[0])
    second = FCLayer(symbols("v", [["1", "-1"], ["2", "1"]]), symbols("c", [["0.5", "-1"]])[0])
    model = Model([first, hidden, second, output], loss)
    x, t = [[Decimal(1), Decimal(3)]], [[Decimal("0.25"), Decimal("0.5")]]
    value, found = model.gradients(x, t)
    assert_gradient(value, parameters(model), found)
