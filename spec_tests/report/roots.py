"""Which failures have one cause: a report shows each cause once, by its simplest clause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spec_tests.clauses import requirements
from spec_tests.result import Result

FAILING = ("fail", "flaky", "error")


class Root(NamedTuple):
    """One cause: the simplest clause that shows it, and all others, in the same order."""

    first: Result
    others: tuple[Result, ...]

    @property
    def size(self) -> int:
        return 1 + len(self.others)


def roots(results: Sequence[Result]) -> list[Root]:
    """The causes of all failures, those of most failures first.

    One cause is an equal first finding, wherever it was; what has no finding stands alone. The
    specification goes from simple to composed, so the first clause of a cause is its simplest.
    """
    order = {id: place for place, id in enumerate(requirements())}
    failing = [result for result in results if result.verdict in FAILING]
    causes: dict[tuple[object, ...], list[Result]] = {}
    for result in sorted(failing, key=lambda result: order.get(result.id, len(order))):
        causes.setdefault(_cause(result), []).append(result)
    found = [Root(first, tuple(others)) for first, *others in causes.values()]
    return sorted(found, key=lambda root: -root.size)


def _cause(result: Result) -> tuple[object, ...]:
    if not result.diagnosis:
        return (result.id,)
    finding = result.diagnosis[0]
    return finding.kind, finding.factor, tuple(finding.faults)
