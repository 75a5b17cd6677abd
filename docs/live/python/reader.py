"""The reader's code: run it, and where it fails, show the way through its own lines."""

from __future__ import annotations

import linecache
import traceback
from typing import Any


def execute(source: str, name: str, namespace: dict[str, Any]) -> str | None:
    """Run `source` as the file `name`; the traceback where it fails, of its own frames."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        exec(compile(source, name, "exec"), namespace)
    except BaseException as error:  # SystemExit too: the worker goes on
        return _trace(error, name)
    return None


def _trace(error: BaseException, name: str) -> str:
    place = error.__traceback__
    while place is not None and place.tb_frame.f_code.co_filename != name:
        place = place.tb_next
    return "".join(traceback.format_exception(error.with_traceback(place)))


class Printed:
    """A file that hands on what is printed, up to `most` characters."""

    def __init__(self, say: Any, most: int = 100_000) -> None:
        self.say = say
        self.left = most

    def write(self, text: str) -> int:
        if self.left > 0:
            self.say({"printed": text[: self.left]})
            self.left -= len(text)
            if self.left <= 0:
                self.say({"printed": "\n... and more, which is not shown\n"})
        return len(text)

    def flush(self) -> None:
        """Everything has been handed on already."""
