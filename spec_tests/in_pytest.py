"""The clauses as tests of pytest. The adapter plays in a process of its own, with a watchdog."""

from __future__ import annotations

import atexit
import sys
from collections.abc import Callable
from typing import Any

import pytest

from spec_tests.adapter import Adapter
from spec_tests.clauses import requirements
from spec_tests.clauses.kinds import groups
from spec_tests.declaration import declare
from spec_tests.players.player import InProcess, Player, Wired
from spec_tests.players.python_child import CAN_FORK, Forked, PythonChild
from spec_tests.report.python import case_as_python
from spec_tests.report.wording import diagnosis, numbers, sentence
from spec_tests.runner.engine import Judged, explained, run_case, run_clauses
from spec_tests.runner.survey import PROFILES
from spec_tests.selectors import selector_of
from spec_tests.subject import Subject


def suite(adapter: type[Adapter], profile: str = "default", seed: int = 0) -> Callable[[str], None]:
    """A test of every clause on `adapter`: `test_conformance = spec_tests.suite(MyNet)`.

    A call that hangs, or ends its process, fails a test. (But on a system that cannot fork, a class
    that was made in a function plays in this process, without a watchdog.) What the adapter does
    not support is skipped, with the reason. ValueError for another profile, DeclarationError for
    what is no adapter.
    """
    if profile not in PROFILES:
        raise ValueError(f"profile is {profile!r}, should be one of {', '.join(PROFILES)}")
    declare(adapter)

    @pytest.mark.parametrize("clause", list(requirements()))
    def test_conformance(clause: str) -> None:
        judge(_subject(adapter), clause, profile, seed)

    return test_conformance


def judge(subject: Subject, clause: str, profile: str, seed: int) -> None:
    """Say what became of one clause in the words of pytest."""
    judged = _together(subject, clause, profile, seed)
    result = judged.result
    if result.verdict == "unsupported":
        # As on the command line, it is neither passed nor failed, and pytest counts it apart.
        pytest.skip(f"unsupported: {result.message}")
    if result.verdict == "pass":
        return
    said = _said(subject, judged)
    if result.level == "SHOULD":
        # A SHOULD does not fail a run; an expected failure is counted apart, with its reason.
        pytest.xfail(said)
    pytest.fail(said, pytrace=False)


def replay(adapter: type[Adapter], clause: str, case: dict[str, Any]) -> None:
    """Check one clause on the case of a report. AssertionError where it fails."""
    subject = _subject(adapter)
    judged = run_case(subject, clause, case)
    if judged.result.verdict != "pass":
        raise AssertionError(_said(subject, judged))


_JUDGED: dict[tuple[Subject, str, str, int], Judged] = {}


def _together(subject: Subject, clause: str, profile: str, seed: int) -> Judged:
    """With the clauses that look at the same scripts, which are tests of their own."""
    if (subject, clause, profile, seed) not in _JUDGED:
        [ids] = [group for group in groups(requirements()) if clause in group]
        for id, judged in zip(ids, run_clauses(subject, ids, profile, seed), strict=True):
            _JUDGED[subject, id, profile, seed] = judged
    return _JUDGED[subject, clause, profile, seed]


_SUBJECTS: dict[type[Adapter], Subject] = {}


def _subject(adapter: type[Adapter]) -> Subject:
    """One for each adapter. BrokenImplementation where its process cannot import it."""
    if adapter not in _SUBJECTS:
        player = _player(adapter)
        atexit.register(player.close)
        _SUBJECTS[adapter] = Subject(player)
    return _SUBJECTS[adapter]


def _player(adapter: type[Adapter]) -> Player:
    selector = selector_of(adapter)
    if selector is not None:
        return Wired(PythonChild(selector, importable=[path for path in sys.path if path]))
    return Wired(Forked(adapter)) if CAN_FORK else InProcess(adapter)


def _said(subject: Subject, judged: Judged) -> str:
    """The failure, as the command line shows it."""
    result = explained(judged)
    lines = [f"{result.id} ({result.verdict}): {sentence(result.id)}", result.message]
    cause = result.cause
    if cause is None:
        return "\n".join(lines)
    lines += [f"diagnosis: {line}" for line in diagnosis(cause)]
    lines += [f"  like {id}" for id in cause.known_bugs]
    if cause.case is not None:
        lines += ["", case_as_python(cause.case)]
    lines += [f"{label}: {value}" for label, value in numbers(cause)]
    return "\n".join(lines)
