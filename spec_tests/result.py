"""What became of each clause, and why: plain data, for every report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

VERDICTS = ("pass", "fail", "error", "unsupported", "flaky", "not-run")
FAILING = ("fail", "error", "flaky")
SCHEMA = "refnn-conform/2"
SPEC = "1.0"


@dataclass(frozen=True)
class Edit:
    """What turns right numbers into those that were seen; a factor is exact: 2, -1, 1/B."""

    name: str
    scope: str
    factor: str | None = None

    def __str__(self) -> str:
        """ "scale: layer 0 dW, factor 2"."""
        factor = f", factor {self.factor}" if self.factor is not None else ""
        return f"{self.name}: {self.scope}{factor}"


@dataclass(frozen=True)
class Cause:
    """Why a clause fails, as far as it is known.

    place: which layers are right and which wrong; declare: each of these declarations would make it
    right. case, script, got, expected and bound are of the smallest case that fails; they are None
    where there is none, and the numbers where none were compared.
    """

    title: str
    stage: str
    place: str | None = None
    edits: list[Edit] = field(default_factory=list)
    yours: str | None = None
    right: str | None = None
    reference: str | None = None
    equation: str | None = None
    known_bugs: list[str] = field(default_factory=list)
    declare: list[str] = field(default_factory=list)
    case: dict[str, Any] | None = None
    script: dict[str, Any] | None = None
    got: float | str | None = None
    expected: float | str | None = None
    bound: float | None = None
    certainty: str = "place"
    """exact: this explains all that was seen; bound: within the bounds; place: it does not."""

    @staticmethod
    def read(entry: dict[str, Any]) -> Cause:
        return Cause(**{**entry, "edits": [Edit(**edit) for edit in entry["edits"]]})


@dataclass(frozen=True)
class Result:
    """What became of a clause; a failing one has a cause."""

    id: str
    level: str
    verdict: str
    judged: int = 0
    vacuous: int = 0
    margin: float | None = None
    message: str = ""
    cause: Cause | None = None

    @staticmethod
    def read(entry: dict[str, Any]) -> Result:
        cause = entry["cause"] and Cause.read(entry["cause"])
        return Result(**{**entry, "cause": cause})


@dataclass(frozen=True)
class Report:
    """All results of one run, in the order of the specification."""

    implementation: dict[str, Any]
    profile: str
    seed: int
    clauses: Sequence[Result]
    complete: bool
    declared: dict[str, Any] = field(default_factory=dict)
    """All that the implementation declares, by the names of an adapter."""
    interrupted: bool = False
    """By Ctrl-C: that it is not complete is all that is kept of this."""

    def summary(self) -> dict[str, dict[str, int]]:
        return {level.lower(): self._count(level) for level in ("MUST", "SHOULD")}

    def _count(self, level: str) -> dict[str, int]:
        own = [result.verdict for result in self.clauses if result.level == level]
        return {"total": len(own)} | {verdict: own.count(verdict) for verdict in VERDICTS}

    def exit_code(self, strict: bool = False) -> int:
        """0 nothing failed, 1 a MUST failed (`strict`: or a SHOULD), 3 the adapter itself broke or
        time ran out, 130 Ctrl-C."""
        if self.interrupted:
            return 130
        binding = {result.verdict for result in self.clauses if strict or result.level == "MUST"}
        if binding & {"fail", "flaky"}:
            return 1
        is_broken = any(result.verdict == "error" for result in self.clauses)
        return 3 if is_broken or not self.complete else 0
