"""The clauses as tests of pytest: one for each, in this process and so without a watchdog."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from spec_tests.adapter import Adapter
from spec_tests.clauses import requirements
from spec_tests.result import Result
from spec_tests.runner.engine import run_case, run_clause
from spec_tests.runner.survey import PROFILES
from spec_tests.subject import Subject, in_process


def suite(adapter: type[Adapter], profile: str = "default", seed: int = 0) -> Callable[[str], None]:
    """A test of every clause on `adapter`: `test_conformance = spec_tests.suite(MyNet)`.

    What the adapter does not support is skipped, with the reason. ValueError for another profile,
    DeclarationError for what is no adapter.
    """
    if profile not in PROFILES:
        raise ValueError(f"profile is {profile!r}, should be one of {', '.join(PROFILES)}")
    _subject(adapter)

    @pytest.mark.parametrize("clause", list(requirements()))
    def test_conformance(clause: str) -> None:
        judge(adapter, clause, profile, seed)

    return test_conformance


def judge(adapter: type[Adapter], clause: str, profile: str, seed: int) -> None:
    """Run one clause, and say what became of it in the words of pytest."""
    result, failure = run_clause(_subject(adapter), clause, profile, seed)
    if result.verdict == "unsupported":
        # As on the command line, it is neither passed nor failed, and pytest counts it apart.
        pytest.skip(f"unsupported: {result.message}")
    if result.verdict == "pass":
        return
    said = _said(adapter, result, failure)
    if result.level == "SHOULD":
        # A SHOULD does not fail a run; an expected failure is counted apart, with its reason.
        pytest.xfail(said)
    pytest.fail(said, pytrace=False)


def replay(adapter: type[Adapter], clause: str, case: dict[str, Any]) -> None:
    """Check one clause on the case of a report. AssertionError where it fails."""
    result, failure, _ = run_case(_subject(adapter), clause, case)
    if result.verdict != "pass":
        raise AssertionError(_said(adapter, result, failure))


_SUBJECTS: dict[type[Adapter], Subject] = {}


def _subject(adapter: type[Adapter]) -> Subject:
    """One for each adapter: its declaration is read once."""
    if adapter not in _SUBJECTS:
        _SUBJECTS[adapter] = in_process(adapter)
    return _SUBJECTS[adapter]


def _said(adapter: type[Adapter], result: Result, failure: Any) -> str:
    """The failure, as the command line shows it."""
    from spec_tests.diagnosis import diagnose
    from spec_tests.report.python import case_as_python
    from spec_tests.report.wording import finding, numbers, sentence

    lines = [f"{result.id} ({result.verdict}): {sentence(result.id)}", result.message]
    if failure is not None and result.verdict == "fail":
        for found in diagnose(_subject(adapter), result.id, failure):
            lines += [f"diagnosis: {finding(found)}", *(f"  like {id}" for id in found.faults)]
    if result.case is not None:
        lines += ["", case_as_python(result.case)]
    lines += [f"{label}: {value}" for label, value in numbers(result)]
    return "\n".join(lines)
