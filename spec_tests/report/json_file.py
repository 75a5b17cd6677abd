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
        wrong = misfit(entry)
    except RecursionError:
        raise _no_report(path, "nested too deeply") from None
    except ValueError as error:
        raise _no_report(path, str(error)) from None
    if wrong is not None:
        raise _no_report(path, " ".join(filter(None, wrong)))
    report = Report(
        implementation=entry["implementation"],
        profile=entry["profile"],
        seed=entry["seed"],
        clauses=[Result.read(result) for result in entry["clauses"]],
        complete=entry["complete"],
    )
    if report.summary() != entry["summary"]:
        raise _no_report(path, "summary does not fit clauses")
    return report


def _no_report(path: str | os.PathLike[str], why: str) -> ValueError:
    return ValueError(f"{path} is no report of refnn-conform: {why}")


def _refuse(constant: Any) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
