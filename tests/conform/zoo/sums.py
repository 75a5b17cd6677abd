"""The same formulas, where sums are taken in other orders, or in other numbers."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np

from tests.conform.zoo.network import Array, Network


class Blas(Network):
    """As NumPy does it."""


class SampleAfterSample(Network):
    """Each sample's share of the gradient is subtracted from w by itself, in Python loops."""

    def descend(self, w: Array, b: Array, d: Array, x: Array, rate: float) -> tuple[Array, Array]:
        weights, bias = w.tolist(), b.tolist()
        for delta, row in zip(d.tolist(), x.tolist(), strict=True):
            for j, dj in enumerate(delta):
                for i, xi in enumerate(row):
                    weights[j][i] -= rate * dj * xi
                bias[j] -= rate * dj
        return np.array(weights), np.array(bias)


class RunningMean(Network):
    """m += (g_k - m) / k over the samples' own gradients."""

    lax = frozenset(["GRAD-EXACT"])

    def pair(self, d: Array, x: Array) -> tuple[Array, Array]:
        mean = [np.zeros((d.shape[1], x.shape[1])), np.zeros(d.shape[1])]
        for k, (delta, row) in enumerate(zip(d * len(d), x, strict=True), 1):
            mean[0] = mean[0] + (np.outer(delta, row) - mean[0]) / k
            mean[1] = mean[1] + (delta - mean[1]) / k
        return mean[0], mean[1]


class Pairwise(Network):
    """Halves are added, then added to each other; answers are tuples."""

    def product(self, p: Array, q: Array) -> Array:
        return _halved(p[:, :, None] * q[None, :, :], 1)

    def total(self, d: Array) -> Array:
        return _halved(d, 0)

    def predict(self, inputs: Any) -> Any:
        return tuple(map(tuple, super().predict(inputs).tolist()))


def _halved(terms: Array, axis: int) -> Array:
    size = terms.shape[axis]
    if size == 1:
        return terms.take(0, axis)
    first, second = np.split(terms, [size // 2], axis)
    return _halved(first, axis) + _halved(second, axis)


class Fsum(Network):
    """Every sum is correctly rounded; answers are of a subclass of float."""

    def product(self, p: Array, q: Array) -> Array:
        rows = [[math.fsum(map(_times, row, column)) for column in q.T] for row in p]
        return np.array(rows).reshape(len(p), q.shape[1])

    def predict(self, inputs: Any) -> Any:
        rows = super().predict(inputs).tolist()
        return [[Shown(value) for value in row] for row in rows]


class Shown(float):
    pass


def _times(a: float, b: float) -> float:
    return a * b if math.isfinite(a * b) else math.nan


class MultiplyAdd(Network):
    """s = a b + s is rounded once, as a fused multiply-add does."""

    def product(self, p: Array, q: Array) -> Array:
        return np.array([[_fused(row, column) for column in q.T] for row in p.tolist()])


def _fused(row: list[float], column: Any) -> float:
    total = 0.0
    for a, b in zip(row, column.tolist(), strict=True):
        numbers = (a, b, total)
        if all(map(math.isfinite, numbers)) and abs(a) < 1e150 and abs(b) < 1e150:
            total = float(Fraction(a) * Fraction(b) + Fraction(total))
        else:
            total = a * b + total
    return total


class Reversed(Network):
    """The last term first."""

    def product(self, p: Array, q: Array) -> Array:
        result = np.zeros((len(p), q.shape[1]))
        for k in range(len(q) - 1, -1, -1):
            result = result + np.outer(p[:, k], q[k])
        return result

    def total(self, d: Array) -> Array:
        return np.cumsum(d[::-1], axis=0)[-1]


class Einsum(Network):
    """One einsum for each product, the bias first."""

    def product(self, p: Array, q: Array) -> Array:
        return np.einsum("ij,jk->ik", p, q)

    def affine(self, x: Array, w: Array, b: Array) -> Array:
        z = np.repeat(b[None, :], len(x), axis=0)
        for i in range(x.shape[1]):
            z = z + np.outer(x[:, i], w[:, i])
        return z


class LongDouble(Network):
    """Everything in NumPy's long double, which is what it answers."""

    kind = np.longdouble


class HeldInDouble(Network):
    """float32 is declared; it keeps float64, and shows float32."""

    dtype = "float32"

    def rounded(self, answer: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.float32(answer)

    def predict(self, inputs: Any) -> Any:
        return self.rounded(super().predict(inputs))

    def gradients(self, inputs: Any, targets: Any) -> Any:
        return [tuple(map(self.rounded, pair)) for pair in super().gradients(inputs, targets)]

    def parameters(self) -> Any:
        return [tuple(map(self.rounded, pair)) for pair in super().parameters()]

    def loss_value(self, inputs: Any, targets: Any) -> Any:
        return self.rounded(super().loss_value(inputs, targets))


class Single32(Network):
    """All in float32."""

    dtype = "float32"
    kind = np.float32

    def descend(self, w: Array, b: Array, d: Array, x: Array, rate: float) -> tuple[Array, Array]:
        return super().descend(w, b, d, x, np.float32(rate))


class Exact(Network):
    """Fractions all the way; answers are fractions too."""

    activations = ("identity", "relu")
    kind = object

    def array(self, numbers: Any) -> Array:
        found = np.array(numbers, float)
        if not np.isfinite(found).all():
            return found
        return np.array([Fraction(v) for v in found.flat], object).reshape(found.shape)

    def activate(self, name: str, z: Array) -> Array:
        return np.where(z < 0, 0 * z, z) if name == "relu" else z

    def terms(self, y: Array, t: Array) -> Array:
        return Fraction(self.loss.factor) * (y - t) * (y - t)  # type: ignore[union-attr]

    def slopes(self, y: Array, t: Array) -> Array:
        return 2 * Fraction(self.loss.factor) * (y - t)  # type: ignore[union-attr]

    def descend(self, w: Array, b: Array, d: Array, x: Array, rate: float) -> tuple[Array, Array]:
        moved = super().descend(w, b, d, x, Fraction(rate))  # type: ignore[arg-type]
        return self.array(moved[0]), self.array(moved[1])


class ComplexStep(Network):
    """Each parameter is moved by i h; the imaginary part of the loss is its gradient times h."""

    activations = ("identity", "tanh")
    lax = frozenset(["GRAD-EXACT"])
    input_gradient = None  # type: ignore[assignment]
    pullback = None  # type: ignore[assignment]
    step = None  # type: ignore[assignment]
    train_epoch = None  # type: ignore[assignment]
    parameters = None  # type: ignore[assignment]
    H = 1e-200

    def gradients(self, inputs: Any, targets: Any) -> Any:
        x, t = self.fitting(inputs, targets)
        plain, found = self.layers, []
        try:
            for i, pair in enumerate(plain):
                slopes = []
                for part, numbers in enumerate(pair):
                    slope = np.zeros(numbers.shape)
                    for place in np.ndindex(numbers.shape):
                        moved = numbers.astype(complex)
                        moved[place] += 1j * self.H
                        own = [*pair]
                        own[part] = moved
                        self.layers = [*plain[:i], tuple(own), *plain[i + 1 :]]
                        slope[place] = self.reduced(self.forward(x)[1][-1], t).imag / self.H
                    slopes.append(slope)
                found.append(tuple(slopes))
        finally:
            self.layers = plain
        return found


class AnyOrder(Network):
    """Terms come out of a set, in another order at every call."""

    lax = frozenset(["PURE-BITS"])
    rng = Random(0)

    def product(self, p: Array, q: Array) -> Array:
        order = list(range(len(q)))
        self.rng.shuffle(order)
        return sum((np.outer(p[:, k], q[k]) for k in order), np.zeros((len(p), q.shape[1])))


class DividedAtTheEnd(Network):
    """The divisor of the means is applied to the gradients, last of all."""

    def learn(self, inputs: Any, targets: Any) -> tuple[list[Any], Array]:
        x, t = self.fitting(inputs, targets)
        z, a = self.forward(x)
        self.share = self.divisor(a[-1])
        dz = self.derive(self.names[-1], z[-1], a[-1], self.slopes(a[-1], t))
        return self.backward(z, a, dz)

    def gradients(self, inputs: Any, targets: Any) -> Any:
        return [(w / self.share, b / self.share) for w, b in super().gradients(inputs, targets)]

    def input_gradient(self, inputs: Any, targets: Any) -> Any:
        return super().input_gradient(inputs, targets) / self.share

    def descend(self, w: Array, b: Array, d: Array, x: Array, rate: float) -> tuple[Array, Array]:
        dw, db = self.pair(d, x)
        return w - rate * (dw / self.share), b - rate * (db / self.share)


class OnesColumn(Network):
    """The bias is one more column of the weights; its gradient has the shape (1, n)."""

    def affine(self, x: Array, w: Array, b: Array) -> Array:
        return self.product(np.hstack([np.ones((len(x), 1)), x]), np.hstack([b[:, None], w]).T)

    def total(self, d: Array) -> Array:
        return np.ones((1, len(d))) @ d

    def descend(self, w: Array, b: Array, d: Array, x: Array, rate: float) -> tuple[Array, Array]:
        dw, db = self.pair(d, x)
        return w - rate * dw, b - rate * db[0]


SUMS = (
    Blas,
    SampleAfterSample,
    RunningMean,
    Pairwise,
    Fsum,
    MultiplyAdd,
    Reversed,
    Einsum,
    LongDouble,
    HeldInDouble,
    Single32,
    Exact,
    ComplexStep,
    AnyOrder,
    DividedAtTheEnd,
    OnesColumn,
)
