"""Does one factor, a function of the batch B and the outputs K, explain every wrong number?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from spec_tests.diagnosis.failure import Failure
from spec_tests.errors import Violation

Factor = Callable[[int, int], Fraction]
Number = tuple[str, Any, Any, float]
FACTORS: dict[str, Factor] = {
    "-1": lambda b, k: Fraction(-1),
    "0": lambda b, k: Fraction(0),
    "2": lambda b, k: Fraction(2),
    "1/2": lambda b, k: Fraction(1, 2),
    "B": lambda b, k: Fraction(b),
    "1/B": lambda b, k: Fraction(1, b),
    "K": lambda b, k: Fraction(k),
    "1/K": lambda b, k: Fraction(1, k),
    "B·K": lambda b, k: Fraction(b * k),
    "1/(B·K)": lambda b, k: Fraction(1, b * k),
    "K/B": lambda b, k: Fraction(k, b),
    "B/K": lambda b, k: Fraction(b, k),
    "2·B": lambda b, k: Fraction(2 * b),
    "B/2": lambda b, k: Fraction(b, 2),
    "1/(2·B)": lambda b, k: Fraction(1, 2 * b),
    "2/B": lambda b, k: Fraction(2, b),
    "2·K": lambda b, k: Fraction(2 * k),
    "K/2": lambda b, k: Fraction(k, 2),
    "1/(2·K)": lambda b, k: Fraction(1, 2 * k),
    "2/K": lambda b, k: Fraction(2, k),
    "4": lambda b, k: Fraction(4),
    "1/4": lambda b, k: Fraction(1, 4),
}


def common_factor(
    failures: Sequence[Failure], layer: str = "", one_row: bool = False
) -> str | None:
    """The first factor that explains every failure, in all numbers or in those of one layer.

    Cases that all have the same B tell no factor from another, but for the sign; unless there is
    never more than `one_row`.
    """
    found = [(failure, _numbers(failure, layer)) for failure in failures]
    if not any(_is_wrong(number) for _, numbers in found for number in numbers):
        return None
    sizes = {len(failure.case.inputs) for failure in failures}
    known = FACTORS if one_row or len(sizes) > 1 else {"-1": FACTORS["-1"]}
    return next((name for name in known if _explain_all(name, found)), None)


def _explain_all(name: str, found: Sequence[tuple[Failure, Sequence[Number]]]) -> bool:
    return all(_explains(name, *pair) for pair in found)


def _numbers(failure: Failure, layer: str) -> list[Number]:
    if not isinstance(failure.error, Violation):
        return []
    origins = failure.error.origins or [0.0] * len(failure.error.numbers)
    return [
        (place, _exactly(got) - _exactly(w), _exactly(expected) - _exactly(w), bound)
        for (place, got, expected, bound), w in zip(failure.error.numbers, origins, strict=True)
        if place.startswith(layer)
    ]


def _is_wrong(number: Number) -> bool:
    _, got, expected, bound = number
    return not abs(_exactly(got) - _exactly(expected)) <= _exactly(bound)


def _explains(name: str, failure: Failure, numbers: Sequence[Number]) -> bool:
    """Whether the factor gives all numbers, and a right network's would differ from them."""
    factor = FACTORS[name](len(failure.case.inputs), len(failure.case.targets[0]))
    is_told_apart = False
    for _, got, expected, bound in numbers:
        slack = _exactly(bound) * max(Fraction(1), abs(factor)) * 2
        if not abs(_exactly(got) - factor * _exactly(expected)) <= slack:
            return False
        is_told_apart = is_told_apart or abs((factor - 1) * _exactly(expected)) > 2 * slack
    return is_told_apart or not any(map(_is_wrong, numbers))


def _exactly(number: Any) -> Fraction:
    try:
        return Fraction(number)
    except (ValueError, OverflowError):
        return Fraction(10) ** 400


def layers_of(failure: Failure) -> tuple[list[str], list[str]]:
    """(the parts where all numbers are right, those where some is wrong): "layer 0 dW", ..."""
    wrong: dict[str, bool] = {}
    for number in _numbers(failure, ""):
        part = number[0].partition("[")[0]
        wrong[part] = wrong.get(part, False) or _is_wrong(number)
    right = [part for part, is_wrong in wrong.items() if not is_wrong]
    return right, [part for part, is_wrong in wrong.items() if is_wrong]


def transposed_layer(failure: Failure) -> str | None:
    """The part whose numbers are those expected, with rows and columns swapped."""
    _, wrong = layers_of(failure)
    for part in wrong:
        found = {number[0]: number for number in _numbers(failure, part + "[")}
        swapped = {place: _swapped(place) for place in found}
        is_matrix = len(found) > 1 and all("][" in place for place in found)
        if is_matrix and all(
            other in found and _is_near(found[place], found[other])
            for place, other in swapped.items()
        ):
            return part
    return None


def _is_near(number: Number, other: Number) -> bool:
    """Whether what was got of one is what was expected of the other."""
    return not _is_wrong((number[0], number[1], other[2], number[3] + other[3]))


def _swapped(place: str) -> str:
    part, _, rest = place.partition("[")
    indices = rest.rstrip("]").split("][")
    return f"{part}[{']['.join(reversed(indices))}]"
