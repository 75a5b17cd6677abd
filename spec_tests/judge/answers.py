"""Answers in the shape that they should have: out x in, plain floats; or else a Violation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from spec_tests.cases.case import Dense, Matrix
from spec_tests.errors import Transposed, Violation
from spec_tests.players.play import brief

Pair = tuple[Matrix, list[float] | None]


def turned(weights: Matrix) -> Matrix:
    return [list(column) for column in zip(*weights, strict=True)]


def pairs(method: str, answer: Any, dense: Sequence[Dense], is_turned: bool) -> list[Pair]:
    """[(weights, bias), ...], which an implementation may keep in x out (`is_turned`)."""
    found: list[Pair] = []
    answers = sequence(method, answer, len(dense), "pairs")
    for i, (layer, pair) in enumerate(zip(dense, answers, strict=True)):
        weights, bias = sequence(f"{method}[{i}]", pair, 2, "things, weights and bias")
        shape = (len(layer.weights), len(layer.weights[0]))
        if is_turned:
            shape = shape[1], shape[0]
        _refuse_transposed(f"{method}[{i}][0]", weights, *shape)
        matrix = rows(f"{method}[{i}][0]", weights, *shape)
        if is_turned:
            matrix = turned(matrix)
        if layer.bias is None:
            if bias is not None:
                raise Violation(f"{method}[{i}][1] is {shown(bias)}, should be None")
            found.append((matrix, None))
        else:
            width = len(layer.bias)
            found.append((matrix, row(f"{method}[{i}][1]", _unwrapped(bias, width), width)))
    return found


def sequence(place: str, answer: Any, length: int, what: str) -> list[Any]:
    if not isinstance(answer, list):
        raise Violation(f"{place} is {shown(answer)}, should be {length} {what}")
    if len(answer) != length:
        raise Violation(f"{place} has the length {len(answer)}, should be {length} {what}")
    return answer


def _refuse_transposed(place: str, answer: Any, height: int, width: int) -> None:
    lists = isinstance(answer, list) and all(isinstance(row, list) for row in answer)
    if lists and height != width and [len(row) for row in answer] == [height] * width:
        raise Transposed(f"{place} is {width} x {height}, should be {height} x {width}")


def rows(place: str, answer: Any, height: int, width: int) -> Matrix:
    answers = sequence(place, answer, height, f"rows of {width} numbers")
    return [row(f"{place}[{b}]", item, width) for b, item in enumerate(answers)]


def _unwrapped(bias: Any, width: int) -> Any:
    """A bias of shape (1, n) or (n, 1), as many keep it, is one of n: nothing else can be meant."""
    if not (isinstance(bias, list) and bias and all(isinstance(row, list) for row in bias)):
        return bias
    if len(bias) == 1 and len(bias[0]) == width:
        return bias[0]
    if len(bias) == width and all(len(row) == 1 for row in bias):
        return [row[0] for row in bias]
    return bias


def row(place: str, answer: Any, width: int) -> list[float]:
    return [
        number(f"{place}[{k}]", value)
        for k, value in enumerate(sequence(place, answer, width, "numbers"))
    ]


def number(place: str, answer: Any) -> float:
    """A float, or an integer as the nearest one."""
    if isinstance(answer, bool) or not isinstance(answer, float | int):
        raise Violation(f"{place} is {shown(answer)}, should be a number")
    try:
        return float(answer)
    except OverflowError:
        raise Violation(f"{place} is a number that no float holds") from None


def shown(answer: Any) -> str:
    """What was answered, in few words; of what is no plain data, the player has said the words."""
    return str(answer["other"]) if isinstance(answer, dict) and "other" in answer else brief(answer)
