"""One child process, as the watchdog sees it: what it is doing, since when, and what it prints."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from spec_tests.runner.task import Task

SECONDS_A_CALL = 10.0
IMPORT = 6
"""An import may take so many times as long: large libraries load slowly."""
HOME = str(Path(__file__).parents[2])
START = """import sys; sys.path.append(sys.argv.pop(1)); import spec_tests.runner.child as child
child.main()"""
"""Not with -m: the working folder would come first, and a numbers.py in it hide Python's own."""
MOST_OUTPUT = 10 * 2**20
MOST_MEMORY = 4 * 2**30


class Worker:
    """Gives tasks to a child and reads its lines; a child that has died is replaced."""

    def __init__(self, seconds_a_call: float = SECONDS_A_CALL) -> None:
        self.task: Task | None = None
        self._seconds = seconds_a_call
        self._start()

    def _start(self) -> None:
        commands, self._commands = os.pipe()
        self.answers, answers = os.pipe()
        self.printed, output = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", START, HOME, str(commands), str(answers)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(commands, answers),
            start_new_session=True,
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        for end in (commands, answers, output):
            os.close(end)
        for end in (self.answers, self.printed):
            os.set_blocking(end, False)
        self._partial = b""
        self._last_words = b""
        self._output = 0
        self._is_mute = False
        self.call = ""
        self.since = time.monotonic()

    def give(self, task: Task) -> None:
        self.task = task
        self._output = 0
        self.since = time.monotonic()
        with suppress(BrokenPipeError):  # the child has died: `complaint` will say so
            os.write(self._commands, task.line())

    def lines(self) -> list[bytes]:
        """What the child has said since the last time."""
        text, _ = _read(self.answers)
        *lines, self._partial = (self._partial + text).split(b"\n")
        return lines

    def ends(self) -> list[int]:
        """What to wait for: an end that the child has closed would never make one wait."""
        return [self.answers] if self._is_mute else [self.answers, self.printed]

    def read_output(self) -> None:
        text, self._is_mute = _read(self.printed)
        self._output += len(text)
        self._last_words = (self._last_words + text)[-2000:]

    def note_call(self, method: str) -> None:
        self.call = method
        self.since = time.monotonic()

    def complaint(self) -> str | None:
        """What is wrong with the child, where something is."""
        if self.task is None:
            return None
        if self._output > MOST_OUTPUT:
            return f"{self.call or 'the adapter'} printed more than 10 MB"
        if self._memory() > MOST_MEMORY:
            return f"{self.call or 'the adapter'} takes more than 4 GB of memory"
        limit = self._seconds * (IMPORT if self.call == "import" else 1)
        if self.call and time.monotonic() - self.since > limit:
            return f"{self.call} did not return within {limit:g} s"
        return self._ending()

    def _ending(self) -> str | None:
        code = self._process.poll()
        if code is None:
            return None
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        words = self._last_words.decode(errors="replace").strip().splitlines()
        said = f": {words[-1][:200]}" if words else ""
        return f"{self.call or 'the adapter'} ended the process {how}{said}"

    def _memory(self) -> int:
        """Resident bytes, where the system says."""
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def restart(self) -> None:
        self.close()
        self.task = None
        self._start()

    def close(self) -> None:
        with suppress(ProcessLookupError):  # it has ended already
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for end in (self._commands, self.answers, self.printed):
            os.close(end)


def _read(descriptor: int) -> tuple[bytes, bool]:
    """What there is to read, and whether the other end is closed."""
    parts: list[bytes] = []
    for _ in range(64):
        try:
            part = os.read(descriptor, 65536)
        except BlockingIOError:
            break
        if not part:
            return b"".join(parts), True
        parts.append(part)
    return b"".join(parts), False
