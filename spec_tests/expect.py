"""Comparing what was got with what was expected: equality, or a bound that was derived."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from spec_tests.cases.case import Dense
from spec_tests.errors import Vacuous, Violation
from spec_tests.oracle.expected import Expected, Pairs

GRADIENT = ("dW", "db")
MOVED = ("new W", "new b")


class Comparison:
    """Collects numbers to compare, then judges them all at once."""

    def __init__(self) -> None:
        self.numbers: list[tuple[str, Any, Any, float]] = []
        self.origins: list[float] = []
        self.rate: float | None = None

    def number(self, place: str, got: Any, expected: Expected) -> None:
        self.numbers.append((place, got, expected.value, expected.bound))

    def row(self, place: str, got: Sequence[Any], expected: Sequence[Expected]) -> None:
        for k, (g, e) in enumerate(zip(got, expected, strict=True)):
            self.number(f"{place}[{k}]", g, e)

    def rows(self, place: str, got: Any, expected: Any) -> None:
        for j, (g, e) in enumerate(zip(got, expected, strict=True)):
            self.row(f"{place}[{j}]", g, e)

    def pairs(
        self,
        got: Any,
        expected: Pairs,
        parts: tuple[str, ...] = GRADIENT,
        names: tuple[str, str] = GRADIENT,
    ) -> None:
        """What belongs to weights and biases of all layers; `parts` says which of both."""
        for i, ((weights, bias), (dw, db)) in enumerate(zip(got, expected, strict=True)):
            if "dW" in parts:
                self.rows(f"layer {i} {names[0]}", weights, dw)
            if "db" in parts and db is not None:
                self.row(f"layer {i} {names[1]}", bias, db)

    def moved(
        self,
        dense: Sequence[Dense],
        got: Any,
        expected: Pairs,
        rate: float,
        parts: tuple[str, ...] = GRADIENT,
    ) -> None:
        """The parameters of the layers after training with that learning rate."""
        self.pairs(got, expected, parts, MOVED)
        self.rate = rate
        if parts != GRADIENT:
            return
        for layer in dense:
            self.origins += [w for row in layer.weights for w in row] + (layer.bias or [])

    def judge(self) -> float:
        """The largest share of a bound that was used. Violation where one is exceeded.

        A number whose bound is infinite says nothing; Vacuous where that is so of all.
        """
        certain = [k for k, (*_, bound) in enumerate(self.numbers) if math.isfinite(bound)]
        if not certain:
            raise Vacuous("no bound is finite")
        numbers = [self.numbers[k] for k in certain]
        shares = [_share(got, expected, bound) for _, got, expected, bound in numbers]
        worst = max(range(len(shares)), key=shares.__getitem__)
        if shares[worst] > 1:
            place, got, expected, _ = numbers[worst]
            how = "" if self.rate is None else f", after steps with learning rate {self.rate}"
            message = f"{place} is {short(got)}, should be {short(expected)}{how}"
            origins = [self.origins[k] for k in certain] if self.origins else []
            raise Violation(message, [_shown(*number) for number in numbers], worst, origins)
        return shares[worst]


def _shown(place: str, got: Any, expected: Any, bound: float) -> tuple[str, Any, Any, float]:
    """What was got may be an exact sum or difference of answers: it is shown as a float."""
    return place, float(got) if isinstance(got, Decimal) else got, expected, bound


def short(number: Any) -> str:
    """A number of up to 17 digits."""
    return repr(float(number))


def _share(got: Any, expected: Any, bound: float) -> float:
    """|got - expected| / bound; infinite where that is no number."""
    if got == expected:
        return 0.0
    if not (math.isfinite(got) and math.isfinite(expected)):
        return math.inf
    distance = float(abs(Decimal(got) - Decimal(expected)))
    return distance / bound if bound else math.inf
