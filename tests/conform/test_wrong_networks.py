"""Wrong networks that once passed or were put down wrongly, and what is said of them."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refnn import MSE, FCLayer, SquaredError
from spec_tests.cli import main
from spec_tests.declaration import DeclarationError, declare
from spec_tests.diagnosis import diagnose
from spec_tests.faults.textbook import Textbook
from spec_tests.report.json_file import read_json
from spec_tests.runner.engine import run_clause
from spec_tests.subject import in_process
from tests.conform.judging import factors, results, verdicts
from tests.conform.variants import OneRow, Reporting, Rows

Shell = pytest.CaptureFixture[str]


class Broadcasting(Textbook):
    """One layer in NumPy: a target of two numbers is taken for the one output twice."""

    activations = ("identity",)
    losses = (MSE(),)
    hidden_layers = (0, 0)
    outputs = (1, 1)

    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        [(weights, bias)] = self.parameters()
        x, t = np.array(inputs), np.array(targets)
        d = 2 * (x @ np.array(weights).T + bias - t) / len(x)
        return [(d.T @ x, d.sum(axis=0))]


class BroadcastingSteps(Broadcasting):
    """The same, seen after a step."""

    def step(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        [(weights, bias)] = self.parameters()
        [(dw, db)] = Broadcasting.gradients(self, inputs, targets)
        moved = np.array(weights) - learning_rate * dw, np.array(bias) - learning_rate * db
        self.layers = [FCLayer(*(array.tolist() for array in moved))]

    gradients = None


@pytest.mark.parametrize("network", [Broadcasting, BroadcastingSteps])
def test_an_answer_of_a_wrong_shape_is_no_refusal(network: type[Textbook]) -> None:
    right = "GRAD-EXACT", "GRAD-BOUND"
    assert verdicts(network, right) == dict.fromkeys(right, "pass")
    result = results(network, ["SHAPE-TARGET-WIDTH"])["SHAPE-TARGET-WIDTH"]
    assert result.verdict == "fail"
    assert "is accepted" in result.message


class Spoiling(Textbook):
    """It refuses a target of another width when its weights are gone already."""

    gradients = None

    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        outputs = len(self.layers[-1].parameters.weights)
        if len(targets[0]) != outputs:
            shapes = [layer.parameters.weights for layer in self.layers]
            self.layers = [
                FCLayer([[9.0] * len(row) for row in rows], [9.0] * len(rows)) for rows in shapes
            ]
            raise ValueError(f"{len(targets[0])} targets, should be {outputs}")
        super().update(inputs, targets, learning_rate)


class Cutting(Textbook):
    """It refuses nothing: what is too much is cut off."""

    gradients = None

    def predict(self, inputs: Rows) -> Any:
        return super().predict(self.cut(inputs, len(self.layers[0].parameters.weights[0])))

    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        targets = self.cut(targets, len(self.layers[-1].parameters.weights))
        inputs = self.cut(inputs, len(self.layers[0].parameters.weights[0]))
        super().update(inputs, targets, learning_rate)

    def cut(self, rows: Rows, width: int) -> Rows:
        return [row[:width] for row in rows]


class HalfCutting(Cutting):
    """It refuses wrong inputs of predict, and nothing else."""

    predict = Textbook.predict


@pytest.mark.parametrize(
    ("network", "verdict"),
    [(Spoiling, "fail"), (Cutting, "unsupported"), (HalfCutting, "pass"), (Textbook, "pass")],
)
def test_a_refused_step_leaves_the_weights_alone(network: type[Textbook], verdict: str) -> None:
    result = results(network, ["ERR-STATE"])["ERR-STATE"]
    assert result.verdict == verdict
    assert bool(result.message) == (verdict != "pass")


class Lazy(Textbook):
    """An epoch of less than one batch is none."""

    def train_epoch(
        self, inputs: Rows, targets: Rows, learning_rate: float, batch_size: int
    ) -> float | None:
        if len(inputs) < batch_size:
            return 0.0
        return super().train_epoch(inputs, targets, learning_rate, batch_size)


@pytest.mark.parametrize("number", [0, 1])
def test_a_loss_of_0_where_nothing_was_done_fails(number: int) -> None:
    """And the diagnosis asks known bugs that report no loss, without breaking."""
    assert isinstance(factors(Lazy, "EPOCH-LOSS", number), list)


class Infinite(Textbook):
    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        pairs = super().gradients(inputs, targets)
        return [([[math.inf] * len(row) for row in dw], [math.inf] * len(db)) for dw, db in pairs]


@pytest.mark.parametrize("clause", ["ACT-TANH-DERIVATIVE", "GRAD-BOUND"])
def test_infinity_is_near_to_no_known_bug(clause: str) -> None:
    """Neither off the grid, where numbers are compared within bounds, nor on it."""
    subject = in_process(Infinite)
    result, failure = run_clause(subject, clause, "quick", shrink=False)
    assert result.verdict == "fail" and failure is not None
    cause = diagnose(subject, clause, failure)
    assert (cause.edits, cause.known_bugs, cause.certainty) == ([], [], "place")


class Mean(Textbook):
    """One step down the mean of the gradients of all rows."""

    gradients = None


@pytest.mark.parametrize("number", [0, 1])
def test_a_step_down_the_mean_is_not_online(number: int) -> None:
    online = type("Mean", (Mean,), {"batch": "online"})
    assert verdicts(online, ["SGD-STEP"], number) == {"SGD-STEP": "fail"}
    assert verdicts(Mean, ["SGD-STEP"], number) == {"SGD-STEP": "pass"}


def test_what_needs_several_rows_says_so() -> None:
    single = type("OneRow", (OneRow,), {"batch": "single"})
    result = results(single, ["SHAPE-RAGGED"])["SHAPE-RAGGED"]
    assert result.verdict == "unsupported"
    assert result.message == "needs 2 or more rows of batch 'single', declared are 1"


def test_a_loss_that_nothing_descends_is_not_consistent() -> None:
    reporting = type("Reporting", (Textbook,), {"gradients": None, "step": None})
    found = verdicts(reporting, ["LOSS-CONSISTENT", "LOSS-SQUARED-VALUE"])
    assert [*found.values()] == ["unsupported", "pass"]


def test_a_difference_of_another_loss_is_not_asked_for() -> None:
    declared = type("Declared", (Reporting,), {"reported_loss": SquaredError(0.5, "mean", "sum")})
    assert [*verdicts(declared, ["GRAD-DIFFERENCE"]).values()] == ["unsupported"]
    assert [*verdicts(Reporting, ["GRAD-DIFFERENCE"]).values()] == ["fail"]


@pytest.mark.parametrize("slope", [7, -0.5, 1.01])
def test_a_slope_at_0_lies_between_those_beside_it(slope: float) -> None:
    with pytest.raises(DeclarationError, match=r"relu_derivative_at_zero is .*, should be from 0"):
        declare(type("Steep", (Textbook,), {"relu_derivative_at_zero": slope}))
    for right in (0, 0.5, 1):
        declare(type("Flat", (Textbook,), {"relu_derivative_at_zero": right}))


ADAPTERS = """
import os, time
from pathlib import Path
from spec_tests.faults.textbook import Textbook

class Plain(Textbook):
    optimize = None

class Doubled(Textbook):
    def loss_gradient(self, y, t):
        return [[2 * d for d in row] for row in super().loss_gradient(y, t)]

class Crashing(Textbook):
    def gradients(self, inputs, targets):
        if not inputs:
            os._exit(9)
        return super().gradients(inputs, targets)

class Hanging(Textbook):
    def predict(self, inputs):
        Path("started").write_text(str(os.getpid()))
        time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("nets.py").write_text(ADAPTERS)
    return tmp_path


def run(name: str, *words: str) -> int:
    return main(["run", f"py:nets:{name}", "--profile", "quick", "--workers", "1", *words])


@pytest.fixture
def crashed(folder: Path, capsys: Shell) -> int:
    """The exit code of a run, with a report, that crashes in a SHOULD clause alone."""
    return run("Crashing", "--only", "SHAPE-EMPTY,FC-FORWARD", "--json", "r.json")


def test_a_report_with_a_crash_in_what_only_should_be_tells_so(crashed: int) -> None:
    report = read_json("r.json")
    [broken] = [result for result in report.clauses if result.verdict != "pass"]
    assert (broken.id, broken.level, broken.verdict) == ("SHAPE-EMPTY", "SHOULD", "error")
    assert report.exit_code() == 3


def test_a_run_with_a_crash_in_what_only_should_be_is_broken(crashed: int) -> None:
    assert crashed == 3


EXPECTED = '[{}]\nreason = "known"\nlink = "https://example.org/1"\n'


@pytest.mark.parametrize("clause", ["OPT-DECAY", "FC-SUM"])
def test_what_was_not_run_is_not_stale(folder: Path, capsys: Shell, clause: str) -> None:
    """Because it is unsupported, or because it was not asked for."""
    Path("known.toml").write_text(EXPECTED.format(clause))
    assert run("Plain", "--only", "OPT-DECAY,FC-FORWARD", "--expect", "known.toml") == 0
    assert "expected to fail" not in capsys.readouterr().out
    Path("known.toml").write_text(EXPECTED.format("FC-FORWARD"))
    assert run("Plain", "--only", "OPT-DECAY,FC-FORWARD", "--expect", "known.toml") == 1


@pytest.mark.parametrize("words", [[], ["GRAD-BOUND"]])
def test_a_report_of_clauses_that_there_are_no_more_is_one_line(
    folder: Path, capsys: Shell, words: list[str]
) -> None:
    assert run("Doubled", "--only", "GRAD-BOUND,FC-SUM", "--json", "r.json") == 1
    Path("old.json").write_text(Path("r.json").read_text().replace('"FC-SUM"', '"FC-OLD"'))
    capsys.readouterr()
    assert main(["replay", "old.json", *words, "py:nets:Doubled"]) == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", "refnn-conform: old.json has FC-OLD, which is no clause here\n")


def is_alive(process: int) -> bool:
    """Whether it runs; one that has ended and waits for its parent does not."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")
def test_a_run_that_is_told_to_end_leaves_no_child(folder: Path) -> None:
    """A CI that gives up sends SIGTERM: what was done is reported."""
    command = [sys.executable, "-m", "spec_tests", "run", "py:nets:Hanging", "--profile", "quick"]
    command += ["--only", "OPT-SGD,FC-FORWARD", "--workers", "1", "--json", "partial.json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    marker = folder / "started"
    for _ in range(600):
        if marker.exists() and marker.read_text():
            break
        time.sleep(0.05)
    child = int(marker.read_text())
    assert is_alive(child)
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    left = is_alive(child)
    if left:
        os.kill(child, signal.SIGKILL)
    assert (left, process.returncode) == (False, 130)
    assert out.splitlines()[-1].endswith("incomplete: interrupted")
    assert "Traceback" not in err
    assert not read_json("partial.json").complete
