"""What is expected: a number, and how far from it a right answer may be."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from spec_tests.formulas.ball import Ball

DIGITS = Context(prec=50)


class Expected(NamedTuple):
    """A number, and the largest distance from it that is not wrong."""

    value: Any
    bound: float


Rows = list[list[Expected]]
Pairs = list[tuple[Rows, list[Expected] | None]]


def as_float(value: Any) -> float:
    return float(value)


def as_decimal(value: Any) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value)


def without_bounds(pairs: Pairs) -> Pairs:
    """The same numbers, to be met exactly."""

    def row(numbers: Sequence[Expected]) -> list[Expected]:
        return [Expected(number.value, 0.0) for number in numbers]

    return [
        ([row(numbers) for numbers in weights], None if bias is None else row(bias))
        for weights, bias in pairs
    ]


def with_radii(values: list[list[Any]], balls: Any) -> Rows:
    return [
        [Expected(v, ball.radius) for v, ball in zip(*rows, strict=True)]
        for rows in zip(values, balls, strict=True)
    ]


def radii_of(rows: Sequence[Sequence[Ball]]) -> list[float]:
    return [ball.radius for row in rows for ball in row]
