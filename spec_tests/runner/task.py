"""What a judge's process is asked to do, and how it answers: JSON, a line each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from spec_tests.clauses.kinds import groups


@dataclass(frozen=True)
class Task:
    """One clause on one implementation; with `case`, on that case alone."""

    selector: str
    clause: str
    profile: str
    seed: int
    shrink: bool = True
    case: dict[str, Any] | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.selector, self.clause


def line_of(tasks: Sequence[Task]) -> bytes:
    return json.dumps([asdict(task) for task in tasks]).encode() + b"\n"


def tasks_of(line: bytes) -> list[Task]:
    return [Task(**entry) for entry in json.loads(line)]


def together(tasks: Sequence[Task]) -> list[list[Task]]:
    """What one judge does at once: the clauses that share scripts, of one implementation.

    A case of a report is one clause's own.
    """
    alike: dict[tuple[Any, ...], dict[str, Task]] = {}
    for n, task in enumerate(tasks):
        alone = None if task.case is None else n
        key = task.selector, task.profile, task.seed, task.shrink, alone
        alike.setdefault(key, {})[task.clause] = task
    return [[own[id] for id in group] for own in alike.values() for group in groups(own)]


RESULT, DECLARED, BROKEN, UNKNOWN = b"R", b"D", b"B", b"U"
"""First letters of a judge's lines: a result, what the implementation declares, that it could not
be started, or that there is nothing of that name."""
BROKE_DOWN = "broke down"
"""In a result: the player had to be replaced."""
