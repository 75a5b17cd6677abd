"""A number computed twice at once: with 50 digits, and as a ball in the implementation's format."""

from __future__ import annotations

import math
from decimal import Decimal

from spec_tests.formulas.ball import Arithmetic, Ball


class Tracked:
    """Restated formulas run on these know their exact value and how far it may be missed."""

    __slots__ = ("arithmetic", "ball", "value")

    def __init__(self, arithmetic: Arithmetic, value: Decimal, ball: Ball) -> None:
        self.arithmetic = arithmetic
        self.value = value
        self.ball = ball

    @staticmethod
    def given(arithmetic: Arithmetic, number: float) -> Tracked:
        """A number that was handed over."""
        return Tracked(arithmetic, Decimal(number), Ball(float(number), 0.0))

    @staticmethod
    def constant(arithmetic: Arithmetic, number: float) -> Tracked:
        """A constant that the format may have to round."""
        return Tracked(arithmetic, Decimal(number), arithmetic.constant(float(number)))

    def __add__(self, other: Tracked) -> Tracked:
        ball = self.arithmetic.total([self.ball, other.ball])
        return Tracked(self.arithmetic, self.value + other.value, ball)

    def __sub__(self, other: Tracked) -> Tracked:
        ball = self.arithmetic.difference(self.ball, other.ball)
        return Tracked(self.arithmetic, self.value - other.value, ball)

    def __mul__(self, other: Tracked) -> Tracked:
        ball = self.arithmetic.product(self.ball, other.ball)
        return Tracked(self.arithmetic, self.value * other.value, ball)

    def __truediv__(self, other: Tracked) -> Tracked:
        ball = self.arithmetic.quotient(self.ball, other.ball)
        return Tracked(self.arithmetic, self.value / other.value, ball)

    def loosened(self, roundings: float) -> Tracked:
        """The same, where a right formula of another form rounds so many times more."""
        middle, radius = self.ball
        ball = self.arithmetic.rounded(middle, radius, roundings, self.ball.most)
        return Tracked(self.arithmetic, self.value, ball)

    def sqrt(self) -> Tracked:
        middle, radius = max(self.ball.middle, 0.0), self.ball.radius
        root = math.sqrt(middle)
        spread = radius / root if middle > 4 * radius else math.sqrt(middle + 2 * radius)
        ball = self.arithmetic.rounded(root, spread, 1, root + spread)
        return Tracked(self.arithmetic, self.value.sqrt(), ball)
