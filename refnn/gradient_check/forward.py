"""The derivative of the loss in one parameter p, by the chain rule forwards, layer after layer.

    dL/dp = Σ ∂L/∂y · dy/dp        dy/dp: p's layer and those above it, run on dual numbers

Nothing of any backward pass takes part. Where a unit sits on a kink that p moves, its slope is an
interval, and the unit is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeAlias, cast

from refnn.batch import Rows
from refnn.gradient_check.report import Kink
from refnn.gradient_check.subdifferential import Interval, SidedDual, Undecided
from refnn.layer import Layer
from refnn.losses import Loss
from refnn.scalar import N, is_zero

Slope: TypeAlias = Interval[N] | N


class ForwardDerivative(Generic[N]):
    """Of `loss` at the targets t after `layers`, whose trace is `passed`.

    Units that a move of p by `reach` (0: an infinitely small one) may bring to a kink count as on
    it; `kinks` collects their names.
    """

    def __init__(
        self,
        layers: Sequence[Layer[N]],
        loss: Loss,
        passed: Sequence[Rows[N]],
        t: Rows[N],
        reach: N,
    ) -> None:
        self.layers = layers
        self.passed = passed
        self.reach = reach
        self.kinks: set[Kink] = set()
        y = passed[-1]

        def loss_slope(b: int, k: int) -> Slope[N]:
            zeros = [[number * 0 for number in row] for row in y]
            zeros[b][k] = zeros[b][k] + 1
            [[slope]] = self._slopes(
                "the loss", lambda side: [[loss.value(self._duals(y, zeros, side), t)]]
            )
            return slope

        self.output_gradient = [[loss_slope(b, k) for k in range(len(y[b]))] for b in range(len(y))]

    def of(self, i: int, layer_of: Callable[[N], Layer[N]], p: N) -> Slope[N]:
        """dL/dp, where layer_of(p) is layer i with the parameter p."""

        def own(side: int) -> Rows[N]:
            moving = SidedDual(p, p * 0 + 1, self.reach, side)
            return layer_of(cast(N, moving)).forward(self.passed[i])

        slopes = self._slopes(f"layers[{i}]", own)
        for above in range(i + 1, len(self.layers)):
            slopes = self._through(above, slopes)
        derivative: Slope[N] = p * 0
        for row, upstream in zip(slopes, self.output_gradient, strict=True):
            for slope, dy in zip(row, upstream, strict=True):
                derivative = derivative + slope * dy
        return derivative

    def _through(self, i: int, slopes: Sequence[Sequence[Slope[N]]]) -> list[list[Slope[N]]]:
        def run(side: int) -> Rows[N]:
            return self.layers[i].forward(self._duals(self.passed[i], slopes, side))

        return self._slopes(f"layers[{i}]", run)

    def _duals(
        self, values: Rows[N], slopes: Sequence[Sequence[Slope[N]]], side: int
    ) -> list[list[N]]:
        """The values as dual numbers where they move, plain where they do not."""

        def dual(value: N, slope: Slope[N]) -> N:
            if not isinstance(slope, Interval) and is_zero(slope):
                return value
            return cast(N, SidedDual(value, cast(N, slope), self.reach, side))

        return [
            [dual(value, slope) for value, slope in zip(*rows, strict=True)]
            for rows in zip(values, slopes, strict=True)
        ]

    def _slopes(self, name: str, run: Callable[[int], Rows[N]]) -> list[list[Slope[N]]]:
        """The tangents of what `run` gives: intervals at the places where the sides differ."""
        try:
            return _tangents(run(0))
        except Undecided:
            below, above = _tangents(run(-1)), _tangents(run(1))
        for b, rows in enumerate(zip(below, above, strict=True)):
            for k, (low, high) in enumerate(zip(*rows, strict=True)):
                if low != high:
                    self.kinks.add(Kink(f"{name}, sample {b}", k))
                    below[b][k] = Interval.around(low, high)
        return below


def _tangents(rows: Rows[N]) -> list[list[Slope[N]]]:
    return [
        [number.tangent if isinstance(number, SidedDual) else number * 0 for number in row]
        for row in rows
    ]
