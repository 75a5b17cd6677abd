"""Which failures have one cause: a report shows each cause once, by its simplest clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from spec_tests.clauses import CHECKS, requirements
from spec_tests.result import Finding, Result

FAILING = ("fail", "flaky", "error")
Cause: TypeAlias = tuple[str, str]


class Root(NamedTuple):
    """One cause: the simplest clause that shows it, and all others, in the same order."""

    first: Result
    others: tuple[Result, ...]

    @property
    def size(self) -> int:
        return 1 + len(self.others)

    @property
    def is_binding(self) -> bool:
        """Whether a MUST is among them."""
        return any(result.level == "MUST" for result in (self.first, *self.others))


def refusals(results: Sequence[Result]) -> tuple[list[Result], int]:
    """The clauses whose wrong input is accepted, of how many that were judged.

    That is no mathematics: a report says it in one line, at its end.
    """
    own = [result for result in results if is_refusal(result.id)]
    judged = [result for result in own if result.verdict in ("pass", "fail")]
    return [result for result in judged if result.verdict == "fail"], len(judged)


def is_refusal(id: str) -> bool:
    """Whether the clause asks for nothing but that wrong input is refused."""
    return id in CHECKS and CHECKS[id].reads == {"errors"}


def roots(results: Sequence[Result]) -> list[Root]:
    """The causes of all failures: a MUST before what only should be, then those of most failures.

    The cause that explains most failures (a known bug, a factor, an error) takes them all, and so
    on with what is left. The specification goes from simple to composed, so the first clause of a
    cause is its simplest.
    """
    order = {id: place for place, id in enumerate(requirements())}
    accepted, _ = refusals(results)
    failing = [r for r in results if r.verdict in FAILING and r not in accepted]
    left = sorted(failing, key=lambda result: order.get(result.id, len(order)))
    found = []
    while left:
        causes = [cause for result in left for cause in _causes(result)]
        cause = max(causes, key=causes.count)
        own = [result for result in left if cause in _causes(result)]
        left = [result for result in left if cause not in _causes(result)]
        found.append(Root(_narrowed(own, cause), tuple(own[1:])))
    return sorted(found, key=lambda root: (not root.is_binding, -root.size))


def _causes(result: Result) -> list[Cause]:
    """What may be the cause; where nothing is known, the clause itself."""
    causes = [("fault", id) for finding in result.diagnosis for id in finding.faults]
    for finding in result.diagnosis:
        if finding.factor is not None:
            causes.append((finding.kind, finding.factor))
        elif finding.kind in ("declaration", "error", "hidden state", "order"):
            causes.append((finding.kind, finding.where))
    return causes or [("clause", result.id)]


def _narrowed(own: list[Result], cause: Cause) -> Result:
    """The first, with those known bugs and declarations alone that explain the others too."""
    common = set.intersection(
        *({id for finding in result.diagnosis for id in finding.faults} for result in own)
    )
    kind, where = cause
    kept = [
        finding
        for finding in own[0].diagnosis
        if kind != "declaration" or finding.kind != kind or finding.where == where
    ]
    first = replace(own[0], diagnosis=kept)
    if not common:
        return first
    return replace(first, diagnosis=[_only(finding, common) for finding in first.diagnosis])


def _only(finding: Finding, ids: set[str]) -> Finding:
    return replace(finding, faults=[id for id in finding.faults if id in ids])
