"""refnn-conform faults: which clause catches which classic bug."""

from __future__ import annotations

import argparse
import json
from typing import Any

from rich.table import Table

from refnn.files import check_target, write_whole
from spec_tests.clauses import CHECKS, requirements
from spec_tests.commands.progress import Progress, console
from spec_tests.faults import FAULTS
from spec_tests.faults.seen import seen
from spec_tests.result import FAILING
from spec_tests.runner.session import Session
from spec_tests.runner.task import Task

SCHEMA = "refnn-conform-faults/1"


def faults(arguments: argparse.Namespace) -> int:
    """Run every fault through every clause. 1 where one survives, or a clause fails by accident."""
    if arguments.json:
        check_target(arguments.json)
    matrix = kill_matrix(list(FAULTS), arguments.workers, arguments.profile, arguments.seed)
    if arguments.json:
        entry = as_json(matrix, arguments.profile, arguments.seed)
        text = json.dumps(entry, ensure_ascii=False, indent=1)
        write_whole(arguments.json, f"{text}\n".encode())
    _print(matrix)
    good = all(entry["killed"] and not entry["accidents"] for entry in matrix.values())
    return 0 if good else 1


def kill_matrix(
    ids: list[str], workers: int, profile: str, seed: int
) -> dict[str, dict[str, list[str]]]:
    """fault -> the clauses that kill it, and those that fail though they read nothing of it."""
    tasks = [Task(id, clause, profile, seed, shrink=False) for id in ids for clause in CHECKS]
    with Progress(len(tasks)) as progress:
        results = Session(workers, progress.note).run(tasks)
    matrix: dict[str, dict[str, list[str]]] = {id: {"killed": [], "accidents": []} for id in ids}
    for task, result in zip(tasks, results, strict=True):
        if result.verdict in FAILING:
            expected = CHECKS[task.clause].reads & FAULTS[task.selector].touches
            matrix[task.selector]["killed" if expected else "accidents"].append(task.clause)
    return matrix


def as_json(matrix: dict[str, dict[str, list[str]]], profile: str, seed: int) -> dict[str, Any]:
    """The matrix with what is known of each fault."""
    return {
        "schema": SCHEMA,
        "profile": profile,
        "seed": seed,
        "faults": [
            {
                "id": id,
                "kind": FAULTS[id].kind,
                "sentence": FAULTS[id].sentence,
                "touches": sorted(FAULTS[id].touches),
                "seen": seen().get(id),
                **entry,
            }
            for id, entry in matrix.items()
        ],
    }


def _print(matrix: dict[str, dict[str, list[str]]]) -> None:
    groups = list(dict.fromkeys(requirement.group for requirement in requirements().values()))
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim")
    table.add_column("fault")
    for group in groups:
        table.add_column(group, justify="right")
    for id, entry in matrix.items():
        counts = [
            sum(clause.startswith(f"{group}-") for clause in entry["killed"]) for group in groups
        ]
        table.add_row(id, *(str(count) if count else "·" for count in counts))
    out = console()
    out.print(table)
    killed = sum(bool(entry["killed"]) for entry in matrix.values())
    accidents = sum(len(entry["accidents"]) for entry in matrix.values())
    out.print(f"{killed} of {len(matrix)} faults killed, {accidents} clauses failed by accident")
