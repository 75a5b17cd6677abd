"""An adapter in a Python of its own, as its judge sees it: a new process, or one forked here.

The wire is descriptors of its own, so that what an adapter prints is no answer; and a page that
both share shows what the adapter is doing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress

from spec_tests.adapter import Adapter
from spec_tests.players import child
from spec_tests.players.program import HOME, SECONDS_A_CALL, Process, Program, die_with_parent
from spec_tests.players.stage import Progress

START = """import sys; sys.path.append(sys.argv.pop(1)); import spec_tests.players.child as child
child.main()"""
"""Not with -m: the working folder would come first, and a numbers.py in it hide Python's own."""
CAN_FORK = hasattr(os, "fork")


class _Child(Program, ABC):
    """Its ends of the wire, and the page."""

    def _spawn(self) -> Process:
        questions, self._questions = os.pipe()
        self._answers, answers = os.pipe()
        self._printed, printed = os.pipe()
        self._progress = Progress()
        try:
            return self._start_with(questions, answers, printed)
        finally:
            for end in (questions, answers, printed):
                os.close(end)

    @abstractmethod
    def _start_with(self, questions: int, answers: int, printed: int) -> Process:
        """The process, with the ends that are its own."""

    def _close_more(self) -> None:
        self._progress.close()

    def _stage(self) -> tuple[int, str]:
        return self._progress.read()


class PythonChild(_Child):
    """The adapter that a selector names."""

    def __init__(
        self, selector: str, seconds: float = SECONDS_A_CALL, importable: Sequence[str] = ()
    ) -> None:
        """`importable`: folders where it finds modules, before others."""
        super().__init__([sys.executable, "-P", "-c", START, HOME, selector], seconds)
        before = os.environ.get("PYTHONPATH")
        self._importable = os.pathsep.join([*importable, *([before] if before else [])])

    def _start_with(self, questions: int, answers: int, printed: int) -> Process:
        ends = (questions, answers, self._progress.descriptor)
        return subprocess.Popen(
            [*self._command, *map(str, ends)],
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=printed,
            pass_fds=ends,
            start_new_session=True,
            env={**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": self._importable},
            preexec_fn=die_with_parent,
        )


class Forked(_Child):
    """A class that no other process can import, since a function or a notebook has made it."""

    def __init__(self, adapter: type[Adapter], seconds: float = SECONDS_A_CALL) -> None:
        super().__init__([adapter.__name__], seconds)
        self._adapter = adapter

    def _start_with(self, questions: int, answers: int, printed: int) -> Process:
        with warnings.catch_warnings():
            # Other threads, as a notebook has them, stay behind; their locks are none of ours.
            warnings.simplefilter("ignore", DeprecationWarning)
            process = os.fork()
        if process:
            return _Fork(process)
        try:
            os.setpgid(0, 0)
            die_with_parent()
            _speak_into(printed)
            for end in (self._questions, self._answers, self._printed):
                os.close(end)
            child.play(
                lambda: self._adapter, self._adapter.__name__, questions, answers, self._progress
            )
        finally:
            os._exit(0)


def _speak_into(printed: int) -> None:
    """What is printed, by whatever object of a notebook's, goes to the judge."""
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    sys.stdout = sys.stderr = os.fdopen(printed, "w", buffering=1, closefd=False)


class _Fork:
    """A process that was forked, as `subprocess` has others."""

    def __init__(self, process: int) -> None:
        self.pid = process
        self._code: int | None = None
        with suppress(PermissionError):  # it has done so itself
            os.setpgid(process, process)

    def poll(self) -> int | None:
        return self._look(os.WNOHANG)

    def wait(self) -> int:
        code = self._look(0)
        assert code is not None
        return code

    def _look(self, options: int) -> int | None:
        if self._code is None:
            process, status = os.waitpid(self.pid, options)
            self._code = os.waitstatus_to_exitcode(status) if process else None
        return self._code
