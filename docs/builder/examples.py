"""One small case for each clause and each classic bug: `python -m docs.builder.examples`.

Where a bug breaks the clause, it is the smallest case that shows it, with what was got and
expected; where none does, the smallest case that the clause accepts.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, replace
from random import Random
from typing import Any

from docs.builder.reports import EXAMPLES, FOLDER, kill_matrix
from spec_tests import selectors
from spec_tests.cases.case import Case
from spec_tests.cases.literal import as_literal
from spec_tests.clauses import CHECKS, requirements
from spec_tests.diagnosis import unexplained
from spec_tests.errors import Unsupported, Vacuous
from spec_tests.faults import FAULTS
from spec_tests.result import Result
from spec_tests.runner.session import Session
from spec_tests.runner.shrink import smallest
from spec_tests.runner.task import Task
from spec_tests.subject import in_process

PROFILE = "quick"
RIGHT = "textbook"
"""The network that every bug is planted in, right."""
MOST_CASES = 500


def pairs(killed: dict[str, list[str]]) -> list[tuple[str, str]]:
    """(bug, clause): for each bug the simplest clause that sees it, then the rest of the clauses.

    killed: bug -> the clauses that catch it. The specification goes from simple to composed; only
    bugs of a shape are shown by clauses of shapes, which see every error that is raised.
    """
    order = list(requirements())

    def simplest(bug: str) -> str:
        about_shapes = FAULTS[bug].kind == "shape"
        return min(
            killed[bug],
            key=lambda clause: (clause.startswith("SHAPE") > about_shapes, order.index(clause)),
        )

    found = [(bug, simplest(bug)) for bug in killed]
    shown = Counter(bug for bug, _ in found)

    def telling(bug: str, clause: str) -> tuple[bool, int, int]:
        """Small for a bug of the clause's own kind, that touches little and is not shown often."""
        kind, touches = FAULTS[bug].kind, FAULTS[bug].touches
        return not clause.lower().startswith(kind[:3]), len(touches), shown[bug]

    for clause in order:
        bugs = [bug for bug in killed if clause in killed[bug]]
        if bugs and clause not in {clause for _, clause in found}:
            bug = min(bugs, key=lambda bug: telling(bug, clause))
            found.append((bug, clause))
            shown[bug] += 1
    return found


def accepted(clause: str) -> Result:
    """The smallest case that the clause is checked with, on a network that is right."""
    subject, check = in_process(selectors.find(RIGHT)), CHECKS[clause]

    def fits(case: Case) -> bool:
        try:
            check.run(subject, case)
        except (Vacuous, ArithmeticError, Unsupported):
            return False
        return True

    drawing = check.cases[0](subject.declaration)
    drawings = (drawing(Random(seed)) for seed in range(MOST_CASES))
    case = smallest(next(case for case in drawings if fits(case)), fits)
    cause = replace(unexplained(clause, ""), case=as_literal(case))
    return Result(clause, requirements()[clause].level, "pass", cause=cause)


def examples(killed: dict[str, list[str]]) -> list[dict[str, Any]]:
    """{"fault": a bug or None, and all that a report says of the clause}."""
    tasks = [Task(bug, clause, PROFILE, 0) for bug, clause in pairs(killed)]
    results = Session(2, lambda result: None).run(tasks)
    found = [
        {"fault": task.selector, **asdict(result)}
        for task, result in zip(tasks, results, strict=True)
    ]
    shown = {task.clause for task in tasks}
    rest = [accepted(clause) for clause in requirements() if clause not in shown]
    return found + [{"fault": None, **asdict(result)} for result in rest]


if __name__ == "__main__":
    entry = {
        "schema": EXAMPLES,
        "examples": examples({e["id"]: e["killed"] for e in kill_matrix()}),
    }
    text = json.dumps(entry, ensure_ascii=False, indent=1)
    (FOLDER / "examples.json").write_text(f"{text}\n", encoding="utf-8")
