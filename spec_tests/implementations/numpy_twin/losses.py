"""Losses: L = Σ_rows Σ_k ℓ(y, t) / n. n = 1, times B for a mean over batch, K for outputs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from spec_tests.implementations.numpy_twin.arrays import (
    ROWS,
    Array,
    array,
    sigmoid,
    silent,
    softplus,
    sums,
)


class Loss(ABC):
    """Base of all losses; `batch` and `outputs` are "mean" or "sum"."""

    batch: str = "mean"
    outputs: str = "mean"

    def __post_init__(self) -> None:
        for name in ("batch", "outputs"):
            if getattr(self, name) not in ("mean", "sum"):
                raise ValueError(f"{name} is {getattr(self, name)!r}, should be 'mean' or 'sum'")

    @abstractmethod
    def terms(self, y: Array, t: Array) -> tuple[Array, Array]:
        """ℓ of each output, and ∂/∂y of their sum."""

    @silent
    def both(self, y: npt.ArrayLike, t: npt.ArrayLike) -> tuple[Any, Array]:
        """(L, dy). y and t: B x K."""
        y = array("y", y, ROWS)
        losses, slopes = self.terms(y, array("t", t, y.shape, y.dtype))
        batch, outputs = y.shape
        n = (batch if self.batch == "mean" else 1) * (outputs if self.outputs == "mean" else 1)
        return np.sum(losses) / n, slopes / n

    def value(self, y: npt.ArrayLike, t: npt.ArrayLike) -> Any:
        """L."""
        return self.both(y, t)[0]

    def gradient(self, y: npt.ArrayLike, t: npt.ArrayLike) -> Array:
        """dy = ∂L/∂y."""
        return self.both(y, t)[1]


@dataclass(frozen=True)
class SquaredError(Loss):
    """ℓ = factor · r². ∂ℓ/∂y = 2 · factor · r, where r = y - t."""

    factor: float = 1
    batch: str = "mean"
    outputs: str = "mean"

    def terms(self, y: Array, t: Array) -> tuple[Array, Array]:
        r, factor = y - t, float(self.factor)
        return factor * r**2, 2 * factor * r


def MSE() -> SquaredError:
    """The mean squared error: factor 1, mean over batch, mean over outputs."""
    return SquaredError(1, "mean", "mean")


@dataclass(frozen=True)
class AbsoluteError(Loss):
    """ℓ = |r|. ∂ℓ/∂y = the sign of r, and 0 at r = 0."""

    batch: str = "mean"
    outputs: str = "mean"

    def terms(self, y: Array, t: Array) -> tuple[Array, Array]:
        return np.abs(y - t), np.sign(y - t)


@dataclass(frozen=True)
class Huber(Loss):
    """ℓ = r²/2 for |r| <= delta, else delta (|r| - delta/2). ∂ℓ/∂y = r, cut off at ±delta."""

    delta: float = 1
    batch: str = "mean"
    outputs: str = "mean"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.delta > 0:
            raise ValueError(f"delta is {self.delta}, should be greater than 0")

    def terms(self, y: Array, t: Array) -> tuple[Array, Array]:
        slopes = np.clip(y - t, -float(self.delta), float(self.delta))
        return slopes * (y - t - slopes / 2), slopes


@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """ℓ = -t ln y - (1 - t) ln(1 - y). ∂ℓ/∂y = (1 - t)/(1 - y) - t/y."""

    batch: str = "mean"
    outputs: str = "mean"

    def terms(self, y: Array, t: Array) -> tuple[Array, Array]:
        (yes, up), (no, down) = surprise(y, np.log(y), t), surprise(1 - y, np.log1p(-y), 1 - t)
        return yes + no, up - down


@dataclass(frozen=True)
class BinaryCrossEntropyWithLogits(Loss):
    """ℓ = t softplus(-z) + (1 - t) softplus(z). ∂ℓ/∂z = (1 - t) σ(z) - t σ(-z)."""

    batch: str = "mean"
    outputs: str = "mean"

    def terms(self, y: Array, t: Array) -> tuple[Array, Array]:
        losses = t * softplus(-y) + (1 - t) * softplus(y)
        return losses, (1 - t) * sigmoid(y) - t * sigmoid(-y)


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """ℓ = -Σ_k t_k ln y_k. ∂ℓ/∂y_k = -t_k / y_k."""

    batch: str = "mean"
    outputs = "sum"

    def terms(self, y: Array, t: Array) -> tuple[Array, Array]:
        return surprise(y, np.log(y), t)


@dataclass(frozen=True)
class SoftmaxCrossEntropy(Loss):
    """ℓ = -Σ_k t_k ln p_k, p = softmax(z). ∂ℓ/∂z_k = p_k Σ_(j≠k) t_j - t_k (1 - p_k)."""

    batch: str = "mean"
    outputs = "sum"

    def terms(self, y: Array, t: Array) -> tuple[Array, Array]:
        top = np.arange(y.shape[1]) == y.argmax(axis=1)[:, None]
        gaps = y - y.max(axis=1, keepdims=True)
        powers = np.exp(gaps)
        rest = sums(np.where(top, 0, powers))
        others = np.where(top, rest, 1 + rest - powers)
        losses, _ = surprise(powers, gaps - np.log1p(rest), t)
        return losses, powers / (1 + rest) * (sums(t) - t) - t * (others / (1 + rest))


def surprise(p: Array, log_p: Array, weight: Array) -> tuple[Array, Array]:
    """-weight · ln p and its derivative, with 0 · ln 0 = 0 / 0 = 0; NaN stays NaN."""
    if np.any(p < 0):
        raise ValueError(f"ln of {p.min()}: should be of a number from 0 on")
    pair = -weight * log_p, -weight / np.abs(p)
    return np.where(weight == 0, p * 0, pair[0]), np.where(weight == 0, p * 0, pair[1])
