"""Collected by pytest --pyargs spec_tests --impl SELECTOR."""

from __future__ import annotations

import pytest

from spec_tests.in_pytest import judge
from spec_tests.selectors import SelectorError, find


def test_conformance(conformance_clause: str, request: pytest.FixtureRequest) -> None:
    option = request.config.getoption
    if option("--impl") is None:
        pytest.exit("spec_tests needs --impl SELECTOR, such as --impl ref", returncode=2)
    try:
        adapter = find(option("--impl"))
    except SelectorError as error:
        pytest.exit(str(error), returncode=2)
    judge(adapter, conformance_clause, option("--impl-profile"), option("--impl-seed"))
