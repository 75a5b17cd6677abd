"""Many tasks on several children, under a watchdog; results come in any order, and are sorted."""

from __future__ import annotations

import json
import select
from collections.abc import Callable, Sequence
from typing import Any

from spec_tests.clauses import requirements
from spec_tests.result import Result
from spec_tests.runner.task import BROKEN, CALL, DECLARED, GIANT, RESULT, UNKNOWN, Task
from spec_tests.runner.worker import SECONDS_A_CALL, Worker

MOST_BREAKDOWNS = 5
"""After so many clauses on which the process had to be replaced, the rest is not run."""


class UnknownImplementation(Exception):
    """Nothing of that name, or a declaration that is none."""


class BrokenImplementation(Exception):
    """The adapter's module cannot be imported."""


class Session:
    """Runs tasks; `declared` is what the adapter says of itself, once a child has read it."""

    def __init__(
        self,
        workers: int,
        on_result: Callable[[Task, Result], object],
        seconds_a_call: float = SECONDS_A_CALL,
    ) -> None:
        self.declared: dict[str, Any] = {}
        self.results: dict[tuple[str, str], Result] = {}
        self._broken: set[tuple[str, str]] = set()
        self._on_result = on_result
        self._workers = [Worker(seconds_a_call) for _ in range(workers)]

    def run(self, tasks: Sequence[Task]) -> list[Result]:
        """One result for each task. KeyboardInterrupt leaves `results` with those that are done."""
        waiting = list(reversed(tasks))
        try:
            while waiting or any(worker.task for worker in self._workers):
                for worker in self._workers:
                    if worker.task is None and waiting:
                        self._next(worker, waiting)
                self._listen()
        finally:
            for worker in self._workers:
                worker.close()
        return self.finished(tasks)

    def finished(self, tasks: Sequence[Task]) -> list[Result]:
        """The results so far; what is missing was not run.

        Nor is what comes after too many breakdowns, though another child may have got to it: so
        the results are the same for any number of children.
        """
        results, breakdowns = [], 0
        for task in tasks:
            if breakdowns < MOST_BREAKDOWNS:
                results.append(self.results.get(task.key) or _not_run(task))
            else:
                results.append(_not_run(task, f"after {MOST_BREAKDOWNS} breakdowns"))
            breakdowns += task.key in self._broken
        return results

    def _next(self, worker: Worker, waiting: list[Task]) -> None:
        task = waiting.pop()
        if len(self._broken) < MOST_BREAKDOWNS:
            worker.give(task)

    def _listen(self) -> None:
        ends = [end for worker in self._workers for end in worker.ends()]
        select.select(ends, [], [], 0.05)
        for worker in self._workers:
            suspect = worker.complaint()
            worker.read_output()
            for line in worker.lines():
                self._hear(worker, line)
            complaint = suspect and worker.complaint()
            if complaint:
                self._break_down(worker, complaint)

    def _hear(self, worker: Worker, line: bytes) -> None:
        letter, text = line[:1], line[1:].decode()
        if letter == CALL:
            worker.note_call(text)
        elif letter == DECLARED:
            self.declared = json.loads(text)
        elif letter == UNKNOWN:
            raise UnknownImplementation(json.loads(text))
        elif letter == BROKEN:
            raise BrokenImplementation(json.loads(text))
        elif letter == GIANT:
            self._break_down(worker, json.loads(text))
        elif letter == RESULT and worker.task:
            task, worker.task = worker.task, None
            self._keep(task, Result.read(json.loads(text)))

    def _break_down(self, worker: Worker, complaint: str) -> None:
        task = worker.task
        assert task is not None
        if worker.call == "import":
            raise BrokenImplementation(complaint)
        self._broken.add(task.key)
        level = requirements()[task.clause].level
        worker.restart()
        self._keep(task, Result(task.clause, level, "error", message=complaint))

    def _keep(self, task: Task, result: Result) -> None:
        self.results[task.key] = result
        self._on_result(task, result)


def _not_run(task: Task, why: str = "") -> Result:
    return Result(task.clause, requirements()[task.clause].level, "not-run", message=why)
