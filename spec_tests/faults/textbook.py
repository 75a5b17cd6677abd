"""Back-propagation as textbooks write it, in small methods over refnn's layers, and right.

Each fault is a subclass that gets one of them wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import refnn
from refnn import FCLayer, LeakyReLU, Parameters
from refnn.optimizers import Optimizer, State
from spec_tests.adapter import Adapter
from spec_tests.implementations.ref import Ref, named

Rows = list[list[float]]
Pair = tuple[Rows, list[float] | None]


class Textbook(Adapter):
    """z = W x + b, a = f(z); dz = f'(z) da, dW = dz xᵀ, db = Σ dz, dx = Wᵀ dz."""

    name = "textbook"
    activations = Ref.activations
    losses = Ref.losses
    optimizers = Ref.optimizers

    def load(self, dense: list[Any]) -> None:
        self.layers = [FCLayer(weights, bias) for weights, bias, _ in dense]
        self.names = [name for _, _, name in dense]

    def activation(self, i: int) -> Any:
        if self.names[i] == "leaky_relu":
            return LeakyReLU(self.leaky_relu_alpha)
        return named(refnn, self.names[i])()

    def forward(self, x: Rows) -> tuple[list[Rows], list[Rows]]:
        """(z of each layer, a of each layer, where a[0] is x)."""
        z: list[Rows] = []
        a = [x]
        for i in range(len(self.layers)):
            z.append(self.affine(i, a[-1]))
            a.append(self.activate(i, z[-1]))
        return z, a

    def affine(self, i: int, x: Rows) -> Rows:
        return self.layers[i].forward(x)

    def activate(self, i: int, z: Rows) -> Rows:
        rows: Rows = self.activation(i).forward(z)
        return rows

    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        """dz = f'(z) da."""
        rows: Rows = self.activation(i).input_gradient(z, a, da)
        return rows

    def layer_gradient(self, i: int, x: Rows, dz: Rows) -> Pair:
        gradient = self.layers[i].parameter_gradient(x, x, dz)
        return gradient.weights, gradient.bias

    def propagate(self, i: int, dz: Rows) -> Rows:
        """da of the layer below."""
        return self.layers[i].input_gradient(dz, dz, dz)

    def backward(self, z: list[Rows], a: list[Rows], da: Rows) -> tuple[list[Pair], Rows]:
        found: list[Pair] = []
        for i in range(len(self.layers) - 1, -1, -1):
            dz = self.derive(i, z[i], a[i + 1], da)
            found.insert(0, self.layer_gradient(i, a[i], dz))
            da = self.propagate(i, dz)
        return found, da

    def loss_gradient(self, y: Rows, t: Rows) -> Rows:
        assert self.loss is not None
        return self.loss.gradient(y, t)

    def predict(self, inputs: Rows) -> Any:
        return self.forward(inputs)[1][-1]

    def learn(self, inputs: Rows, targets: Rows) -> tuple[list[Pair], Rows]:
        z, a = self.forward(inputs)
        return self.backward(z, a, self.loss_gradient(a[-1], targets))

    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        return self.learn(inputs, targets)[0]

    def input_gradient(self, inputs: Rows, targets: Rows) -> Any:
        return self.learn(inputs, targets)[1]

    def pullback(self, inputs: Rows, output_gradient: Rows) -> Any:
        return self.backward(*self.forward(inputs), output_gradient)

    def loss_value(self, inputs: Rows, targets: Rows) -> float:
        return self.batch_loss(inputs, targets)

    def batch_loss(self, inputs: Rows, targets: Rows) -> float:
        assert self.loss is not None
        return self.loss.value(self.forward(inputs)[1][-1], targets)

    def parameters(self) -> Any:
        return [layer.parameters for layer in self.layers]

    def step(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        self.update(inputs, targets, learning_rate)

    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        gradients = self.learn(inputs, targets)[0]
        self.layers = [
            self.moved(layer, gradient, learning_rate)
            for layer, gradient in zip(self.layers, gradients, strict=True)
        ]

    def moved(self, layer: FCLayer[float], gradient: Pair, rate: float) -> FCLayer[float]:
        weights, bias = layer.parameters
        dw, db = gradient
        moved = [moved_row(row, slopes, rate) for row, slopes in zip(weights, dw, strict=True)]
        return FCLayer(moved, None if bias is None or db is None else moved_row(bias, db, rate))

    def batches(self, samples: int, batch_size: int) -> list[range]:
        starts = range(0, samples, batch_size)
        found = [range(start, min(start + batch_size, samples)) for start in starts]
        if self.last_batch == "dropped":
            return [batch for batch in found if len(batch) == batch_size]
        return found

    def train_epoch(
        self, inputs: Rows, targets: Rows, learning_rate: float, batch_size: int
    ) -> float | None:
        losses = []
        for batch in self.batches(len(inputs), batch_size):
            x, t = [inputs[b] for b in batch], [targets[b] for b in batch]
            losses.append((self.batch_loss(x, t), len(batch)))
            self.update(x, t, learning_rate)
        return self.epoch_loss(losses)

    def epoch_loss(self, losses: list[tuple[float, int]]) -> float | None:
        """The mean over all samples, from (loss, size) of each batch."""
        assert self.loss is not None
        samples = sum(size for _, size in losses)
        whole = sum(self.loss.over_samples(value, size) for value, size in losses)
        return whole / samples if samples else None

    def optimize(
        self, name: str, options: dict[str, Any], parameters: Any, gradients: Sequence[Any]
    ) -> Any:
        optimizer = self.make_optimizer(name, options)
        current: list[Any] = [Parameters(*pair) for pair in parameters]
        states: list[Any] = [None] * len(current)
        after = []
        for step in gradients:
            for i, gradient in enumerate(step):
                current[i], states[i] = self.optimizer_step(
                    optimizer, current[i], Parameters(*gradient), states, i
                )
            after.append(list(current))
        return after

    def make_optimizer(self, name: str, options: dict[str, Any]) -> Optimizer:
        found: Optimizer = named(refnn, name)(**options)
        return found

    def optimizer_step(
        self,
        optimizer: Optimizer,
        parameters: Any,
        gradient: Any,
        states: list[State[float] | None],
        i: int,
    ) -> tuple[Any, Any]:
        return optimizer.update(parameters, gradient, states[i])


def moved_row(row: Sequence[float], slopes: Sequence[float], rate: float) -> list[float]:
    return [w - rate * g for w, g in zip(row, slopes, strict=True)]
