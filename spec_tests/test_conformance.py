"""Collected by pytest --pyargs spec_tests --impl SELECTOR."""

from __future__ import annotations

from functools import cache

import pytest

from spec_tests.declaration import DeclarationError
from spec_tests.in_pytest import judge
from spec_tests.players.player import BrokenImplementation, UnknownImplementation
from spec_tests.players.program import SECONDS_A_CALL
from spec_tests.runner.serve import player_of
from spec_tests.scripts.wire import WireError
from spec_tests.subject import Subject


def test_conformance(conformance_clause: str, request: pytest.FixtureRequest) -> None:
    option = request.config.getoption
    if option("--impl") is None:
        pytest.exit("spec_tests needs --impl SELECTOR, such as --impl ref", returncode=2)
    try:
        subject = _subject(option("--impl"))
    except (UnknownImplementation, BrokenImplementation, DeclarationError, WireError) as error:
        pytest.exit(str(error), returncode=2)
    judge(subject, conformance_clause, option("--impl-profile"), option("--impl-seed"))


@cache
def _subject(selector: str) -> Subject:
    """It ends with this process."""
    return Subject(player_of(selector, SECONDS_A_CALL))
