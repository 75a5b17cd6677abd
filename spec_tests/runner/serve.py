"""A judge's process: it takes clauses, plays their scripts on its player, and says the results.

The oracle is evaluated here. Tasks come in on one descriptor, answers go out on another. The
implementation is in a process of its own: what it does to itself cannot change a verdict, nor can
it hang the judge.
"""

from __future__ import annotations

import gc
import json
import os
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from spec_tests.clauses import requirements
from spec_tests.declaration import DeclarationError
from spec_tests.diagnosis import raised
from spec_tests.faults import FAULTS
from spec_tests.players.player import (
    BrokenImplementation,
    InProcess,
    Player,
    UnknownImplementation,
    Wired,
)
from spec_tests.players.program import Program
from spec_tests.players.python_child import PythonChild
from spec_tests.result import Result
from spec_tests.runner.engine import Judged, explained, run_case, run_clauses
from spec_tests.runner.task import BROKE_DOWN, BROKEN, DECLARED, RESULT, UNKNOWN, Task, tasks_of
from spec_tests.scripts.wire import WireError
from spec_tests.selectors import COMMAND
from spec_tests.subject import Subject

Say = Callable[[bytes, Any], None]
MANY = 100_000
"""Objects: some 20 MB."""


def main() -> None:
    """Arguments: the descriptors of tasks and answers, and the seconds that a call may take."""
    answers = int(sys.argv[2])

    def say(letter: bytes, entry: Any) -> None:
        line = letter + json.dumps(entry).encode() + b"\n"
        while line:
            line = line[os.write(answers, line) :]

    # Modules stay, and what is made for a script is gone after it: there is little to collect.
    gc.freeze()
    gc.set_threshold(MANY)
    judge = Judge(say, float(sys.argv[3]))
    signal.signal(signal.SIGTERM, lambda number, frame: judge.end())
    for line in os.fdopen(int(sys.argv[1]), "rb"):
        judge.take(tasks_of(line))
    judge.end()


class Judge:
    """Answers tasks. One player lives at a time."""

    def __init__(self, say: Say, seconds: float) -> None:
        self._say = say
        self._seconds = seconds
        self._selector = ""
        self._subject: Subject | None = None

    def take(self, tasks: Sequence[Task]) -> None:
        """Tasks that share scripts, all of one implementation."""
        task = tasks[0]
        if task.selector != self._selector:
            self._close()
            self._selector = task.selector
            self._subject = _subject(task.selector, self._say, self._seconds)
        if self._subject is not None:
            for entry in _answers(self._subject, tasks):
                self._say(RESULT, entry)

    def end(self) -> None:
        """At once, whatever is being done, and the player before."""
        self._close()
        os._exit(0)

    def _close(self) -> None:
        if self._subject is not None:
            self._subject.player.close()


def player_of(selector: str, seconds: float) -> Player:
    """Known bugs are code of this package, and play in this process."""
    if selector in FAULTS:
        return InProcess(FAULTS[selector].network)
    if selector.startswith(COMMAND):
        return Wired(Program(program(selector), seconds))
    return Wired(PythonChild(selector, seconds))


def program(selector: str) -> list[str]:
    """The words of the command. UnknownImplementation where there are none."""
    try:
        words = shlex.split(selector.removeprefix(COMMAND))
    except ValueError as error:
        raise UnknownImplementation(f"{selector}: {error}") from None
    if not words:
        raise UnknownImplementation(f"{selector} names no program: 'cmd:node my_net.mjs', say")
    return words


def _subject(selector: str, say: Say, seconds: float) -> Subject | None:
    try:
        subject = Subject(player_of(selector, seconds))
    except (UnknownImplementation, DeclarationError, WireError) as error:
        say(UNKNOWN, str(error))
        return None
    except BrokenImplementation as error:
        say(BROKEN, str(error))
        return None
    say(DECLARED, described(subject.declaration))
    return subject


def described(declaration: Any) -> dict[str, Any]:
    """What the report says of the implementation."""
    entry: dict[str, Any] = asdict(declaration)
    entry["losses"] = [repr(loss) for loss in declaration.losses]
    entry["reported_loss"] = declaration.reported_loss and repr(declaration.reported_loss)
    entry["methods"] = sorted(declaration.methods)
    return entry


def _answers(subject: Subject, tasks: Sequence[Task]) -> list[dict[str, Any]]:
    """The results as plain data. An error of the suite's own is said to be one."""
    try:
        judged = _judged(subject, tasks)
        return [_entry(*pair) for pair in zip(tasks, judged, strict=True)]
    except Exception as error:  # a mistake of the suite's is said of these clauses, others go on
        message = f"the suite itself failed, please report it: {type(error).__name__}: {error}"
        ids = [task.clause for task in tasks]
        return [asdict(_broken(id, message)) for id in ids]


def _judged(subject: Subject, tasks: Sequence[Task]) -> list[Judged]:
    """A case of a report is a task of its own."""
    task = tasks[0]
    if task.case is None:
        ids = [task.clause for task in tasks]
        return run_clauses(subject, ids, task.profile, task.seed, task.shrink)
    return [run_case(subject, task.clause, task.case)]


def _broken(id: str, message: str) -> Result:
    level = requirements()[id].level
    return Result(id, level, "error", message=message, cause=raised(id, message))


def _entry(task: Task, judged: Judged) -> dict[str, Any]:
    entry = asdict(explained(judged) if task.shrink else judged.result)
    if judged.breakdown is not None:
        entry[BROKE_DOWN] = True
    return entry
