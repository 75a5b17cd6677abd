"""A player in a process of its own, as its judge sees it: what it is asked, and a watchdog.

The wire is standard input and output.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from spec_tests.scripts.wire import shortened

SECONDS_A_CALL = 10.0
IMPORT = 6
"""An import may take so many times as long: large libraries load slowly."""
LOOK = 0.1
"""Seconds from one look of the watchdog to the next; what is ready is read at once."""
HOME = str(Path(__file__).parents[2])
MOST_OUTPUT = 10 * 2**20
MOST_ANSWER = 2**28
MOST_MEMORY = 4 * 2**30


class PlayerError(Exception):
    """The player gave no answer: it hung, ended, or did what no player may."""


class Process(Protocol):
    """As `subprocess` has them."""

    pid: int

    def poll(self) -> int | None: ...

    def wait(self) -> int: ...


class Program:
    """Asks a line and gets a line. After a PlayerError the next question starts a new process."""

    def __init__(self, command: Sequence[str], seconds: float = SECONDS_A_CALL) -> None:
        self._command = list(command)
        self._seconds = seconds
        self._process: Process | None = None
        self.is_new = True
        """Whether the process has answered nothing so far."""

    def ask(self, line: bytes) -> bytes:
        """The answer to a line. PlayerError, which says what it was doing, where there is none."""
        if self._process is None:
            self._start()
        self._output = 0
        if self._partial or self._arrived():
            raise self._ended(f"the program answered before it was asked: {self._begun()}")
        try:
            return self._exchange(line)
        except PlayerError as error:
            raise self._ended(str(error)) from None

    def close(self) -> None:
        """End the process and all that it has started in its session."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):  # it has ended already
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for end in (self._questions, self._answers, self._printed):
            os.close(end)
        self._close_more()
        self._process = None
        self.is_new = True

    def _start(self) -> None:
        self._partial = b""
        self._last_words = b""
        self._output = 0
        self._is_mute = False
        self.is_new = True
        try:
            self._process = self._spawn()
        except OSError as error:
            raise PlayerError(f"{self._command[0]}: {error.strerror}") from None
        self._memory_at_start = self._memory()
        for end in (self._questions, self._answers, self._printed):
            os.set_blocking(end, False)

    def _spawn(self) -> Process:
        """A process with its ends of three pipes, of which the others stay here."""
        questions, self._questions = os.pipe()
        self._answers, answers = os.pipe()
        self._printed, printed = os.pipe()
        try:
            return self._start_with(questions, answers, printed)
        except OSError:
            for end in (self._questions, self._answers, self._printed):
                os.close(end)
            raise
        finally:
            for end in (questions, answers, printed):
                os.close(end)

    def _start_with(self, questions: int, answers: int, printed: int) -> Process:
        return subprocess.Popen(
            self._command,
            stdin=questions,
            stdout=answers,
            stderr=printed,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )

    def _close_more(self) -> None:
        """A program of any language has nothing else."""

    def _stage(self) -> tuple[int, str]:
        """How many things were begun, and what is being done; "" where nobody knows."""
        return 0, "the program"

    def _exchange(self, line: bytes) -> bytes:
        left, begun = memoryview(line), -1
        since = looked = time.monotonic()
        while True:
            writing = [self._questions] if left else []
            reading = [self._answers] if self._is_mute else [self._answers, self._printed]
            ready, _, _ = select.select(reading, writing, [], LOOK)
            if left:
                left = left[self._written(left) :]
            if self._answers in ready and self._arrived() and b"\n" in self._partial:
                self.is_new = False
                text, _, self._partial = self._partial.partition(b"\n")
                return text
            if self._printed in ready:
                self._listen()
            now = time.monotonic()
            if now - looked < LOOK:
                continue
            looked = now
            count, stage = self._stage()
            if count != begun:
                begun, since = count, now
            self._look(stage, now - since)

    def _written(self, left: memoryview) -> int:
        try:
            return os.write(self._questions, left)
        except BlockingIOError:
            return 0
        except BrokenPipeError:  # it has ended, or reads no more: `_look` will say so
            return 0

    def _arrived(self) -> bool:
        """Whether there is something to read that has not been read."""
        text, closed = read_ready(self._answers)
        self._partial += text
        if closed and not text:
            time.sleep(LOOK)  # its end of the pipe is closed before its exit code is known
            raise PlayerError(self._ending() or "the program has closed its output")
        return bool(text)

    def _listen(self) -> None:
        text, self._is_mute = read_ready(self._printed)
        self._output += len(text)
        self._last_words = (self._last_words + text)[-2000:]

    def _look(self, stage: str, seconds: float) -> None:
        """PlayerError where something is wrong."""
        who = stage or "the adapter"
        if self._output > MOST_OUTPUT:
            raise PlayerError(f"{who} printed more than 10 MB")
        if len(self._partial) > MOST_ANSWER:
            raise PlayerError(f"{who} answers more than 256 MB: {self._begun()}")
        if self._memory() - self._memory_at_start > MOST_MEMORY:
            raise PlayerError(f"{who} takes more than 4 GB of memory")
        limit = self._seconds * (IMPORT if stage == "import" or self.is_new else 1)
        if seconds > limit:
            begun = f"; so far: {self._begun()}" if self._partial else ""
            raise PlayerError(f"{who} did not return within {limit:g} s{begun}")
        ending = self._ending()
        if ending:
            raise PlayerError(ending)

    def _ending(self) -> str:
        assert self._process is not None
        code = self._process.poll()
        if code is None:
            return ""
        self._listen()
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        words = self._last_words.strip().splitlines()
        # Of a stack trace the line that names the error, wherever a language prints it.
        named = [line for line in words if b"Error: " in line or b"error: " in line] or words
        said = f": {shortened(named[-1][:200])}" if words else ""
        who = self._stage()[1] or "the adapter"
        return f"{who} ended {'' if who == 'the program' else 'the process '}{how}{said}"

    def _memory(self) -> int:
        """Resident bytes, where the system says."""
        assert self._process is not None
        try:
            pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def _begun(self) -> str:
        return shortened(self._partial)

    def _ended(self, message: str) -> PlayerError:
        self.close()
        return PlayerError(message)


def _prctl() -> Callable[[int, int], object] | None:
    """Of Linux; None elsewhere."""
    # Other systems have no such call or library; on Windows, None is not even a name.
    with suppress(OSError, AttributeError, TypeError):  # then players end by their pipes
        function: Callable[[int, int], object] = ctypes.CDLL(None).prctl
        return function
    return None


PRCTL, DEATH_SIGNAL = _prctl(), 1


def die_with_parent() -> None:
    """Where the system can do that: a judge that is killed cannot end its player itself."""
    if PRCTL is not None:
        PRCTL(DEATH_SIGNAL, signal.SIGKILL)


def read_ready(descriptor: int) -> tuple[bytes, bool]:
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
