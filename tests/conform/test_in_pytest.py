"""`spec_tests.suite` in a test file of one's own: what hangs or ends fails, and nothing is left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FILE = """
import os
import spec_tests
from helper import Base

class Right(Base):
    pass

class Ends(Base):
    def input_gradient(self, inputs, targets):
        os._exit(0)

def local():
    class Local(Base):
        pass
    return Local

test_right = spec_tests.suite(Right, "smoke")
test_ends = spec_tests.suite(Ends, "smoke")
test_local = spec_tests.suite(local(), "smoke")
"""
CHOSEN = "FC or (test_right and (NET or LOSS))"
"""Hypothesis reads the test file, and would keep what it found, after some dozens of draws."""
HELPER = "from spec_tests.faults.textbook import Textbook as Base\n"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder, and what pytest printed there; `helper` is beside the test file."""
    folder = tmp_path_factory.mktemp("mine")
    (folder / "helper.py").write_text(HELPER)
    (folder / "test_mine.py").write_text(FILE)
    words = ["-q", "-rA", "-p", "no:cacheprovider", "-k", CHOSEN, "test_mine.py"]
    command = [sys.executable, "-m", "pytest", *words]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    return folder, found.stdout


@pytest.mark.parametrize("name", ["test_right", "test_local"])
def test_a_right_network_passes_every_test(printed: tuple[Path, str], name: str) -> None:
    _, out = printed
    assert out.count(f"PASSED test_mine.py::{name}[FC-") == 5


def test_what_ends_its_process_fails_the_tests_that_need_it(printed: tuple[Path, str]) -> None:
    _, out = printed
    assert out.count("PASSED test_mine.py::test_ends[FC-") == 4
    assert "FAILED test_mine.py::test_ends[FC-INPUT-GRADIENT]" in out
    assert "input_gradient ended the process with exit code 0" in out


def test_nothing_is_left_in_the_folder(printed: tuple[Path, str]) -> None:
    folder, _ = printed
    left = {path.name for path in folder.iterdir()} - {"__pycache__"}
    assert left == {"helper.py", "test_mine.py"}
