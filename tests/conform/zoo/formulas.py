"""Other formulas of the same activations and losses."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from refnn import (
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    Huber,
    SoftmaxCrossEntropy,
    SquaredError,
)
from tests.conform.zoo.network import Array, Network

SMOOTH = ("sigmoid", "tanh", "softplus", "softmax")


def sigmoid(z: Array) -> Array:
    e = np.exp(-abs(z))
    return np.where(np.isnan(z), z, np.where(z >= 0, 1 / (1 + e), e / (1 + e)))


def softmax(z: Array) -> Array:
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def minus_log(weight: Array, p: Array) -> Array:
    """-weight ln p, where 0 · ln 0 is 0."""
    return np.where(weight == 0, 0 * p, -weight * np.log(np.where(weight == 0, 1, p)))


def over(weight: Array, p: Array) -> Array:
    """weight / p, where 0 / 0 is 0."""
    return np.where(weight == 0, 0 * p, weight / np.where(weight == 0, 1, p))


class Smooth(Network):
    """The stable forms."""

    activations = SMOOTH
    output_activations = SMOOTH
    losses = (SquaredError(), BinaryCrossEntropy(), CrossEntropy())

    def activate(self, name: str, z: Array) -> Array:
        match name:
            case "sigmoid":
                return sigmoid(z)
            case "tanh":
                return np.tanh(z)
            case "softplus":
                return np.maximum(z, 0) + np.log1p(np.exp(-abs(z)))
            case "softmax":
                return softmax(z)
        return super().activate(name, z)

    def derive(self, name: str, z: Array, a: Array, da: Array) -> Array:
        match name:
            case "sigmoid":
                return a * (1 - a) * da
            case "tanh":
                return (1 - a) * (1 + a) * da
            case "softplus":
                return sigmoid(z) * da
            case "softmax":
                return a * (da - (a * da).sum(axis=1, keepdims=True))
        return super().derive(name, z, a, da)

    def terms(self, y: Array, t: Array) -> Array:
        match self.loss:
            case BinaryCrossEntropy():
                return minus_log(t, y) + minus_log(1 - t, 1 - y)
            case CrossEntropy():
                return minus_log(t, y)
        return super().terms(y, t)

    def slopes(self, y: Array, t: Array) -> Array:
        match self.loss:
            case BinaryCrossEntropy():
                return over(1 - t, 1 - y) - over(t, y)
            case CrossEntropy():
                return -over(t, y)
        return super().slopes(y, t)


class Logarithms(Smooth):
    """exp(-ln(1 + e^-z)); 2 σ(2z) - 1; ln(e^0 + e^z); exp(z - ln Σ e^z); the whole Jacobian."""

    losses = (SquaredError(1, "sum", "mean"), CrossEntropy("sum"))

    def activate(self, name: str, z: Array) -> Array:
        match name:
            case "sigmoid":
                return np.exp(-np.logaddexp(0, -z))
            case "tanh":
                return 2 * sigmoid(2 * z) - 1
            case "softplus":
                return np.logaddexp(0, z)
            case "softmax":
                top = z.max(axis=1, keepdims=True)
                return np.exp(z - (top + np.log(np.exp(z - top).sum(axis=1, keepdims=True))))
        return super().activate(name, z)

    def derive(self, name: str, z: Array, a: Array, da: Array) -> Array:
        match name:
            case "sigmoid":
                e = np.exp(-abs(z))
                return da * (e / ((1 + e) * (1 + e)))
            case "softplus":
                return da * np.exp(z - np.logaddexp(0, z))
            case "softmax":
                jacobian = a[:, :, None] * np.eye(a.shape[1]) - a[:, :, None] * a[:, None, :]
                return np.einsum("bij,bj->bi", jacobian, da)
        return super().derive(name, z, a, da)


class Hyperbolic(Smooth):
    """(1 + tanh(z/2)) / 2; (1 - e) / (1 + e); 1 / cosh²; 1 - e^-a; a reciprocal for softmax."""

    losses = (SquaredError(0.5, "mean", "sum"), BinaryCrossEntropy("sum", "sum"))
    lax = frozenset(["ACT-PRECISION"])

    def activate(self, name: str, z: Array) -> Array:
        match name:
            case "sigmoid":
                return (1 + np.tanh(z / 2)) / 2
            case "tanh":
                e = np.exp(-2 * abs(z))
                return np.sign(z) * (1 - e) / (1 + e)
            case "softmax":
                e = np.exp(z - z.max(axis=1, keepdims=True) + 1)
                return e * (1 / e.sum(axis=1, keepdims=True))
        return super().activate(name, z)

    def derive(self, name: str, z: Array, a: Array, da: Array) -> Array:
        match name:
            case "tanh":
                return da / np.cosh(z) / np.cosh(z)
            case "softplus":
                return da * (1 - np.exp(-a))
        return super().derive(name, z, a, da)


class Scalar(Smooth):
    """Python's own math, number by number; a sum that is NaN where one of its terms is."""

    losses = (SquaredError(1, "sum", "sum"),)
    activations = output_activations = ("sigmoid", "tanh", "softplus")

    def activate(self, name: str, z: Array) -> Array:
        function = {"sigmoid": _sigmoid, "tanh": math.tanh, "softplus": _softplus}[name]
        return np.array([[function(value) for value in row] for row in z.tolist()])


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def _softplus(z: float) -> float:
    return z + math.log1p(math.exp(-z)) if z > 0 else math.log1p(math.exp(z))


class Fused(Smooth):
    """y - t for a last layer and its cross-entropy at once, as most classifiers do."""

    losses = (BinaryCrossEntropy(), CrossEntropy())
    pullback = None  # type: ignore[assignment]

    def last_slope(self, z: Array, y: Array, t: Array) -> Array:
        if isinstance(self.loss, BinaryCrossEntropy) and self.names[-1] == "softmax":
            return super().last_slope(z, y, t)
        return (y - t) / self.divisor(y)


class Labels(Smooth):
    """A classifier that reads labels: -ln p of the class, and p less 1 there. Of a p that is 0, as
    scores say it."""

    targets = "one-hot"
    activations = ("tanh",)
    output_activations = ("identity",)
    losses = (SoftmaxCrossEntropy(),)
    lax = frozenset(["LOSS-PRECISION"])

    def terms(self, y: Array, t: Array) -> Array:
        label = np.arange(len(t)), t.argmax(axis=1)
        p, top = softmax(y)[label], y.max(axis=1, keepdims=True)
        scores = (top + np.log(np.exp(y - top).sum(axis=1, keepdims=True)) - y)[label]
        return np.where(p == 0, scores, -np.log(p))

    def slopes(self, y: Array, t: Array) -> Array:
        p = softmax(y)
        p[np.arange(len(t)), t.argmax(axis=1)] -= 1
        return p


class Logits(Smooth):
    """Cross-entropies of scores; a log-sum-exp, and max(z, 0) - z t + ln(1 + e^-|z|)."""

    activations = ("softplus",)
    output_activations = ("identity", "tanh")
    losses = (SoftmaxCrossEntropy("sum"), BinaryCrossEntropyWithLogits("mean", "sum"))

    def terms(self, y: Array, t: Array) -> Array:
        if isinstance(self.loss, BinaryCrossEntropyWithLogits):
            return np.maximum(y, 0) - y * t + np.log1p(np.exp(-abs(y)))
        top = y.max(axis=1, keepdims=True)
        return t * (top + np.log(np.exp(y - top).sum(axis=1, keepdims=True)) - y)

    def slopes(self, y: Array, t: Array) -> Array:
        if isinstance(self.loss, BinaryCrossEntropyWithLogits):
            return sigmoid(y) - t
        return softmax(y) - t


class Kinked(Network):
    """relu as (z + |z|) / 2, leaky relu as a maximum, Huber's loss by cutting the residual."""

    activations = ("relu", "leaky_relu")
    output_activations = ("identity", "leaky_relu")
    losses = (Huber(), AbsoluteError("sum", "sum"))

    def activate(self, name: str, z: Array) -> Array:
        if name == "leaky_relu":
            return np.maximum(z, 0) + 0.01 * np.minimum(z, 0)
        return z / 2 + abs(z) / 2 if name == "relu" else z

    def derive(self, name: str, z: Array, a: Array, da: Array) -> Array:
        if name == "leaky_relu":
            return np.where(z > 0, da, 0.01 * da)
        return super().derive(name, z, a, da)

    def terms(self, y: Array, t: Array) -> Array:
        r = y - t
        if isinstance(self.loss, Huber):
            cut = np.clip(r, -1, 1)
            return cut * (r - cut / 2)
        return np.maximum(r, -r)

    def slopes(self, y: Array, t: Array) -> Array:
        return np.clip(y - t, -1, 1) if isinstance(self.loss, Huber) else np.sign(y - t)


class Norm(Network):
    """The squared error is the square of a norm."""

    losses = (SquaredError(0.5, "mean", "mean"),)

    def reduced(self, y: Array, t: Array) -> Any:
        loss: Any = self.loss
        return loss.factor * np.linalg.norm(y - t) ** 2 / self.divisor(y)


FORMULAS = (
    Smooth,
    Logarithms,
    Hyperbolic,
    Scalar,
    Fused,
    Labels,
    Logits,
    Kinked,
    Norm,
)
