"""pytest --pyargs spec_tests --impl SELECTOR: every clause as a test, on any implementation.

This module is loaded in each run of pytest where refnn is installed, so it imports nothing.
"""

from __future__ import annotations

from typing import Any


def pytest_addoption(parser: Any) -> None:
    group = parser.getgroup("refnn-conform", "conformance of a neural network")
    group.addoption("--impl", metavar="SELECTOR", help="ref, my_net.py:Class, 'cmd:PROGRAM ...'")
    group.addoption("--impl-profile", default="default", choices=["quick", "default", "thorough"])
    group.addoption("--impl-seed", type=int, default=0, metavar="N")


def pytest_generate_tests(metafunc: Any) -> None:
    if "conformance_clause" in metafunc.fixturenames:
        from spec_tests.clauses import requirements

        metafunc.parametrize("conformance_clause", list(requirements()))
