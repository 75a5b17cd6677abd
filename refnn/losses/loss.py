"""A loss: one number that says how far the outputs y of a batch are from its targets t.

    L = Σ_rows Σ_k ℓ(y, t) / n        n = 1, or times B for a mean over the batch,
                                            times K for a mean over the outputs

A loss states which means it takes, because a factor between loss and gradient is the commonest bug
of all. Its gradient is the derivative of the very value that it reports.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from refnn.batch import Row, Rows, check_rows, check_same_shape
from refnn.scalar import N, total

REDUCTIONS = ("mean", "sum")


class Loss(ABC):
    """Base of all losses; `batch` and `outputs` are "mean" or "sum"."""

    batch: str = "mean"
    outputs: str = "mean"

    def __post_init__(self) -> None:
        for name in ("batch", "outputs"):
            reduction = getattr(self, name)
            if reduction not in REDUCTIONS:
                raise ValueError(f"{name} is {reduction!r}, should be 'mean' or 'sum'")

    @abstractmethod
    def row_value(self, y: Row[N], t: Row[N]) -> N:
        """Σ_k ℓ of one row."""

    @abstractmethod
    def row_gradient(self, y: Row[N], t: Row[N]) -> list[N]:
        """∂/∂y of row_value."""

    def value(self, y: Rows[N], t: Rows[N]) -> N:
        """L. y and t: B x K. ShapeError where their shapes differ."""
        n = self._divisor(y, t)
        rows = [self.row_value(*row) for row in zip(y, t, strict=True)]
        return total(rows) / n

    def gradient(self, y: Rows[N], t: Rows[N]) -> list[list[N]]:
        """dy = ∂L/∂y, B x K."""
        n = self._divisor(y, t)
        return [[g / n for g in self.row_gradient(*row)] for row in zip(y, t, strict=True)]

    def over_samples(self, value: N, samples: int) -> N:
        """The sum over its samples, where `value` is L of a batch of that many."""
        return value * samples if self.batch == "mean" else value

    def _divisor(self, y: Rows[N], t: Rows[N]) -> int:
        width = check_rows("y", y)
        check_same_shape("y", y, "t", t)
        return (len(y) if self.batch == "mean" else 1) * (width if self.outputs == "mean" else 1)
