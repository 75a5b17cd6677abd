"""A live cell: the cells of a page share their names, and show what they print."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from docs.live.python.reader import Printed, execute

NAMES: dict[str, Any] = {"__name__": "__main__"}


def run(request: dict[str, Any], say: Any) -> None:
    """Run request["source"]; says {"printed"} as it comes, and {"error"} where it fails."""
    printed: Any = Printed(say)
    with redirect_stdout(printed), redirect_stderr(printed):
        error = execute(request["source"], "cell.py", NAMES)
    if error:
        say({"error": error})
