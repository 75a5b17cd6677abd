"""What a gradient check found, to be read by people (`str`) or by code."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from refnn.scalar import Number


@dataclass(frozen=True)
class Mismatch:
    """A parameter whose gradient is not the derivative of the loss.

    Any number from low to high would be right. They are the same number, but at a kink.
    """

    parameter: str
    got: Number
    low: Number
    high: Number

    def __str__(self) -> str:
        expected = _show(self.low)
        if self.low != self.high:
            expected = f"something from {expected} to {_show(self.high)}"
        return f"{self.parameter}: got {_show(self.got)}, expected {expected}"


class Kink(NamedTuple):
    """A unit that sat on a kink, where every slope between those of the two sides is right."""

    place: str
    unit: int


@dataclass(frozen=True)
class GradcheckReport:
    """method: "exact" or "central differences". unjudged: parameters at a kink out of sight."""

    method: str
    checked: int
    mismatches: list[Mismatch]
    kinks: list[Kink]
    unjudged: list[str]

    @property
    def passed(self) -> bool:
        """Whether no gradient is wrong, and at least one was judged, if there are any."""
        return not self.mismatches and len(self.unjudged) < max(self.checked, 1)

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        right = self.checked - len(self.mismatches) - len(self.unjudged)
        at: dict[str, list[str]] = {}
        for kink in self.kinks:
            at.setdefault(kink.place, []).append(str(kink.unit))
        kinks = [f"on a kink: {place}, unit {', '.join(units)}" for place, units in at.items()]
        return "\n".join(
            [
                f"{right} of {self.checked} parameters have the right gradient ({self.method})",
                *_first([f"wrong: {mismatch}" for mismatch in self.mismatches]),
                *_first(kinks),
                *_first([f"not judged, a kink is near: {name}" for name in self.unjudged]),
            ]
        )


def _first(lines: list[str], most: int = 10) -> list[str]:
    rest = len(lines) - most
    return lines if rest <= 0 else [*lines[:most], f"... and {rest} more"]


def _show(number: Number) -> str:
    if isinstance(number, Fraction) and number.denominator > 1000:
        number = float(number)
    return f"{number:.10g}" if isinstance(number, float | Decimal) else str(number)
