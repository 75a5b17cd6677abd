"""Losses for targets that are quantities; r = y - t is the residual of one output.

All take the mean over batch and outputs unless they say otherwise. Derived in docs/pages/learn:
equations (4.1) to (4.7).
"""

from __future__ import annotations

from dataclasses import dataclass

from refnn.batch import Row, number_type
from refnn.losses.loss import Loss
from refnn.scalar import Constant, N, constant, dot, total, typical


@dataclass(frozen=True)
class SquaredError(Loss):
    """ℓ = factor · r². ∂ℓ/∂y = 2 · factor · r.

    The reductions are stated: `SquaredError(Fraction(1, 2), "sum", "sum")` is E = ½ Σ (y - t)².
    """

    factor: Constant = 1
    batch: str = "mean"
    outputs: str = "mean"

    def __post_init__(self) -> None:
        super().__post_init__()
        number_type(self.factor, "factor")

    def row_value(self, y: Row[N], t: Row[N]) -> N:
        residuals = [a - b for a, b in zip(y, t, strict=True)]
        return constant(self.factor, typical(residuals)) * dot(residuals, residuals)

    def row_gradient(self, y: Row[N], t: Row[N]) -> list[N]:
        residuals = [a - b for a, b in zip(y, t, strict=True)]
        slope = 2 * constant(self.factor, typical(residuals))
        return [slope * r for r in residuals]


def MSE() -> SquaredError:
    """The mean squared error: factor 1, mean over batch, mean over outputs."""
    return SquaredError(1, "mean", "mean")


@dataclass(frozen=True)
class AbsoluteError(Loss):
    """ℓ = |r|. ∂ℓ/∂y = the sign of r, and 0 at r = 0."""

    batch: str = "mean"
    outputs: str = "mean"

    def row_value(self, y: Row[N], t: Row[N]) -> N:
        residuals = [a - b for a, b in zip(y, t, strict=True)]
        sizes = [-r if r < 0 else r for r in residuals]
        return total(sizes)

    def row_gradient(self, y: Row[N], t: Row[N]) -> list[N]:
        residuals = [a - b for a, b in zip(y, t, strict=True)]
        one = constant(1, residuals[0])
        return [one if r > 0 else -one if r < 0 else r * 0 for r in residuals]


@dataclass(frozen=True)
class Huber(Loss):
    """ℓ = r²/2 for |r| <= delta, else delta (|r| - delta/2). ∂ℓ/∂y = r, cut off at ±delta.

    (Huber 1964). Differentiable everywhere: at |r| = delta both forms agree in value and slope.
    """

    delta: Constant = 1
    batch: str = "mean"
    outputs: str = "mean"

    def __post_init__(self) -> None:
        super().__post_init__()
        number_type(self.delta, "delta")
        if not self.delta > 0:
            raise ValueError(f"delta is {self.delta}, should be greater than 0")

    def row_value(self, y: Row[N], t: Row[N]) -> N:
        gradient = self.row_gradient(y, t)
        parts = [g * (a - b - g / 2) for g, a, b in zip(gradient, y, t, strict=True)]
        return total(parts)

    def row_gradient(self, y: Row[N], t: Row[N]) -> list[N]:
        residuals = [a - b for a, b in zip(y, t, strict=True)]
        delta = constant(self.delta, typical(residuals))
        return [delta if r > delta else -delta if r < -delta else r for r in residuals]
