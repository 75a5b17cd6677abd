"""Questions that were asked twice: each answer depends on the parameters and the arguments alone.

Both answers are the implementation's own, so that what else is wrong with them does not matter.
Each may round, within its bound: twice the bound is between them.
"""

from __future__ import annotations

import math
from collections.abc import Container, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from spec_tests.errors import AdapterError, Vacuous, Violation
from spec_tests.expect import Comparison
from spec_tests.judge.certainty import bounds, flat
from spec_tests.judge.played import UPDATES, Played
from spec_tests.oracle.expected import Expected
from spec_tests.scripts.asks import QUESTIONS

ALL = (*QUESTIONS, *UPDATES)


class Repeated(NamedTuple):
    """Calls that ask the same as others did, each beside the one before; `when` says after what."""

    when: str
    first: Sequence[int]
    then: Sequence[int]


def same_answers(played: Played, name: str, methods: Container[str] = ALL) -> None:
    """Of the questions that the script has asked again: those of that name in its extras."""
    for repeated in played.script.extras[name]:
        if played.script.calls[repeated.then[0]].method in methods:
            compare(repeated.when, [(played, k) for k in repeated.first], played, repeated.then)


def compare(
    when: str | None, first: Sequence[tuple[Played, int]], played: Played, then: Sequence[int]
) -> None:
    """Each answer, with the one before to the same question. Vacuous where all of them are.

    Without `when`, the calls before are named.
    """
    judged = 0
    for (before, place), k in zip(first, then, strict=True):
        usual, got = numbers(before, place), numbers(played, k)
        # One answer may be uncertain, near a kink say, where others are not: these are counted.
        with suppress(Vacuous, ArithmeticError):
            _compare_one(when or _calls_before(played, k), usual, got, played, k)
            judged += 1
    if not judged:
        raise Vacuous("no answer is certain")


def numbers(played: Played, k: int) -> list[float] | AdapterError:
    """All numbers of an answer, or the error that is one."""
    try:
        return flat([answer_of(played, k)])
    except AdapterError as error:
        if error.is_broken:
            raise
        return error


def answer_of(played: Played, k: int) -> Any:
    """In its shape; of a step or an epoch, the parameters after it."""
    match played.script.calls[k].method:
        case "predict":
            return played.outputs(k)
        case "gradients":
            return played.gradients(k)
        case "loss_value":
            return played.loss_value(k)
        case "input_gradient":
            return played.input_gradient(k)
        case "pullback":
            return played.pullback(k)
    return played.moved(k)


def _calls_before(played: Played, k: int) -> str:
    """Of the same object, with their batches."""
    calls = [call for call in played.script.calls[:k] if call.on == played.script.calls[k].on]
    named = [f"{c.method}(batch {c.arguments['batch']})" for c in calls if "batch" in c.arguments]
    return f"after {', '.join(named) or 'load alone'}"


def _bounds(played: Played, k: int) -> list[float]:
    call = played.script.calls[k]
    if call.method in UPDATES:
        return bounds(played.trained(k).parameters)
    return played.oracle(k).radii(call.method, call.arguments.get("output_gradient"))


def _compare_one(
    when: str,
    usual: list[float] | AdapterError,
    got: list[float] | AdapterError,
    played: Played,
    k: int,
) -> None:
    """An error is an answer like any other where some right order of sums may overflow."""
    allowed = _bounds(played, k)
    for each in (got, usual):
        if isinstance(each, AdapterError):
            if all(map(math.isfinite, allowed)):
                raise each
            raise Vacuous("a sum may overflow")
    assert not isinstance(usual, AdapterError) and not isinstance(got, AdapterError)
    seen, method = Comparison(), played.script.calls[k].method
    for n, (a, b, bound) in enumerate(zip(usual, got, allowed, strict=True)):
        if not (math.isnan(a) and math.isnan(b)):
            seen.number(f"number {n} of {method}, {when},", b, Expected(a, 2 * bound))
    seen.judge()


def same_bits(played: Played, name: str) -> None:
    """NaN is NaN."""
    for repeated in played.script.extras[name]:
        for first, then in zip(repeated.first, repeated.then, strict=True):
            method = played.script.calls[then].method
            unchanged(f"{method}, {repeated.when}", _bits(played, first), _bits(played, then))


def _bits(played: Played, k: int) -> list[float] | AdapterError:
    """Of a step, which has no answer but the parameters after it, an error is no answer."""
    if played.script.calls[k].method in UPDATES:
        return flat(played.moved(k))
    return numbers(played, k)


def unchanged(what: str, before: Any, after: Any) -> None:
    """Bit for bit, where NaN is NaN."""
    if repr(before) != repr(after):
        raise Violation(f"{what}: {_first_difference(before, after)}")


def _first_difference(before: Any, after: Any, place: str = "") -> str:
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        if len(before) != len(after):
            return f"{place} has {len(after)} items, had {len(before)}"
        for k, pair in enumerate(zip(before, after, strict=True)):
            if repr(pair[0]) != repr(pair[1]):
                return _first_difference(*pair, f"{place}[{k}]")
    return f"{place} is {after!r}, was {before!r}"
