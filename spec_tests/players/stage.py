"""What a player is doing, in a page of memory that it shares with its judge.

A player that hangs can tell nothing; what it wrote there before can still be read. Writing costs no
call of the system.
"""

from __future__ import annotations

import mmap
import os
import struct
import tempfile

from spec_tests.adapter import METHODS

FORM = struct.Struct("<QQ")
"""How many things it has begun, and which of STAGES it is at."""
STAGES = ("", "import", "deleting a network", *METHODS)
"""Between two scripts it does nothing."""


class Progress:
    """`descriptor` is that of a file of one page; without one, a new file."""

    def __init__(self, descriptor: int | None = None) -> None:
        if descriptor is None:
            with tempfile.TemporaryFile() as page:
                page.truncate(mmap.PAGESIZE)
                descriptor = os.dup(page.fileno())
        self.descriptor = descriptor
        self._page = mmap.mmap(descriptor, mmap.PAGESIZE)
        self._count = 0

    def note(self, stage: str) -> None:
        self._count += 1
        FORM.pack_into(self._page, 0, self._count, STAGES.index(stage))

    def read(self) -> tuple[int, str]:
        """(how many things were begun, the one it is at)."""
        count, place = FORM.unpack_from(self._page, 0)
        return count, STAGES[place] if place < len(STAGES) else ""

    def close(self) -> None:
        self._page.close()
        os.close(self.descriptor)
