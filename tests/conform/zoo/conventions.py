"""Other conventions, declared."""

from __future__ import annotations

from typing import Any

import numpy as np

from refnn import BinaryCrossEntropy, SquaredError
from tests.conform.zoo.formulas import Smooth
from tests.conform.zoo.network import Array, Network
from tests.conform.zoo.sums import Reversed


class Columns(Network):
    """Samples are columns inside; weights are shown in x out, and the bias's gradient as (n, 1)."""

    weights = "in_out"

    def load(self, dense: Any) -> None:
        super().load([(np.transpose(w), b, name) for w, b, name in dense])

    def affine(self, x: Array, w: Array, b: Array) -> Array:
        return (w @ x.T + b[:, None]).T

    def gradients(self, inputs: Any, targets: Any) -> Any:
        return [(w.T, b[:, None]) for w, b in super().gradients(inputs, targets)]

    def pullback(self, inputs: Any, output_gradient: Any) -> Any:
        pairs, dx = super().pullback(inputs, output_gradient)
        return [(w.T, b) for w, b in pairs], dx

    def parameters(self) -> Any:
        return [(w.T, b) for w, b in super().parameters()]


class NoBias(Network):
    bias = False

    def gradients(self, inputs: Any, targets: Any) -> Any:
        return [(w, None) for w, _ in super().gradients(inputs, targets)]

    def pullback(self, inputs: Any, output_gradient: Any) -> Any:
        pairs, dx = super().pullback(inputs, output_gradient)
        return [(w, None) for w, _ in pairs], dx

    def descend(self, w: Array, b: Array, d: Array, x: Array, rate: float) -> tuple[Array, Array]:
        return w - rate * self.product(d.T, x), b

    def parameters(self) -> Any:
        return [(w, None) for w, _ in self.layers]


class DeepWithoutBias(NoBias):
    """Two hidden layers of relu: where the first gives 0, the second is on its kink."""

    activations = ("relu",)
    output_activations = ("identity",)
    hidden_layers = (2, 2)


class OnlineSteps(Network):
    """A step is one update a row."""

    batch = "online"

    def step(self, inputs: Any, targets: Any, learning_rate: float) -> None:
        for x, t in zip(inputs, targets, strict=True):
            super().step([x], [t], learning_rate)


class OneRow(Reversed):
    """One row a call."""

    batch = "single"

    def fitting(self, inputs: Any, targets: Any = None) -> tuple[Array, Array]:
        if len(inputs) != 1:
            raise ValueError(f"{len(inputs)} rows, should be 1")
        return super().fitting(inputs, targets)


class Dropping(Network):
    """The last short batch is dropped."""

    last_batch = "dropped"

    def train_epoch(self, inputs: Any, targets: Any, learning_rate: float, batch_size: int) -> Any:
        whole = len(inputs) // batch_size * batch_size
        if whole:
            kept = inputs[:whole], targets[:whole]
            return super().train_epoch(*kept, learning_rate, batch_size)
        return None


class HalfAtZero(Network):
    """relu'(0) is a half, and everything a sum."""

    relu_derivative_at_zero = 0.5
    losses = (SquaredError(1, "sum", "sum"),)


class OneAtZero(Network):
    """relu'(0) is 1, in the output layer too."""

    relu_derivative_at_zero = 1
    losses = (SquaredError(1, "mean", "sum"),)


class FourToOne(Smooth):
    """One topology: 2 inputs, 2 hidden units, 1 output, all sigmoids."""

    activations = output_activations = ("sigmoid",)
    inputs, hidden_layers, hidden_width, outputs = (2, 2), (1, 1), (2, 2), (1, 1)
    losses = (BinaryCrossEntropy(),)


class Deep(Network):
    """Eight hidden layers, and nothing else."""

    activations = ("relu",)
    output_activations = ("identity",)
    hidden_layers = (8, 8)
    hidden_width = (4, 4)


class Accepting(Network):
    """It checks no shapes: NumPy broadcasts, or raises."""

    losses = (SquaredError(2, "mean", "mean"),)
    lax = frozenset(["SHAPE-TARGET-WIDTH", "SHAPE-TARGET-ROWS"])

    def fitting(self, inputs: Any, targets: Any = None) -> tuple[Array, Array]:
        return self.array(inputs), None if targets is None else self.array(targets)


CONVENTIONS = (
    Columns,
    NoBias,
    DeepWithoutBias,
    OnlineSteps,
    OneRow,
    Dropping,
    HalfAtZero,
    OneAtZero,
    FourToOne,
    Deep,
    Accepting,
)
