"""An adapter in a Python of its own, as its judge sees it: a new process, or one forked here.

The wire is descriptors of its own, so that what an adapter prints is no answer; and a page that
both share shows what the adapter is doing.
"""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
import warnings
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


class _Child(Program):
    """With a page that shows what it does."""

    def _spawn(self) -> Process:
        self._progress = Progress()
        return super()._spawn()

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
    """A class as it is in this process: a function or a notebook may have made it."""

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
            _apart(printed)
            for end in (self._questions, self._answers, self._printed):
                os.close(end)
            child.play(
                lambda: self._adapter, self._adapter.__name__, questions, answers, self._progress
            )
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        finally:
            os._exit(0)


def _apart(printed: int) -> None:
    """Nothing is read of what this process reads; what is printed, by whatever object of a
    notebook's, goes to the judge."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    sys.stdin = os.fdopen(nothing, closefd=False)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    sys.stdout = sys.stderr = os.fdopen(printed, "w", buffering=1, closefd=False)


class _Fork:
    """A process that was forked, as `subprocess` has others."""

    def __init__(self, process: int) -> None:
        self.pid = process
        self._code: int | None = None
        # It does so too: whoever comes first, the group is there before anyone ends it.
        with suppress(OSError):  # it has ended already, or was first
            os.setpgid(process, process)

    def poll(self) -> int | None:
        return self._look(os.WNOHANG)

    def wait(self) -> int:
        code = self._look(0)
        assert code is not None
        return code

    def _look(self, options: int) -> int | None:
        if self._code is None:
            try:
                process, status = os.waitpid(self.pid, options)
            except ChildProcessError:
                # Somebody else has asked for its end, and nobody knows it any more.
                process, status = self.pid, 0
            self._code = os.waitstatus_to_exitcode(status) if process else None
        return self._code
