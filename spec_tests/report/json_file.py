"""The report as a JSON file: equal reports are equal bytes, and what is read back is equal."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from refnn.files import write_whole
from spec_tests.report.roots import refusals, roots
from spec_tests.report.schema import misfit
from spec_tests.result import FAILING, SCHEMA, SPEC, Cause, Report, Result


def write_json(report: Report, path: str | os.PathLike[str]) -> None:
    """In the order of the fields. A lone surrogate, which UTF-8 cannot hold, is escaped."""
    text = json.dumps(as_json(report), ensure_ascii=False, indent=1, allow_nan=False)
    write_whole(path, f"{text}\n".encode("utf-8", "backslashreplace"))


def as_json(report: Report) -> dict[str, Any]:
    """As schema.json says. The first of the causes is the one to mend first."""
    return {
        "schema": SCHEMA,
        "implementation": report.implementation,
        "declared": report.declared,
        "spec": SPEC,
        "profile": report.profile,
        "seed": report.seed,
        "clauses": [_clause(result) for result in report.clauses],
        "causes": [_cause(result) for result in _to_mend(report.clauses)],
        "summary": report.summary(),
        "complete": report.complete,
    }


def _clause(result: Result) -> dict[str, Any]:
    """Its cause stands in a list of its own."""
    return {name: value for name, value in asdict(result).items() if name != "cause"}


def _to_mend(results: Sequence[Result]) -> list[Result]:
    """Those that fail, in the order in which a report shows them; what it puts together is side by
    side."""
    shown = [result for root in roots(results) for result in (root.first, *root.others)]
    accepted, _ = refusals(results)
    return [result for result in (*shown, *accepted) if result.cause is not None]


def _cause(result: Result) -> dict[str, Any]:
    assert result.cause is not None
    return {**asdict(result.cause), "clauses": [result.id]}


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
    causes = _causes(entry["causes"])
    report = Report(
        implementation=entry["implementation"],
        profile=entry["profile"],
        seed=entry["seed"],
        clauses=[Result(**clause, cause=causes.get(clause["id"])) for clause in entry["clauses"]],
        complete=entry["complete"],
        declared=entry["declared"],
    )
    if report.summary() != entry["summary"]:
        raise _no_report(path, "summary does not fit clauses")
    if set(causes) != {result.id for result in report.clauses if result.verdict in FAILING}:
        raise _no_report(path, "causes do not fit clauses")
    return report


def _causes(entries: list[dict[str, Any]]) -> dict[str, Cause]:
    """Of each clause that fails."""
    found: dict[str, Cause] = {}
    for entry in entries:
        ids = entry.pop("clauses")
        found |= dict.fromkeys(ids, Cause.read(entry))
    return found


def _no_report(path: str | os.PathLike[str], why: str) -> ValueError:
    return ValueError(f"{path} is no report of refnn-conform: {why}")


def _refuse(constant: Any) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
