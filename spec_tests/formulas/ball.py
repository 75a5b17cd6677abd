"""A ball: a number, and how far from it any correct floating-point implementation may be.

    |computed - exact| <= radius        whatever the order of summation, with FMA or without

Each operation of a correct implementation errs by at most u times its result (u = 2^-53 for
float64, 2^-24 for float32) or, where results are tiny, by the smallest normal number; a sum of n
terms errs by n u / (1 - n u) times the sum of their magnitudes (Higham: Accuracy and Stability of
Numerical Algorithms, 2002, section 4.2).

The middle is a float too, so it may itself be off by the radius; whatever uses its magnitude takes
`most`, an upper bound of what anyone may hold there: radii are part of every size. Radii are sums
and products of positive floats, each rounded by less than 2^-52: ENLARGED makes up for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from spec_tests.errors import Kink

ENLARGED = 1 + 2.0**-30
"""Makes up for the rounding of a radius itself: it is more than 2^22 roundings of 2^-52, and no
radius here is a sum of so many terms."""


class Ball(NamedTuple):
    middle: float
    radius: float

    @property
    def most(self) -> float:
        """At least the magnitude of every number that an implementation may hold here."""
        return abs(self.middle) + 2 * self.radius


class Arithmetic:
    """The operations in a floating-point format.

    `ulps` is the error of elementary functions, of which exp, log, and each activation are one: it
    is at most ulps · u · max(1, |result|); for the powers of a softmax, ulps · u · |result|.
    """

    def __init__(self, dtype: str, ulps: float) -> None:
        self.u = 2.0**-53 if dtype == "float64" else 2.0**-24
        self.tiny = 2.0**-1022 if dtype == "float64" else 2.0**-126
        """The smallest normal number: what is smaller may be flushed to 0."""
        self.subnormal = 2.0**-1074 if dtype == "float64" else 2.0**-149
        self.largest = 2.0**1023 if dtype == "float64" else 2.0**127
        """Half of the largest power: a size that is off by its radius does not overflow below."""
        self.ulps = ulps

    def gamma(self, n: float) -> float:
        return n * self.u / (1 - n * self.u)

    def constant(self, c: float) -> Ball:
        """A constant that the format may have to round."""
        return Ball(c, self.u * abs(c))

    def rounded(self, middle: float, inherited: float, roundings: float, size: float) -> Ball:
        """A result whose parts err by `inherited`, after so many roundings of things of `size`."""
        lost = roundings * self.u
        return self._within(middle, inherited + lost / (1 - lost) * size + self.tiny, size)

    def dot(self, p: Sequence[Ball], q: Sequence[Ball], extra: Iterable[Ball] = ()) -> Ball:
        """Σ p_i q_i + Σ extra, in any order.

        n terms are n - 1 additions and the product of each; one rounding more is for a product of
        three factors, of which others round another two: (δ/n)·x and (δ·x)/n are both right.
        """
        middle = inherited = size = 0.0
        for (a, ra), (b, rb) in zip(p, q, strict=True):
            middle += a * b
            most_a, most_b = abs(a) + 2 * ra, abs(b) + 2 * rb
            inherited += most_a * rb + most_b * ra
            size += most_a * most_b
        terms = len(p)
        for c, rc in extra:
            middle += c
            inherited += rc
            size += abs(c) + 2 * rc
            terms += 1
        spread = self.gamma(terms + 1) * size + terms * self.tiny
        return self._within(middle, inherited + spread, size)

    def _within(self, middle: float, radius: float, size: float) -> Ball:
        """Nothing is certain of what may overflow."""
        return Ball(middle, radius * ENLARGED if size < self.largest else math.inf)

    def total(self, terms: Sequence[Ball]) -> Ball:
        """Σ terms, in any order."""
        return self.dot((), (), terms)

    def product(self, p: Ball, q: Ball) -> Ball:
        """Two roundings, because (y - t)·(2/n) and 2·(y - t)/n are both right."""
        (a, ra), (b, rb) = p, q
        most_a, most_b = abs(a) + 2 * ra, abs(b) + 2 * rb
        return self.rounded(a * b, most_a * rb + most_b * ra, 2, most_a * most_b)

    def quotient(self, p: Ball, q: Ball) -> Ball:
        """Two roundings, because p / q and p·(1/q) are both right."""
        least = abs(q.middle) - 2 * q.radius
        if not least > 0:
            return Ball(math.nan, math.inf)
        inherited = (p.radius + p.most / least * q.radius) / least
        return self.rounded(p.middle / q.middle, inherited, 2, p.most / least)

    def difference(self, p: Ball, q: Ball) -> Ball:
        middle, inherited = p.middle - q.middle, p.radius + q.radius
        return self.rounded(middle, inherited, 1, abs(middle) + inherited)

    def descended(self, w: Ball, eta: Ball, delta: Sequence[Ball], x: Sequence[Ball]) -> Ball:
        """w - η Σ_b δ_b x_b, in any order: sample after sample may be subtracted from w.

        That is a sum of B + 1 terms around w, and so B roundings of numbers as large as w.
        """
        return self.dot([self._negative(self.product(eta, d)) for d in delta], x, [w])

    @staticmethod
    def _negative(ball: Ball) -> Ball:
        return Ball(-ball.middle, ball.radius)

    def function(self, value: float, steepness: float, argument: Ball) -> Ball:
        """A smooth function of at most that steepness around the argument."""
        inherited = steepness * argument.radius
        return self.rounded(value, inherited, self.ulps, max(1.0, abs(value) + inherited))


def is_positive(ball: Ball) -> bool:
    """Raises Kink where rounding may decide it either way."""
    if not abs(ball.middle) > 2 * ball.radius:
        raise Kink("a unit is near its kink")
    return ball.middle > 0


def exactly(numbers: Iterable[float]) -> list[Ball]:
    """Numbers that were handed over, and so are what they are."""
    return [Ball(number, 0.0) for number in numbers]
