"""A live cell: the cells of a page share their names, and show what they print."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any

from docs.live.python.reader import Printed, execute

NAMES: dict[str, Any] = {"__name__": "__main__"}


def run(request: dict[str, Any], say: Any) -> None:
    """Run request["above"] in silence, then request["source"].

    Says {"printed"} as it comes, and {"error"} where one fails.
    """
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        for source in request["above"]:
            error = execute(source, "cell.py", NAMES)
            if error:
                say({"error": f"A cell above fails, so this one was not run.\n{error}"})
                return
    printed: Any = Printed(say)
    with redirect_stdout(printed), redirect_stderr(printed):
        error = execute(request["source"], "cell.py", NAMES)
    if error:
        say({"error": error})
