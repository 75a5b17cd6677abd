"""Kinds of scripts: what several clauses look at is drawn and played once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from spec_tests.clauses.registry import CHECKS, Ask, Cases, Check
from spec_tests.judge.played import Played
from spec_tests.scripts.script import Script


class Kind(NamedTuple):
    """Scripts that `ask` makes of `cases`. Two clauses share them where both are the same."""

    cases: Cases
    ask: Ask
    again: Callable[[Played], Script] | None


def kinds_of(check: Check) -> tuple[list[Kind], list[Kind]]:
    """(the usual ones, the rare ones)."""
    usual, rare = (
        [Kind(cases, check.ask, check.again) for cases in found]
        for found in (check.cases, check.rare)
    )
    return usual, rare


@cache
def names() -> dict[Kind, str]:
    """Each kind is named after the first clause that looks at it: a stream of numbers for each."""
    found: dict[Kind, str] = {}
    for check in CHECKS.values():
        usual, rare = kinds_of(check)
        for n, kind in enumerate([*usual, *rare]):
            found.setdefault(kind, f"{check.id} {n}")
    return found


def groups(ids: Iterable[str]) -> list[list[str]]:
    """The clauses that share scripts, directly or by others, together; all in their order."""
    found: list[tuple[set[Kind], list[str]]] = []
    for id in ids:
        usual, rare = kinds_of(CHECKS[id])
        kinds, together = {*usual, *rare}, [id]
        apart = []
        for others, group in found:
            if others & kinds:
                kinds, together = kinds | others, [*group, *together]
            else:
                apart.append((others, group))
        found = [*apart, (kinds, together)]
    return [group for _, group in found]
