"""What an exit code says, however much of the output somebody reads."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from spec_tests.cli import main
from spec_tests.report.judged import nothing_judged
from spec_tests.result import Report, Result

COMMAND = f"{shlex.quote(sys.executable)} -m spec_tests"
Shell = pytest.CaptureFixture[str]

NETS = """
from refnn import MSE, CrossEntropy
from spec_tests.faults.textbook import Textbook

class Misfit(Textbook):
    activations, losses, loss = ("sigmoid",), None, CrossEntropy()

class ForwardOnly(Textbook):
    gradients = step = parameters = input_gradient = pullback = train_epoch = optimize = None
    optimizers = ()

class Parts(Textbook):
    "Its gradient is rounded, though nothing need round."
    activations, losses, loss = ("identity", "relu"), None, MSE()
    def layer_gradient(self, i, x, dz):
        w, b = super().layer_gradient(i, x, dz)
        return [[g / 49 * 49 for g in row] for row in w], b and [g / 49 * 49 for g in b]

class Accepting(Textbook):
    activations, losses, loss = ("identity",), None, MSE()
    def predict(self, inputs):
        width = len(self.layers[0].parameters.weights[0])
        return super().predict([(row + [0.0] * width)[:width] for row in inputs])

class Doubled(Accepting):
    def loss_gradient(self, y, t):
        return [[2 * d for d in row] for row in super().loss_gradient(y, t)]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("nets.py").write_text(NETS)
    return tmp_path


def run(*words: str) -> int:
    return main(["run", *words, "--profile", "quick", "--workers", "1"])


@pytest.mark.parametrize(("network", "code"), [("textbook", 0), ("factor-two", 1)])
@pytest.mark.parametrize("cut", ["| head -n 1", "| true", ">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_output_that_is_cut_off_changes_no_exit_code(
    folder: Path, network: str, code: int, cut: str
) -> None:
    words = f"{COMMAND} run {network} --profile quick --only FC --workers 1 --full {cut}"
    done = subprocess.run(
        ["bash", "-c", f"{words}\nexit ${{PIPESTATUS[0]}}"], capture_output=True, text=True
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_nothing_judged_is_said_with_what_would_help(folder: Path, capsys: Shell) -> None:
    assert run("py:nets:Misfit") == 2
    assert capsys.readouterr().out.splitlines()[-1] == (
        "no clause was judged: CrossEntropy needs softmax outputs, yours has sigmoid: "
        "BinaryCrossEntropy?"
    )
    assert run("py:nets:ForwardOnly", "--only", "OPT") == 2
    assert "no clause was judged: the adapter has no optimize" in capsys.readouterr().out


def test_a_gradient_that_nobody_judged_is_said_too() -> None:
    """Of a whole run; not of the clauses that somebody chose."""
    results = [
        Result("FC-FORWARD", "MUST", "pass", 25),
        Result("GRAD-BOUND", "MUST", "unsupported", message="no such loss"),
    ]
    report = Report({"methods": ["gradients", "load", "predict"]}, "quick", 0, results, True)
    assert nothing_judged(report, whole=True) == "no gradient and no step was judged: no such loss"
    assert nothing_judged(report, whole=False) == ""


def test_a_forward_pass_alone_is_enough(folder: Path, capsys: Shell) -> None:
    assert run("py:nets:ForwardOnly", "--only", "FC,NET") == 0
    assert capsys.readouterr().out.splitlines()[0] == "refnn-conform: textbook, forward only"


def test_what_only_should_be_binds_under_strict(folder: Path, capsys: Shell) -> None:
    words = "py:nets:Parts", "--only", "GRAD-EXACT,GRAD-BOUND"
    assert run(*words) == 0
    assert "1 passed, 0 unsupported, 0 failed, 1 SHOULD not met of 2" in capsys.readouterr().out
    assert run(*words, "--strict") == 1


def test_refusals_are_one_line_at_the_end(folder: Path, capsys: Shell) -> None:
    assert run("py:nets:Accepting", "--only", "SHAPE") == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "accepts 2 of 5 kinds of wrong input, which should be refused" in out
    assert "SHAPE-INPUT-WIDTH fail" not in out
    assert run("py:nets:Accepting", "--only", "SHAPE", "--strict") == 1
    capsys.readouterr()
    assert run("py:nets:Doubled", "--only", "SHAPE,FC") == 1
    out = capsys.readouterr().out
    assert out.index("FC-WEIGHT-GRADIENT  fail") < out.index("accepts 2 of 5")


def test_what_is_declared_is_said_first(folder: Path, capsys: Shell) -> None:
    assert run("numpy32", "--only", "FC-FORWARD") == 0
    assert "declared: dtype = float32" in " ".join(capsys.readouterr().out.split()[:12])


def test_the_replay_that_smoke_prints_runs(folder: Path, capsys: Shell) -> None:
    assert main(["smoke", "factor-two"]) == 1
    out = capsys.readouterr().out.replace("\\\n", "")
    [words, *_] = re.findall(r"replay +refnn-conform (.*(?:\n {12}.*)*)", out)
    assert main(shlex.split(words)) == 1
