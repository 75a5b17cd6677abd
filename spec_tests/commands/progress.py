"""What is seen while clauses run: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bar

from spec_tests.result import FAILING, Result

LINES = 4


def console() -> Console:
    """Standard output, as wide as the terminal, without colours where they are not wanted."""
    return Console(highlight=False)


class Progress:
    """Counts results: on standard error, so that reports can be piped."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.failed = 0
        self.bar: Bar | None = None
        if sys.stderr.isatty():
            columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
            self.bar = Bar(*columns, console=Console(stderr=True), transient=True)

    def __enter__(self) -> Progress:
        if self.bar:
            self.bar.start()
            self.task = self.bar.add_task("clauses", total=self.total)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar:
            self.bar.stop()

    def note(self, result: Result) -> None:
        self.done += 1
        self.failed += result.level == "MUST" and result.verdict in FAILING
        words = f"{self.failed} failed" if self.failed else ""
        if self.bar:
            self.bar.update(self.task, completed=self.done, description=f"{result.id} {words}")
        elif self.total >= LINES and self.done * LINES // self.total > (
            (self.done - 1) * LINES // self.total
        ):
            print(f"{self.done} of {self.total} clauses {words}".rstrip(), file=sys.stderr)
