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


CALL, RESULT, DECLARED, BROKEN, UNKNOWN, GIANT = b"C", b"R", b"D", b"B", b"U", b"G"
"""First letters of a child's lines: it calls a method (or is back), has a result, has read the
adapter's declaration, could not, found nothing of that name, or ends since a call took too much
memory."""
