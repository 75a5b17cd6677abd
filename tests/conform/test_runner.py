"""What an implementation does to its process, its judge survives; and nobody lives on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from spec_tests.cli import main
from spec_tests.report.json_file import read_json

HOSTILE = """
import itertools, os, sys, time
from spec_tests.faults import FAULTS
from spec_tests.faults.textbook import Textbook

class Slow:
    def __repr__(self):
        time.sleep(10**6)

class HangsInRepr(Textbook):
    def predict(self, inputs):
        return Slow()

class Number(float):
    def __float__(self):
        time.sleep(10**6)

class HangsInFloat(Textbook):
    def predict(self, inputs):
        return [[Slow()]]

class HangsInDel(Textbook):
    def __del__(self):
        time.sleep(10**6)

calls = itertools.count()

class ForksOnce(Textbook):
    def predict(self, inputs):
        y = super().predict(inputs)
        if next(calls) == 3:
            os.fork()
        return y

class Patches(FAULTS["bias-gradient-of-one-sample"].network):
    def load(self, dense):
        import spec_tests.expect as expect
        import spec_tests.judge.views as views
        expect.Comparison.judge = lambda self: 0.0
        views.bias_gradients = views.gradients = lambda *a, **k: 0.0
        super().load(dense)

class Writes(Textbook):
    def predict(self, inputs):
        for descriptor in range(3, 20):
            try:
                os.write(descriptor, b'{"script": 1, "answers": [null, [[0.0]]]}\\n')
            except OSError:
                pass
        return super().predict(inputs)
"""
CLAUSES = "FC-FORWARD,FC-BIAS-GRADIENT,OPT-SGD"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "hostile.py").write_text(HOSTILE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(name: str, *more: str) -> tuple[int, dict[str, tuple[str, str]]]:
    command = ["run", f"py:hostile:{name}", "--profile", "quick", "--only", CLAUSES]
    code = main([*command, "--workers", "1", "--json", "report.json", *more])
    return code, {r.id: (r.verdict, r.message) for r in read_json("report.json").clauses}


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("HangsInRepr", "predict"),
        ("HangsInFloat", "predict"),
        ("HangsInDel", "deleting a network"),
    ],
)
def test_the_watchdog_covers_all_that_a_player_does(folder: Path, name: str, where: str) -> None:
    code, found = run(name, "--call-seconds", "1")
    assert code == 3
    assert found["FC-FORWARD"] == ("error", f"{where} did not return within 1 s")


def test_a_player_that_forks_answers_once(folder: Path) -> None:
    code, found = run("ForksOnce")
    assert code == 0
    assert {verdict for verdict, _ in found.values()} == {"pass"}


def test_who_patches_the_suite_patches_its_own_process(folder: Path) -> None:
    code, found = run("Patches")
    assert code == 1
    assert found["FC-BIAS-GRADIENT"][0] == "fail"


def test_who_writes_on_the_wire_is_an_error_of_that_script(folder: Path) -> None:
    """The other clauses hold."""
    code, found = run("Writes")
    assert code in (1, 3)
    assert found["FC-FORWARD"][0] in ("error", "fail")
    assert found["OPT-SGD"] == ("pass", "")


def test_a_run_ends_when_its_seconds_are_over(folder: Path) -> None:
    """What is missing was not run, and the exit code says so."""
    code, found = run("HangsInRepr", "--seconds", "3")
    assert code == 3
    assert found["FC-FORWARD"][0] == "not-run"
    assert {verdict for verdict, _ in found.values()} <= {"not-run", "pass"}


def relatives(mark: str) -> list[int]:
    """The processes that were started with this mark in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if (
                mark.encode() in (path / "environ").read_bytes()
                and (path / "cmdline").read_bytes() != b""
            ):
                found.append(int(path.name))
        except OSError:
            continue
    return found


def ranks(mark: str) -> dict[str, list[int]]:
    """Supervisor, judges and players, by what they run."""
    words = {"supervisor": b"\0run\0", "judge": b"runner.serve", "player": b"players.child"}
    found: dict[str, list[int]] = {rank: [] for rank in words}
    for pid in relatives(mark):
        for rank, word in words.items():
            try:
                if word in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found[rank].append(pid)
            except OSError:
                continue
    return found


MOMENTS = int(os.environ.get("MOMENTS", "2"))


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are found in /proc")
@pytest.mark.parametrize("rank", ["supervisor", "judge", "player"])
@pytest.mark.parametrize("moment", range(MOMENTS))
def test_whoever_is_killed_nobody_lives_on(tmp_path: Path, rank: str, moment: int) -> None:
    mark, rng = f"REFNN_MARK={uuid.uuid4()}", random.Random(f"{rank} {moment}")
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "spec_tests", "run", "numpy", "--profile", "quick"]
    process = subprocess.Popen(
        [*command, "--only", "FC,OPT,EPOCH", "--json", str(report)],
        env={**os.environ, mark.partition("=")[0]: mark.partition("=")[2]},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(rng.uniform(0.3, 4.0))
    for pid in ranks(mark)[rank][:1]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    _, errors = process.communicate(timeout=120)
    assert "Traceback" not in errors
    for _ in range(20):
        if not relatives(mark):
            break
        time.sleep(0.1)
    assert relatives(mark) == []
    if report.exists():
        read_json(report)
    assert [path.name for path in tmp_path.iterdir()] in ([], ["report.json"])
