"""Central differences without a tolerance: a right gradient shows by how the error falls.

    D(h) = (L(p + h) - L(p - h)) / 2h,    e(h) = |D(h) - g|

For the right g, e falls as h² (Taylor), or as h where the second derivative jumps, until rounding
is all that is left of it; for a wrong one it stays at its fault. So h shrinks until e is no larger
than rounding can make it (right), or falls no more (wrong). Between the exponents 1 and 0, the line
is drawn at 1/2.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal, getcontext
from typing import Generic, NamedTuple

from refnn.scalar import N, constant, is_finite, sqrt

ROOT = 4
SHRINK = ROOT**2
"""h is divided by SHRINK from one try to the next; what falls with h must fall by its root."""

GUARD = 16
"""The rounding noise of L is measured near p; elsewhere it may be this many times larger."""


class Difference(NamedTuple, Generic[N]):
    """D at the last h, how much of it may be noise, and whether g agrees with it."""

    value: N
    noise: N
    agrees: bool


def compare(loss_at: Callable[[N], N], p: N, g: N) -> Difference[N]:
    """Whether g can be the derivative of the loss at p. Never agrees with NaN."""
    if not is_finite(g):
        return Difference(_central(loss_at, p, largest_step(p)), p * 0, False)
    h = largest_step(p) / _scale(g)
    rounding = GUARD * _rounding(loss_at, p, h)
    value, noise = _central(loss_at, p, h), rounding / h
    while not _distance(value, g) <= noise:
        h, noise = h / SHRINK, noise * SHRINK
        closer = _central(loss_at, p, h)
        if not _distance(closer, g) <= max(_distance(value, g) / ROOT, noise):
            return Difference(closer, noise, False)
        value = closer
    return Difference(value, noise, True)


def has_kink(loss_at: Callable[[N], N], p: N, g: N) -> bool:
    """Whether the slopes of the loss below and above p do not meet as h shrinks."""

    def gap(h: N) -> N:
        at = loss_at(p)
        return _distance((at - loss_at(p - h)) / h, (loss_at(p + h) - at) / h)

    h = largest_step(p) / _scale(g)
    near = gap(h / SHRINK)
    noise = 2 * GUARD * _rounding(loss_at, p, h) * SHRINK / h
    return ROOT * near > gap(h) and near > noise


def largest_step(p: N) -> N:
    """The h to start from: the scale of p, times the fourth root of the unit roundoff."""
    return _scale(p) * sqrt(sqrt(_unit_roundoff(p)))


def _scale(p: N) -> N:
    return max(p, -p, p * 0 + 1)


def _distance(a: N, b: N) -> N:
    return max(a - b, b - a)


def _unit_roundoff(like: N) -> N:
    """The distance from 1 to the next larger number of this type."""
    if isinstance(like, Decimal):
        return constant(Decimal(10) ** (1 - getcontext().prec), like)
    return constant(sys.float_info.epsilon, like)


def _central(loss_at: Callable[[N], N], p: N, h: N) -> N:
    above, below = p + h, p - h
    return (loss_at(above) - loss_at(below)) / (above - below)


def _rounding(loss_at: Callable[[N], N], p: N, h: N) -> N:
    """The rounding error of L near p: second differences over steps too small for a curve."""
    unit = _unit_roundoff(p)
    step = max(h * sqrt(unit), p * unit, -p * unit)
    values = [loss_at(p + step * i) for i in range(-3, 4)]
    bends = [_distance(a + c, 2 * b) for a, b, c in zip(values, values[1:], values[2:])]
    return max(*bends, max(values[3], -values[3]) * unit)
