"""What commands show: progress and tables, by rich where it is installed, else plain lines."""

from __future__ import annotations

import importlib.util
import math
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

PLAIN_LINES = 10


def _is_live() -> bool:
    return sys.stderr.isatty() and importlib.util.find_spec("rich") is not None


@contextmanager
def progress(name: str, epochs: int) -> Iterator[Callable[[int, float], None]]:
    """Gives on_epoch(epoch, loss): a bar on a terminal, else about ten lines; on stderr."""
    if not _is_live():
        every = max(1, epochs // PLAIN_LINES)

        def line(epoch: int, loss: float) -> None:
            if epoch % every == 0 or epoch == epochs:
                print(f"{name}: epoch {epoch} of {epochs}, loss {loss:.4g}", file=sys.stderr)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("loss {task.fields[loss]:.4g}"),
        Remaining(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(name, total=epochs, loss=float("nan"))
        yield lambda epoch, loss: bar.update(task, completed=epoch, loss=loss)


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The first column to the left, the others to the right."""
    if sys.stdout.isatty() and importlib.util.find_spec("rich") is not None:
        from rich import box
        from rich.console import Console
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD)
        for i, column in enumerate(columns):
            table.add_column(column, justify="right" if i else "left")
        for row in rows:
            table.add_row(*row)
        Console().print(table)
        return
    lines = [columns, *rows]
    widths = [max(len(line[i]) for line in lines) for i in range(len(columns))]
    for line in lines:
        first, *rest = (
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join([first, *rest]).rstrip())


def finite_or_null(value: float) -> float | None:
    """JSON has no word for infinity and NaN but null."""
    return value if math.isfinite(value) else None


def terminal_width() -> int:
    """In columns, and at least 40."""
    return max(shutil.get_terminal_size().columns, 40)


def print_wrapped(text: str, indent: str = "") -> None:
    """`text` in lines as wide as the terminal, further ones indented by four more."""
    for line in textwrap.wrap(
        text,
        terminal_width(),
        initial_indent=indent,
        subsequent_indent=indent + "    ",
        break_on_hyphens=False,
    ):
        print(line)
