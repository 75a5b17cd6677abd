"""A plain network in NumPy, right, in small methods: what else lives in the zoo changes one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from refnn import MSE, SquaredError
from refnn.losses import Loss
from spec_tests import Adapter

Array = Any


class Network(Adapter):
    """Rows in, rows out; sums as BLAS adds them."""

    activations: ClassVar[Sequence[str]] = ("identity", "relu", "tanh")
    losses: ClassVar[Sequence[Loss] | None] = (MSE(), SquaredError(0.5, "sum", "sum"))
    kind: ClassVar[Any] = np.float64
    lax: ClassVar[frozenset[str]] = frozenset()
    """What it does not do as it should: ids of clauses that are no MUST."""

    def array(self, numbers: Any) -> Array:
        return np.array(numbers, self.kind)

    def load(self, dense: Any) -> None:
        self.layers = [
            (self.array(w), self.array(np.zeros(len(w)) if b is None else b)) for w, b, _ in dense
        ]
        self.names = [name for *_, name in dense]

    def fitting(self, inputs: Any, targets: Any = None) -> tuple[Array, Array]:
        """Both as arrays; ValueError where one does not fit."""
        x = self.array(inputs)
        t = None if targets is None else self.array(targets)
        if x.ndim != 2 or not len(x) or x.shape[1] != self.layers[0][0].shape[1]:
            raise ValueError(f"inputs have the shape {x.shape}")
        if t is not None and t.shape != (len(x), len(self.layers[-1][0])):
            raise ValueError(f"targets have the shape {t.shape}")
        return x, t

    def affine(self, x: Array, w: Array, b: Array) -> Array:
        return self.product(x, w.T) + b

    def product(self, p: Array, q: Array) -> Array:
        """The matrix product, which is where the order of sums is."""
        return p @ q

    def total(self, d: Array) -> Array:
        """The sum over the batch."""
        return d.sum(axis=0)

    def activate(self, name: str, z: Array) -> Array:
        if name == "relu":
            return np.where(z < 0, 0 * z, z)
        return np.tanh(z) if name == "tanh" else z

    def derive(self, name: str, z: Array, a: Array, da: Array) -> Array:
        """dz, from da."""
        if name == "relu":
            return np.where(z > 0, da, self.relu_derivative_at_zero * da * (z == 0))
        return (1 - a * a) * da if name == "tanh" else da

    def forward(self, x: Array) -> tuple[list[Array], list[Array]]:
        z: list[Array] = []
        a = [x]
        for (w, b), name in zip(self.layers, self.names, strict=True):
            z.append(self.affine(a[-1], w, b))
            a.append(self.activate(name, z[-1]))
        return z, a

    def divisor(self, y: Array) -> int:
        assert self.loss is not None
        rows, outputs = y.shape
        return (rows if self.loss.batch == "mean" else 1) * (
            outputs if self.loss.outputs == "mean" else 1
        )

    def terms(self, y: Array, t: Array) -> Array:
        loss: Any = self.loss
        return loss.factor * (y - t) * (y - t)

    def slopes(self, y: Array, t: Array) -> Array:
        loss: Any = self.loss
        return 2 * loss.factor * (y - t)

    def last_slope(self, z: Array, y: Array, t: Array) -> Array:
        """dL/dz of the last layer."""
        return self.derive(self.names[-1], z, y, self.slopes(y, t) / self.divisor(y))

    def backward(self, z: list[Array], a: list[Array], dz: Array) -> tuple[list[Any], Array]:
        """[(δ, x) of each layer] and dL/dx, from dL/dz of the last layer."""
        found: list[Any] = []
        for i in range(len(self.layers) - 1, -1, -1):
            found.insert(0, (dz, a[i]))
            dx = self.product(dz, self.layers[i][0])
            if i:
                dz = self.derive(self.names[i - 1], z[i - 1], a[i], dx)
        return found, dx

    def learn(self, inputs: Any, targets: Any) -> tuple[list[Any], Array]:
        x, t = self.fitting(inputs, targets)
        z, a = self.forward(x)
        return self.backward(z, a, self.last_slope(z[-1], a[-1], t))

    def pair(self, d: Array, x: Array) -> tuple[Array, Array]:
        """(dW, db) of one layer."""
        return self.product(d.T, x), self.total(d)

    def predict(self, inputs: Any) -> Any:
        with np.errstate(all="ignore"):
            return self.forward(self.fitting(inputs)[0])[1][-1]

    def gradients(self, inputs: Any, targets: Any) -> Any:
        with np.errstate(all="ignore"):
            return [self.pair(d, x) for d, x in self.learn(inputs, targets)[0]]

    def input_gradient(self, inputs: Any, targets: Any) -> Any:
        with np.errstate(all="ignore"):
            return self.learn(inputs, targets)[1]

    def pullback(self, inputs: Any, output_gradient: Any) -> Any:
        x, dy = self.fitting(inputs, output_gradient)
        z, a = self.forward(x)
        found, dx = self.backward(z, a, self.derive(self.names[-1], z[-1], a[-1], dy))
        return [self.pair(d, x) for d, x in found], dx

    def loss_value(self, inputs: Any, targets: Any) -> Any:
        with np.errstate(all="ignore"):
            x, t = self.fitting(inputs, targets)
            return self.reduced(self.forward(x)[1][-1], t)

    def reduced(self, y: Array, t: Array) -> Any:
        return self.terms(y, t).sum() / self.divisor(y)

    def descend(self, w: Array, b: Array, d: Array, x: Array, rate: float) -> tuple[Array, Array]:
        """The parameters of one layer after a step."""
        dw, db = self.pair(d, x)
        return w - rate * dw, b - rate * db

    def step(self, inputs: Any, targets: Any, learning_rate: float) -> None:
        with np.errstate(all="ignore"):
            found, _ = self.learn(inputs, targets)
            self.layers = [
                self.descend(*layer, *pair, learning_rate)
                for layer, pair in zip(self.layers, found, strict=True)
            ]

    def parameters(self) -> Any:
        return list(self.layers)

    def train_epoch(self, inputs: Any, targets: Any, learning_rate: float, batch_size: int) -> Any:
        assert self.loss is not None
        whole: Any = 0
        for start in range(0, len(inputs), batch_size):
            x, t = inputs[start : start + batch_size], targets[start : start + batch_size]
            whole = whole + self.loss_value(x, t) * (len(x) if self.loss.batch == "mean" else 1)
            self.step(x, t, learning_rate)
        return whole / len(inputs)
