"""What a derivative may be at a kink: an interval instead of a number.

Where a comparison is undecided, because both sides are equal (or nearer than the check can see),
the formula is run as if from below, and as if from above. Both slopes are right there, and so is
everything between: the subdifferential. Away from kinks nothing of this shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Self, cast

from refnn.dual import Dual
from refnn.scalar import N


@dataclass(frozen=True)
class Interval(Generic[N]):
    """All numbers from low to high. Its sums and products hold all sums and products of members."""

    low: N
    high: N

    @staticmethod
    def around(*parts: Interval[N] | N) -> Interval[N]:
        """The smallest interval that holds all `parts`."""
        lows = [part.low if isinstance(part, Interval) else part for part in parts]
        highs = [part.high if isinstance(part, Interval) else part for part in parts]
        return Interval(min(lows), max(highs))

    def __contains__(self, number: N) -> bool:
        return self.low <= number <= self.high

    def __add__(self, other: Interval[N] | N) -> Interval[N]:
        other = Interval.around(other)
        return Interval(self.low + other.low, self.high + other.high)

    __radd__ = __add__

    def __neg__(self) -> Interval[N]:
        return Interval(-self.high, -self.low)

    def __sub__(self, other: Interval[N] | N) -> Interval[N]:
        return self + -Interval.around(other)

    def __rsub__(self, other: N) -> Interval[N]:
        return -self + other

    def __mul__(self, other: Interval[N] | N) -> Interval[N]:
        other = Interval.around(other)
        return Interval.around(*(a * b for a in vars(self).values() for b in vars(other).values()))

    __rmul__ = __mul__

    def __truediv__(self, other: N) -> Interval[N]:
        return Interval.around(self.low / other, self.high / other)


class Undecided(Exception):
    """A comparison that depends on the side from which one comes."""


class SidedDual(Dual[N]):
    """A dual number near `reach`: what it may become when the parameter moves by that much.

    Two numbers are tied where a move within `reach` (0: an infinitely small one) may change which
    is larger. A tie raises Undecided, or goes as `side` says: -1 below, 1 above.
    """

    __slots__ = ("reach", "side")

    def __init__(self, value: N, tangent: N, reach: N, side: int = 0) -> None:
        super().__init__(value, tangent)
        self.reach = reach
        self.side = side

    def _like(self, value: N, tangent: N) -> Self:
        return type(self)(value, tangent, self.reach, self.side)

    def _tied(self, other: object) -> bool:
        difference = self - cast(N, other)
        slopes = Interval.around(difference.tangent)
        steepest = max(-slopes.low, slopes.high)
        gap = difference.value
        near = max(gap, -gap) <= self.reach * steepest
        if near and steepest > 0 and not self.side:
            raise Undecided
        return near and steepest > 0

    def __gt__(self, other: object) -> bool:
        return self.side > 0 if self._tied(other) else super().__gt__(other)

    def __ge__(self, other: object) -> bool:
        return self.side > 0 if self._tied(other) else super().__ge__(other)

    def __lt__(self, other: object) -> bool:
        return self.side < 0 if self._tied(other) else super().__lt__(other)

    def __le__(self, other: object) -> bool:
        return self.side < 0 if self._tied(other) else super().__le__(other)
