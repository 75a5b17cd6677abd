"""What is certain of expected numbers; where nothing is, a script is vacuous."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal, localcontext
from typing import Any, TypeVar

from spec_tests.cases.case import Dense
from spec_tests.declaration import Declaration
from spec_tests.errors import AdapterError, Vacuous
from spec_tests.formulas.ball import Arithmetic
from spec_tests.oracle.expected import DIGITS, Expected, Pairs
from spec_tests.oracle.steps import Trained

T = TypeVar("T")


def arithmetic(declaration: Declaration) -> Arithmetic:
    return Arithmetic(declaration.dtype, declaration.ulps)


def answered(call: Callable[[], T], right: Any) -> T:
    """What was answered. Where some right order of its sums may overflow, an error is an answer
    like infinity, NaN or a number: it says nothing.
    """
    try:
        return call()
    except AdapterError as error:
        if error.is_broken or all(map(math.isfinite, bounds(right))):
            raise
        raise Vacuous("a sum may overflow") from error


def bounds(expected: Any) -> list[float]:
    """Of all numbers in nested lists of them."""
    if isinstance(expected, Expected):
        return [expected.bound]
    return [bound for item in expected or [] for bound in bounds(item)]


def values(expected: Any) -> list[Any]:
    if isinstance(expected, Expected):
        return [expected.value]
    return [value for item in expected or [] for value in values(item)]


def flat(nested: Any) -> list[float]:
    if isinstance(nested, list | tuple):
        return [number for item in nested for number in flat(item)]
    return [] if nested is None else [nested]


def exact_sum(products: Iterable[tuple[float, float]]) -> Decimal:
    """Σ a b without rounding that would count; NaN where one of them is no number."""
    pairs = list(products)
    if not all(map(math.isfinite, flat(pairs))):
        return Decimal(math.nan)
    with localcontext(DIGITS):
        return sum((Decimal(a) * Decimal(b) for a, b in pairs), Decimal(0))


def refuse_dead(pairs: Pairs) -> None:
    """A layer whose gradient is nothing but zeros, or uncertain, is not counted as checked."""
    for weights, _ in pairs:
        numbers = [number for row in weights for number in row]
        if all(not abs(number.value) > number.bound for number in numbers):
            raise Vacuous("no gradient is told apart from 0")


def refuse_still(dense: Sequence[Dense], moved: Pairs) -> None:
    """A layer that is not told apart from the one before the step is not counted as checked."""
    for layer, (weights, _) in zip(dense, moved, strict=True):
        pairs = zip(flat(layer.weights), values(weights), bounds(weights), strict=True)
        if all(not abs(new - Decimal(w)) > bound for w, new, bound in pairs):
            raise Vacuous("the step is not told apart from none")


def refuse_wild(declaration: Declaration, expected: Trained) -> None:
    """Vacuous where training runs away: what overflows in it depends on how it is written."""
    largest = math.sqrt(arithmetic(declaration).largest)
    losses = [abs(float(loss.value)) + loss.bound for loss in expected.losses]
    if not all(loss < largest for loss in losses):
        raise Vacuous("training runs away")
