"""The network of the page check.md is right, and each bug of its menu is caught and named."""

from __future__ import annotations

from typing import Any

import pytest

from docs.builder.live import BUGS, NETWORK, buggy
from docs.live.python import check
from spec_tests.clauses import requirements
from spec_tests.faults import FAULTS
from spec_tests.subject import in_process


def checked(source: str, clause: str) -> dict[str, Any]:
    """What the page is told of one clause."""
    said: list[dict[str, Any]] = []
    check.check(in_process(check.load(source)), clause, said.append)
    return said[0]


@pytest.mark.parametrize("clause", list(requirements()))
def test_the_network_is_right(clause: str) -> None:
    told = checked(NETWORK, clause)
    assert told["verdict"] in ("pass", "unsupported"), told["message"]


def test_the_network_is_short() -> None:
    assert len([line for line in NETWORK.splitlines() if line]) <= 45


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug["id"])
def test_each_bug_is_caught_and_named(bug: dict[str, str]) -> None:
    assert NETWORK.count(bug["old"]) == 1
    told = checked(buggy(bug), bug["clause"])
    assert told["verdict"] == "fail"
    assert bug["id"] in told["like"]


def test_bugs_are_those_of_the_suite() -> None:
    assert {bug["id"] for bug in BUGS} <= set(FAULTS)


def test_a_network_that_cannot_be_run_says_where() -> None:
    said: list[dict[str, Any]] = []
    check.run({"source": "x = 1\n\nx / 0\n"}, said.append)
    assert 'File "my_net.py", line 3' in said[0]["error"]
    assert "ZeroDivisionError" in said[0]["error"]
