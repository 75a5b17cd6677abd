"""Which failures have one cause: a report shows each cause once, by its simplest clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from spec_tests.clauses import CHECKS, requirements
from spec_tests.result import FAILING, Cause, Result

Reason: TypeAlias = tuple[str, str]


class Root(NamedTuple):
    """One cause: the simplest clause that shows it, and all others, in the same order."""

    first: Result
    others: tuple[Result, ...]

    @property
    def size(self) -> int:
        return 1 + len(self.others)

    @property
    def cause(self) -> Cause | None:
        """That of the first, with those known bugs alone that explain the others too, where there
        are such; and of the declarations that would do for all, the plainest."""
        cause = self.first.cause
        others = [other.cause for other in self.others if other.cause is not None]
        if cause is None:
            return None
        bugs = [id for id in cause.known_bugs if all(id in other.known_bugs for other in others)]
        declare = [name for name in cause.declare if all(name in o.declare for o in others)]
        own = declare or ([] if bugs else cause.declare)
        return replace(cause, known_bugs=bugs or cause.known_bugs, declare=own[:1])

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
        reasons = [reason for result in left for reason in _reasons(result)]
        reason = max(reasons, key=reasons.count)
        own = [result for result in left if reason in _reasons(result)]
        left = [result for result in left if reason not in _reasons(result)]
        found.append(Root(own[0], tuple(own[1:])))
    return sorted(found, key=lambda root: (not root.is_binding, -root.size))


def _reasons(result: Result) -> list[Reason]:
    """What may be the cause; where nothing is known, the clause itself."""
    cause = result.cause
    if cause is None:
        return [("clause", result.id)]
    reasons = [("bug", id) for id in cause.known_bugs]
    reasons += [("declare", name) for name in cause.declare]
    reasons += [(edit.name, edit.factor or edit.scope) for edit in cause.edits]
    if not reasons and cause.certainty == "exact":
        reasons.append(("raised", cause.title))
    return reasons or [("clause", result.id)]
