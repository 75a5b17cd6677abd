"""What one child process is asked to do, and how it answers: JSON, a line each."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


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

    def line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @staticmethod
    def read(line: bytes) -> Task:
        return Task(**json.loads(line))


RESULT, DECLARED, BROKEN, UNKNOWN = b"R", b"D", b"B", b"U"
"""First letters of a judge's lines: a result, what the implementation declares, that it could not
be started, or that there is nothing of that name."""
BROKE_DOWN = "broke down"
"""In a result: the player had to be replaced."""
