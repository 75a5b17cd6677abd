"""A check is a plain function: a case in, nothing out, or a Violation raised.

`requirements.toml` says what is required; a check says how it is seen: which methods it needs,
which cases it draws, and what it reads.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from hypothesis import strategies as st

from spec_tests.cases.case import Case
from spec_tests.declaration import Declaration
from spec_tests.subject import Subject

Cases = Callable[..., st.SearchStrategy[Case]]
"""From a declaration; some take limits of the topology too."""
Run = Callable[[Subject, Case], float | None]
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
    run: Run

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


def check(
    id: str, reads: str, needs: str, cases: Cases | Sequence[Cases], rare: Sequence[Cases] = ()
) -> Callable[[Run], Run]:
    """Register a function as the check of a clause."""
    kinds = tuple(cases) if isinstance(cases, Sequence) else (cases,)

    def register(run: Run) -> Run:
        if id in CHECKS:
            raise ValueError(f"{id} has two checks")
        known = frozenset(reads.split())
        if not known <= READS:
            raise ValueError(f"{id} reads {reads}, known are {sorted(READS)}")
        CHECKS[id] = Check(id, known, tuple(needs.split()), kinds, tuple(rare), run)
        return run

    return register


@cache
def requirements() -> dict[str, Requirement]:
    """All clauses, in the order of the specification."""
    text = files("spec_tests").joinpath("requirements.toml").read_text(encoding="utf-8")
    clauses: list[dict[str, Any]] = tomllib.loads(text)["clause"]
    return {clause["id"]: Requirement(**clause) for clause in clauses}
