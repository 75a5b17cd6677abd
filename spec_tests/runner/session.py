"""Many tasks on several judges; results come in any order, and are sorted."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from typing import Any

from spec_tests.clauses import requirements
from spec_tests.players.player import BrokenImplementation, UnknownImplementation
from spec_tests.players.program import SECONDS_A_CALL
from spec_tests.result import Result
from spec_tests.runner.task import BROKE_DOWN, BROKEN, DECLARED, RESULT, UNKNOWN, Task, together
from spec_tests.runner.worker import Worker, wait

MOST_BREAKDOWNS = 5
"""After so many clauses on which the process had to be replaced, the rest is not run."""
TOO_MANY = f"after {MOST_BREAKDOWNS} breakdowns"


LOOK = 0.05
"""Seconds after which one looks whether a judge has died."""


class JudgeError(Exception):
    """A judge has ended, which is no fault of the implementation."""


class Session:
    """Runs tasks; `declared` is what the adapter says of itself, once a child has read it."""

    def __init__(
        self,
        workers: int,
        on_result: Callable[[Result], object],
        seconds_a_call: float = SECONDS_A_CALL,
    ) -> None:
        self.declared: dict[str, Any] = {}
        self.results: dict[tuple[str, str], Result] = {}
        self.is_out_of_time = False
        self._broken: set[tuple[str, str]] = set()
        self._on_result = on_result
        self._workers = [Worker(seconds_a_call) for _ in range(workers)]

    def run(self, tasks: Sequence[Task], seconds: float | None = None) -> list[Result]:
        """One result for each task; after so many seconds, what is missing was not run.

        KeyboardInterrupt leaves `results` with those that are done.
        """
        waiting = list(reversed(together(tasks)))
        end = math.inf if seconds is None else time.monotonic() + seconds
        try:
            while waiting or any(worker.tasks for worker in self._workers):
                if time.monotonic() > end:
                    self.is_out_of_time = True
                    break
                for worker in self._workers:
                    if not worker.tasks and waiting:
                        self._next(worker, waiting)
                self._listen()
        finally:
            for worker in self._workers:
                worker.close()
        return self.finished(tasks)

    def finished(self, tasks: Sequence[Task]) -> list[Result]:
        """The results so far; what is missing was not run.

        Nor is what comes after too many breakdowns, though another judge may have got to it: so
        the results are the same for any number of judges.
        """
        known: set[tuple[str, str]] = set()
        breakdowns = 0
        for bundle in together(tasks):
            if breakdowns < MOST_BREAKDOWNS:
                known |= {task.key for task in bundle}
            breakdowns += sum(task.key in self._broken for task in bundle)
        return [
            (self.results.get(task.key) or not_run(task.clause))
            if task.key in known
            else not_run(task.clause, TOO_MANY)
            for task in tasks
        ]

    def _next(self, worker: Worker, waiting: list[list[Task]]) -> None:
        tasks = waiting.pop()
        if len(self._broken) < MOST_BREAKDOWNS:
            worker.give(tasks)

    def _listen(self) -> None:
        wait(self._workers, LOOK)
        for worker in self._workers:
            ending = worker.ending()
            for line in worker.lines():
                self._hear(worker, line)
            if ending and worker.tasks:
                raise JudgeError(f"{ending}, at {worker.tasks[0].clause}")

    def _hear(self, worker: Worker, line: bytes) -> None:
        letter, entry = line[:1], json.loads(line[1:])
        if letter == DECLARED:
            self.declared = entry
        elif letter == UNKNOWN:
            raise UnknownImplementation(entry)
        elif letter == BROKEN:
            raise BrokenImplementation(entry)
        elif letter == RESULT and worker.tasks:
            task = worker.tasks.pop(0)
            if entry.pop(BROKE_DOWN, False):
                self._broken.add(task.key)
            result = self.results[task.key] = Result.read(entry)
            self._on_result(result)


def not_run(id: str, why: str = "") -> Result:
    return Result(id, requirements()[id].level, "not-run", message=why)
