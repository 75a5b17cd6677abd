"""What a judge looks at: all answers of one kind in a script, each beside what it should be.

Each view gives the largest share of a bound that was used, or raises: Violation where one is
exceeded, Vacuous where nothing is told apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from spec_tests.errors import AdapterError, Vacuous
from spec_tests.expect import Comparison
from spec_tests.judge.played import Played
from spec_tests.oracle.oracle import Expected, Pairs

T = TypeVar("T")


def outputs(played: Played) -> float:
    """y of each predict."""
    margins = []
    for k in played.calls("predict"):
        seen, right = Comparison(), played.oracle(k).outputs()
        seen.rows("y", answered(partial(played.outputs, k), right), right)
        margins.append(seen.judge())
    return max(margins)


def gradients(played: Played) -> float:
    """dW and db of each call, of which none may be dead or on a kink."""
    margins = []
    for k in played.calls("gradients"):
        oracle = played.oracle(k)
        oracle.refuse_kinks()
        seen, right = Comparison(), oracle.gradients()
        seen.pairs(answered(partial(played.gradients, k), right), right)
        margins.append(seen.judge())
        refuse_dead(right)
    return max(margins)


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


def refuse_dead(pairs: Pairs) -> None:
    """A layer whose gradient is nothing but zeros, or uncertain, is not counted as checked."""
    for weights, _ in pairs:
        numbers = [number for row in weights for number in row]
        if all(not abs(number.value) > number.bound for number in numbers):
            raise Vacuous("no gradient is told apart from 0")
