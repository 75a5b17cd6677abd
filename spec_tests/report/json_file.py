"""The report as a JSON file: equal reports are equal bytes, and what is read back is equal."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NoReturn

from refnn.files import write_whole
from spec_tests.report.schema import misfit
from spec_tests.result import Report, Result


def write_json(report: Report, path: str | os.PathLike[str]) -> None:
    """In the order of the fields. A lone surrogate, which UTF-8 cannot hold, is escaped."""
    text = json.dumps(report.as_json(), ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(path, f"{text}\n".encode("utf-8", "backslashreplace"))


def read_json(path: str | os.PathLike[str]) -> Report:
    """The report at `path`. ValueError, in one line, where what lies there is none."""
    content = Path(path).read_bytes()
    try:
        entry = json.loads(content.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        line = str(error).partition("\n")[0]
        raise ValueError(f"{path} is no report of refnn-conform: {line}") from None
    wrong = misfit(entry)
    if wrong is not None:
        words = " ".join(filter(None, wrong))
        raise ValueError(f"{path} is no report of refnn-conform: {words}")
    report = Report(
        implementation=entry["implementation"],
        profile=entry["profile"],
        seed=entry["seed"],
        clauses=[Result.read(result) for result in entry["clauses"]],
        complete=entry["complete"],
    )
    if report.summary() != entry["summary"]:
        raise ValueError(f"{path} is no report of refnn-conform: summary does not fit clauses")
    return report


def _refuse(constant: Any) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
