"""Known failures, which a team has looked at and accepts, as a TOML file.

    [LOSS-CONSISTENT]
    reason = "the loss is reported without its penalty"
    link = "https://example.org/issues/12"

A failure that is expected does not fail the run; one that is expected and does not happen does.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from spec_tests.clauses import requirements
from spec_tests.commands.progress import console
from spec_tests.result import FAILING, Report


def read_expectations(path: str) -> dict[str, str]:
    """Clause -> reason. ValueError names what is not as it should be."""
    try:
        entries = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is no TOML file: {error}") from None
    reasons = {}
    for id, entry in entries.items():
        if id not in requirements():
            raise ValueError(f"{path}: {id} is no clause")
        if not isinstance(entry, dict) or sorted(entry) != ["link", "reason"]:
            raise ValueError(f"{path}: {id} should have a reason and a link")
        if not all(isinstance(value, str) and value for value in entry.values()):
            raise ValueError(f"{path}: reason and link of {id} should be texts")
        reasons[id] = f"{entry['reason']} ({entry['link']})"
    return reasons


def apply(report: Report, expected: dict[str, str], strict: bool = False) -> int:
    """The exit code of the report, with the expected failures pardoned."""
    out = console()
    verdicts = {result.id: result.verdict for result in report.clauses}
    pardoned = [id for id in expected if verdicts.get(id) in FAILING]
    stale = [id for id in expected if verdicts.get(id) == "pass"]
    for id in pardoned:
        out.print(f"expected to fail: {id}: {expected[id]}", highlight=False, markup=False)
    for id in stale:
        out.print(f"expected to fail, but does not: {id}", highlight=False, markup=False)
    others = [result for result in report.clauses if result.id not in pardoned]
    code = replace(report, clauses=others).exit_code(strict)
    return code or (1 if stale else 0)
