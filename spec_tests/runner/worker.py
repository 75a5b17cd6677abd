"""One judge's process, as the supervisor sees it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

from spec_tests.players.program import HOME, SECONDS_A_CALL, die_with_parent, read_ready
from spec_tests.runner.task import Task, line_of

START = """import sys; sys.path.append(sys.argv.pop(1)); import spec_tests.runner.serve as serve
serve.main()"""
"""Not with -m: the working folder would come first, and a numbers.py in it hide Python's own."""


SECONDS_TO_END = 2.0


class Worker:
    """Gives tasks to a judge and reads its lines."""

    def __init__(self, seconds_a_call: float = SECONDS_A_CALL) -> None:
        self.tasks: list[Task] = []
        """What it has not answered yet."""
        tasks, self._questions = os.pipe()
        self.answers, answers = os.pipe()
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-P", "-c", START, HOME),
                *(str(tasks), str(answers), str(seconds_a_call)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(tasks, answers),
            start_new_session=True,
            env={**os.environ, "PYTHONHASHSEED": "0"},
            preexec_fn=die_with_parent,
        )
        os.close(tasks)
        os.close(answers)
        os.set_blocking(self.answers, False)
        self._partial = b""

    def give(self, tasks: Sequence[Task]) -> None:
        self.tasks = list(tasks)
        with suppress(BrokenPipeError):  # the judge has died: `ending` will say so
            os.write(self._questions, line_of(tasks))

    def lines(self) -> list[bytes]:
        """What the judge has said since the last time."""
        text, _ = read_ready(self.answers)
        *lines, self._partial = (self._partial + text).split(b"\n")
        return lines

    def ending(self) -> str:
        """How the judge has ended, "" where it has not."""
        code = self._process.poll()
        if code is None:
            return ""
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        return f"the judge ended {how}"

    def close(self) -> None:
        """It ends its player, and then itself."""
        self._process.terminate()
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for end in (self._questions, self.answers):
            os.close(end)


def wait(workers: Sequence[Worker], seconds: float) -> None:
    """Until one of them has said something, or so long."""
    select.select([worker.answers for worker in workers], [], [], seconds)
