"""The Python child: an adapter behind the wire, on descriptors of its own.

It says in a shared page what it is doing, so that a watchdog knows which call hangs.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable
from typing import Any, BinaryIO

from spec_tests.adapter import Adapter
from spec_tests.players.play import Play
from spec_tests.players.stage import Progress
from spec_tests.scripts import wire

Find = Callable[[], type[Adapter]]
MOST_MEMORY = 512 * 2**20
"""Bytes by which one call, other than load, may raise the peak of the process."""


def main() -> None:
    """Arguments: the selector, and the descriptors of questions, answers and progress."""
    selector, questions, answers, page = sys.argv[1], *map(int, sys.argv[2:5])
    play(lambda: _found(selector), selector, questions, answers, Progress(page))


def _found(selector: str) -> type[Adapter]:
    """Imported late: what an adapter's module does to the suite is seen by the watchdog."""
    from spec_tests.selectors import find

    return find(selector)


def play(find: Find, name: str, questions: int, answers: int, progress: Progress) -> None:
    """Until nobody asks any more."""
    threading.Thread(target=_end_with_the_judge, args=(questions,), daemon=True).start()
    serve(find, name, os.fdopen(questions, "rb"), answers, progress)


def _end_with_the_judge(questions: int) -> None:
    """Where nobody is left to ask, also while a call hangs."""
    poll = select.poll()
    poll.register(questions, 0)  # only that it was closed
    poll.poll()
    os._exit(1)


def serve(find: Find, name: str, questions: BinaryIO, answers: int, progress: Progress) -> None:
    """Declare, then answer scripts until there are no more."""
    own = os.getpid()
    say = _speaker(answers)
    adapter: Any = None
    watch = _watch(progress, own, say)
    for question in questions:
        entry = wire.read(question)
        if adapter is None:
            adapter = _declared(find, name, watch, say)
            continue
        say({"script": entry["script"], "answers": Play(adapter, entry, watch).answers()})


def _speaker(answers: int) -> Callable[[Any], None]:
    def say(entry: Any) -> None:
        line = wire.line(entry)
        while line:
            line = line[os.write(answers, line) :]

    return say


def _watch(progress: Progress, own: int, say: Callable[[Any], None]) -> Callable[[str], None]:
    peak, called = 0, ""

    def announce(stage: str) -> None:
        nonlocal peak, called
        if os.getpid() != own:
            os._exit(0)  # an adapter has forked, and this is not the process that is asked
        after = _peak_memory()
        if called not in ("", "load", "import") and after - peak > MOST_MEMORY:
            say({"giant": f"{called} takes more than 512 MB"})
            os._exit(1)
        peak, called = after, stage
        progress.note(stage)

    return announce


def _declared(
    find: Find, name: str, announce: Callable[[str], None], say: Callable[[Any], None]
) -> Any:
    """The adapter class; what it declares, or why there is none, was said."""
    from spec_tests.declaration import DeclarationError
    from spec_tests.players.declared import as_json
    from spec_tests.selectors import SelectorError

    announce("import")
    try:
        adapter = find()
        entry = as_json(adapter)
    except (SelectorError, DeclarationError) as error:
        say({"unknown": str(error)})
        return None
    except BaseException as error:
        say({"broken": f"importing {name} raised {type(error).__name__}: {error}"})
        return None
    announce("")
    say(entry)
    return adapter


def _peak_memory() -> int:
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
