"""What became of one clause, and of all: plain data, for every report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

VERDICTS = ("pass", "fail", "error", "unsupported", "flaky", "not-run")
SCHEMA = "refnn-conform/1"
SPEC = "1.0"


@dataclass(frozen=True)
class Finding:
    """One thing that the diagnosis says: factor is exact, faults are ids of known bugs."""

    kind: str
    where: str
    factor: str | None = None
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Result:
    """case, expected, got and bound are of the smallest case that fails."""

    id: str
    level: str
    verdict: str
    examples: int = 0
    vacuous: int = 0
    margin: float | None = None
    case: Any = None
    expected: Any = None
    got: Any = None
    bound: float | None = None
    diagnosis: list[Finding] = field(default_factory=list)
    message: str = ""

    @staticmethod
    def read(entry: dict[str, Any]) -> Result:
        findings = [Finding(**finding) for finding in entry["diagnosis"]]
        return Result(**{**entry, "diagnosis": findings})


@dataclass(frozen=True)
class Report:
    """All results of one run, in the order of the specification."""

    implementation: dict[str, Any]
    profile: str
    seed: int
    clauses: Sequence[Result]
    complete: bool

    def summary(self) -> dict[str, dict[str, int]]:
        return {level.lower(): self._count(level) for level in ("MUST", "SHOULD")}

    def _count(self, level: str) -> dict[str, int]:
        own = [result.verdict for result in self.clauses if result.level == level]
        return {"total": len(own)} | {verdict: own.count(verdict) for verdict in VERDICTS}

    def exit_code(self, strict: bool = False) -> int:
        """0 nothing failed, 1 a MUST failed (`strict`: or a SHOULD), 3 the adapter itself broke."""
        binding = {result.verdict for result in self.clauses if strict or result.level == "MUST"}
        if binding & {"fail", "flaky"}:
            return 1
        is_broken = any(result.verdict == "error" for result in self.clauses)
        return 3 if is_broken or not self.complete else 0

    def as_json(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "implementation": self.implementation,
            "spec": SPEC,
            "profile": self.profile,
            "seed": self.seed,
            "clauses": [asdict(result) for result in self.clauses],
            "summary": self.summary(),
            "complete": self.complete,
        }
