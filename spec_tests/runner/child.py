"""The child process: it runs whole clauses, so that state is visible, and says what it does.

Commands come in on one descriptor, answers go out on another; the adapter's own input and output
are none of them. The parent is the watchdog.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from typing import Any, BinaryIO

from spec_tests.runner.task import BROKEN, CALL, DECLARED, GIANT, RESULT, UNKNOWN, Task

MOST_MEMORY = 512 * 2**20
"""Bytes by which one call, other than load, may raise the peak of the process."""


def serve(commands: BinaryIO, answers: int) -> None:
    """Answer tasks until there are no more."""
    subjects: dict[str, Any] = {}

    def say(letter: bytes, text: str = "") -> None:
        line = letter + text.encode() + b"\n"
        while line:
            line = line[os.write(answers, line) :]

    for line in commands:
        task = Task.read(line)
        if task.selector not in subjects:
            subjects[task.selector] = _load(task.selector, say)
        subject = subjects[task.selector]
        if subject is not None:
            say(RESULT, json.dumps(_answer(subject, task)))


def _load(selector: str, say: Any) -> Any:
    from spec_tests.declaration import DeclarationError
    from spec_tests.selectors import SelectorError, find
    from spec_tests.subject import Subject

    peak, called = 0, ""

    def announce(method: str) -> None:
        nonlocal peak, called
        say(CALL, method)
        if called not in ("", "load") and _peak_memory() - peak > MOST_MEMORY:
            say(GIANT, json.dumps(f"{called} takes more than 512 MB"))
            os._exit(1)
        peak, called = _peak_memory(), method

    try:
        say(CALL, "import")
        subject = Subject(find(selector), announce)
        say(CALL)
    except (SelectorError, DeclarationError) as error:
        say(UNKNOWN, json.dumps(str(error)))
        return None
    except BaseException as error:
        say(BROKEN, json.dumps(f"importing {selector} raised {type(error).__name__}: {error}"))
        return None
    say(DECLARED, json.dumps(_described(subject.declaration)))
    return subject


def _described(declaration: Any) -> dict[str, Any]:
    """What the report says of the implementation."""
    entry: dict[str, Any] = asdict(declaration)
    entry["losses"] = [repr(loss) for loss in declaration.losses]
    entry["reported_loss"] = declaration.reported_loss and repr(declaration.reported_loss)
    entry["methods"] = sorted(declaration.methods)
    return entry


def _answer(subject: Any, task: Task) -> dict[str, Any]:
    """The result as plain data. An error of the suite's own is said to be one."""
    try:
        return _run(subject, task)
    except Exception as error:
        from spec_tests.clauses import requirements
        from spec_tests.result import Result

        message = f"the suite itself failed, please report it: {type(error).__name__}: {error}"
        level = requirements()[task.clause].level
        return asdict(Result(task.clause, level, "error", message=message))


def _run(subject: Any, task: Task) -> dict[str, Any]:
    from spec_tests.diagnosis import diagnose
    from spec_tests.runner.engine import run_case, run_clause

    if task.case is not None:
        result, failure = run_case(subject, task.clause, task.case)
    else:
        result, failure = run_clause(subject, task.clause, task.profile, task.seed, task.shrink)
    entry = asdict(result)
    if failure is not None and task.shrink and result.verdict in ("fail", "error"):
        findings = diagnose(subject, task.clause, failure)
        entry["diagnosis"] = [asdict(finding) for finding in findings]
    return entry


def _peak_memory() -> int:
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main() -> None:
    """The descriptors of commands and answers are the arguments."""
    serve(os.fdopen(int(sys.argv[1]), "rb"), int(sys.argv[2]))
