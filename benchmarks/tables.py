"""Tables on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

console = Console(highlight=False)


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> None:
    """Print a table: the first column to the left, all others to the right."""
    table = Table(
        title=title, caption=note, box=box.SIMPLE, title_style="bold", title_justify="left"
    )
    table.caption_justify = "left"
    for i, column in enumerate(columns):
        table.add_column(column, justify="right" if i else "left")
    for row in rows:
        table.add_row(*row)
    console.print(table)
