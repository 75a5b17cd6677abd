"""The command refnn-conform, from init to a report: what it prints, writes, and returns."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import spec_tests
from spec_tests.clauses import requirements
from spec_tests.cli import main
from spec_tests.selectors import find
from tests.test_house import ROOT

Shell = pytest.CaptureFixture[str]
SCHEMA = json.loads((ROOT / "spec_tests" / "report" / "schema.json").read_text(encoding="utf-8"))
CORE = "SHAPE,FC,GRAD"


def conform(capsys: Shell, *words: str) -> tuple[int, str, str]:
    try:
        code = main(words)
    except SystemExit as stop:
        code = int(str(stop.code))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: Shell, selector: str, *words: str) -> tuple[int, str, str]:
    return conform(capsys, "run", selector, "--profile", "quick", *words)


def test_a_right_network_passes_and_its_report_is_valid(capsys: Shell, folder: Path) -> None:
    code, out, _ = run(capsys, "ref", "--only", CORE, "--json", "r.json", "--html", "r.html")
    report = json.loads(Path("r.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, SCHEMA)
    assert (code, report["complete"]) == (0, True)
    assert out.splitlines()[-1] == "19 passed, 0 unsupported, 0 failed of 19"
    assert Path("r.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_bug_is_named_replayed_and_pasted(capsys: Shell, folder: Path) -> None:
    code, out, _ = run(capsys, "factor-two", "--only", CORE, "--json", "r.json", "--full")
    assert code == 1
    assert "diagnosis scale: every number, factor 1/2" in out
    assert "factor-two: The gradient of (y - t)² is taken to be y - t" in out
    report = json.loads(Path("r.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, SCHEMA)
    [failed] = [cause for cause in report["causes"] if "GRAD-EXACT" in cause["clauses"]]
    assert conform(capsys, "replay", "r.json", "GRAD-EXACT", "factor-two")[0] == 1
    assert conform(capsys, "replay", "r.json", "GRAD-EXACT", "ref")[0] == 0
    assert conform(capsys, "replay", "r.json", "ref")[0] == 0
    with pytest.raises(AssertionError, match="GRAD-EXACT"):
        spec_tests.replay(find("factor-two"), "GRAD-EXACT", failed["case"])
    spec_tests.replay(find("ref"), "GRAD-EXACT", failed["case"])
    pasted = out[out.index("import spec_tests") :].partition("\n    )\n")[0]
    ast.parse(f"{pasted}\n    )\n")


@pytest.mark.parametrize("profile", ["quick"])
def test_the_same_seed_gives_the_same_bytes_with_any_number_of_workers(
    capsys: Shell, folder: Path, profile: str
) -> None:
    for name, workers, seed in (("a", 1, 0), ("b", 2, 0), ("c", 2, 7)):
        options = ["--workers", str(workers), "--seed", str(seed), "--json", name]
        assert run(capsys, "last-sample-gradient", "--only", CORE, *options)[0] == 1
    assert Path("a").read_bytes() == Path("b").read_bytes() != Path("c").read_bytes()


def test_what_is_required_may_not_be_unsupported(capsys: Shell, folder: Path) -> None:
    Path("mine.py").write_text(
        "from spec_tests.faults.textbook import Textbook\n"
        "class Mine(Textbook):\n"
        "    optimize = None\n"
    )
    assert run(capsys, "py:mine:Mine", "--only", "OPT-SGD,FC-SUM")[0] == 0
    code, out, _ = run(capsys, "py:mine:Mine", "--only", "OPT", "--require", "OPT")
    assert code == 1
    assert "required, but unsupported: OPT-SGD, OPT-MOMENTUM" in out
    assert run(capsys, "py:mine:Mine", "--only", "OPT,FC", "--require", "FC")[0] == 0
    assert run(capsys, "ref", "--only", "FC", "--require", "all")[0] == 0


EXPECTED = '[{id}]\nreason = "known"\nlink = "https://example.org/1"\n'


def test_an_expected_failure_is_pardoned_and_a_stale_one_is_not(
    capsys: Shell, folder: Path
) -> None:
    Path("known.toml").write_text(EXPECTED.format(id="OPT-DECAY"))
    options = ["--only", "OPT-DECAY,OPT-SGD", "--expect", "known.toml"]
    assert run(capsys, "decay-on-bias", *options)[0] == 0
    code, out, _ = run(capsys, "ref", *options)
    assert (code, out.splitlines()[-1]) == (1, "expected to fail, but does not: OPT-DECAY")


WRONG = [
    ("run", "refnn-conform run: the following arguments are required: SELECTOR"),
    ("run reff", "refnn-conform: reff is no implementation: did you mean ref?"),
    ("run py:nowhere:Net", "refnn-conform: py:nowhere:Net: there is no module nowhere in "),
    ("run ref --only GRAD-EXAKT", "refnn-conform: GRAD-EXAKT is no clause and no group"),
    ("run ref --profile fast", "refnn-conform run: argument --profile: invalid choice: 'fast'"),
    ("run ref --workers 0", "refnn-conform run: argument --workers: 0 is too small"),
    ("run ref --json no/r.json", "refnn-conform: no is no folder, no/r.json cannot be written"),
    ("run ref --expect no.toml", "refnn-conform: no.toml: No such file or directory"),
    ("run ref --expect x.toml", "refnn-conform: x.toml: FOO is no clause"),
    ("replay no.json ref", "refnn-conform: no.json: No such file or directory"),
    ("replay x.toml ref", "refnn-conform: x.toml is no report of refnn-conform: "),
    ("init python .", "refnn-conform: my_net.py is there already, and is not overwritten"),
    ("init cobol .", "refnn-conform init: argument language: invalid choice: 'cobol'"),
]


@pytest.mark.parametrize(("line", "message"), WRONG)
def test_what_is_wrong_is_one_line_and_exit_code_2(
    capsys: Shell, folder: Path, line: str, message: str
) -> None:
    Path("x.toml").write_text(EXPECTED.format(id="FOO"))
    Path("my_net.py").write_text("")
    code, out, err = conform(capsys, *line.split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(message)


def test_from_init_to_a_green_run(capsys: Shell, folder: Path) -> None:
    """The adapter that init writes is short, passes what it supports, and catches a bug."""
    code, out, _ = conform(capsys, "init", "python", "mine")
    assert code == 0
    text = Path("mine/my_net.py").read_text()
    adapter = text[text.index("class MyNet") :]
    assert len(adapter.splitlines()) <= 30
    os.chdir("mine")
    code, out, _ = run(capsys, "py:my_net:MyNet", "--require", "SHAPE,BATCH,PURE,ERR")
    assert (code, " 0 failed of 102" in out) == (0, True)
    wrong = text.replace("d = 2 * (y - t) / y.size", "d = (y - t) / y.size")
    Path("wrong_net.py").write_text(wrong)
    code, out, _ = run(capsys, "py:wrong_net:MyNet")
    assert (code, "scale: every number, factor 1/2" in out) == (1, True)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_my_net.py"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_smoke_is_a_first_look(capsys: Shell) -> None:
    code, out, _ = conform(capsys, "smoke", "textbook")
    assert code == 0
    assert out.startswith("activations  identity, relu, leaky_relu")
    assert out.splitlines()[-1] == "102 passed, 0 unsupported, 0 failed of 102"


@pytest.mark.parametrize(
    ("words", "code", "words_out"),
    [
        (["--impl", "ref", "--impl-profile", "quick", "-k", "GRAD-EXACT or FC-SUM"], 0, "2 passed"),
        (["--impl", "factor-two", "--impl-profile", "quick", "-k", "GRAD-BOUND"], 1, "1/2"),
        (["--impl", "reff"], 2, "did you mean ref?"),
        ([], 2, "spec_tests needs --impl SELECTOR"),
    ],
)
def test_the_clauses_are_tests_of_pytest(words: list[str], code: int, words_out: str) -> None:
    line = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    line += ["-p", "spec_tests.plugin", "--pyargs", "spec_tests", *words]
    done = subprocess.run(line, cwd=ROOT.parent, capture_output=True, text=True)
    assert (done.returncode, words_out in done.stdout + done.stderr) == (code, True), done.stdout


def listen_to_ctrl_c() -> None:
    """What a shell starts in the background does not, nor do the children of that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("awaited", ["refnn.scalar", "spec_tests.cli", "rich.console"])
def test_ctrl_c_while_modules_are_imported_is_one_line(awaited: str) -> None:
    line = [sys.executable, "-X", "importtime", "-m", "spec_tests", "run", "ref"]
    with subprocess.Popen(
        line,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=listen_to_ctrl_c,
    ) as process:
        assert process.stderr is not None
        assert any(line.endswith(f" {awaited}\n") for line in process.stderr)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    said = [line for line in errors.splitlines() if not line.startswith("import time:")]
    assert said == ["refnn-conform: interrupted"]
    assert process.returncode == 130


def test_ctrl_c_leaves_a_report_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    line = [sys.executable, "-m", "spec_tests", "run", "ref", "--json", str(path)]
    with subprocess.Popen(
        line,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=listen_to_ctrl_c,
    ) as process:
        assert process.stderr is not None
        assert f"of {len(requirements())} clauses" in process.stderr.readline(), "it has begun"
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.validate(report, SCHEMA)
    assert (process.returncode, report["complete"]) == (130, False)
    assert out.splitlines()[-1].endswith("incomplete: interrupted")
    assert len(report["clauses"]) == len(requirements())
