"""The reports that are kept beside the pages, read again: runs, the kill matrix, small cases."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from spec_tests.commands.faults import SCHEMA as MATRIX
from spec_tests.report.json_file import read_json
from spec_tests.result import SCHEMA as RUN
from spec_tests.result import Report

FOLDER = Path(__file__).parents[1] / "reports"
EXAMPLES = "refnn-conform-examples/1"


@cache
def files(schema: str) -> dict[Path, dict[str, Any]]:
    """All files of this schema. ValueError where there is one of a schema that is unknown."""
    read = {path: json.loads(path.read_bytes()) for path in sorted(FOLDER.glob("*.json"))}
    for path, entry in read.items():
        if entry["schema"] not in (RUN, MATRIX, EXAMPLES):
            raise ValueError(f"{path.name} has the schema {entry['schema']}")
    return {path: entry for path, entry in read.items() if entry["schema"] == schema}


def runs() -> dict[str, Report]:
    """Reports of `refnn-conform run`, by the names of their files."""
    return {path.stem: read_json(path) for path in files(RUN)}


def kill_matrix() -> list[dict[str, Any]]:
    """What `refnn-conform faults` says of each bug."""
    [matrix] = files(MATRIX).values()
    return list(matrix["faults"])


def matrix_profile() -> str:
    """How many cases of each clause the kill matrix is made with, by name."""
    [matrix] = files(MATRIX).values()
    return str(matrix["profile"])


def examples() -> list[dict[str, Any]]:
    """A small case of each clause and of each bug."""
    [found] = files(EXAMPLES).values()
    return list(found["examples"])
