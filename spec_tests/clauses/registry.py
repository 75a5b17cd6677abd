"""A clause is a row of a table: what it reads, which cases it draws, what it asks, who judges.

`requirements.toml` says what is required; here stands how it is seen.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from spec_tests.cases.case import Case
from spec_tests.cases.drawing import Drawing
from spec_tests.declaration import Declaration
from spec_tests.judge.played import Played
from spec_tests.scripts.script import Script
from spec_tests.subject import Subject

Cases = Callable[..., Drawing[Case]]
"""From a declaration; some take limits of the topology too."""
Ask = Callable[[Case, Declaration], Script]
Judge = Callable[[Played], float | None]
READS = frozenset(
    [
        "forward",
        "gradient",
        "loss",
        "step",
        "epoch",
        "optimizer",
        "purity",
        "non-finite",
        "shape",
        "errors",
    ]
)


class Requirement(NamedTuple):
    """One sentence of the specification."""

    id: str
    level: str
    tier: str
    sentence: str
    anchor: str

    @property
    def group(self) -> str:
        return self.id.partition("-")[0]


class Check(NamedTuple):
    """How a clause is checked; `needs` are methods, where "a|b" is either.

    The kinds of `cases` share the examples alike, what is `rare` has a few of its own: so each
    kind that is declared occurs in every run, by plan.
    """

    id: str
    reads: frozenset[str]
    needs: tuple[str, ...]
    cases: tuple[Cases, ...]
    rare: tuple[Cases, ...]
    ask: Ask
    judge: Judge
    again: Callable[[Played], Script] | None

    def played(self, subject: Subject, case: Case) -> Played:
        played = subject.play(self.ask(case, subject.declaration))
        if self.again is not None:
            played.again = subject.play(self.again(played))
        return played

    def run(self, subject: Subject, case: Case) -> float | None:
        """The share of a bound that was used; raises what the judge raises."""
        return self.judge(self.played(subject, case))

    def missing(self, declaration: Declaration) -> str | None:
        """Why the clause cannot be checked, None where it can."""
        for need in self.needs:
            names = need.split("|")
            if not any(name in declaration.methods for name in names):
                own = [declaration.nearly[name] for name in names if name in declaration.nearly]
                hint = f" (but {', '.join(own)})" if own else ""
                return f"the adapter has no {' or '.join(names)}{hint}"
        return None


CHECKS: dict[str, Check] = {}


def clause(
    id: str,
    reads: str,
    needs: str,
    cases: Cases | Sequence[Cases],
    ask: Ask,
    judge: Judge,
    *,
    rare: Sequence[Cases] = (),
    again: Callable[[Played], Script] | None = None,
) -> None:
    """A row of the table: what the clause reads and needs; `ask` makes a script of each of its
    cases, and `judge` reads the answers.

    `again` makes another script of the answers, whose answers are read too.
    """

    if id in CHECKS:
        raise ValueError(f"{id} stands twice")
    words, kinds = frozenset(reads.split()), cases if isinstance(cases, Sequence) else [cases]
    if not words <= READS:
        raise ValueError(f"{id} reads {reads}, known are {sorted(READS)}")
    CHECKS[id] = Check(
        id, words, tuple(needs.split()), tuple(kinds), tuple(rare), ask, judge, again
    )


@cache
def requirements() -> dict[str, Requirement]:
    """All clauses, in the order of the specification."""
    text = files("spec_tests").joinpath("requirements.toml").read_text(encoding="utf-8")
    clauses: list[dict[str, Any]] = tomllib.loads(text)["clause"]
    return {clause["id"]: Requirement(**clause) for clause in clauses}
