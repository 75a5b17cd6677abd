"""Right networks that were once accused: each computes what it declares, in its own way."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from refnn import MSE, AbsoluteError, CrossEntropy, LeakyReLU, SoftmaxCrossEntropy, SquaredError
from spec_tests.cli import main
from spec_tests.faults.textbook import Textbook
from spec_tests.runner.engine import run_clause
from spec_tests.subject import in_process
from tests.conform.judging import results
from tests.conform.variants import Online, Rows

ONE_ROW = {"batch": "single"}
ONE_OUTPUT = {"outputs": (1, 1), "losses": (MSE(),)}


def passes(network: type[Textbook], *ids: str, number: int = 0, **declared: Any) -> None:
    own = type(network.__name__, (network,), declared)
    found = results(own, ids, number)
    assert {id: r.message for id, r in found.items() if r.verdict != "pass"} == {}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Relu(Textbook):
    activations = ("relu",)


class Classifier(Relu):
    output_activations = ("softmax",)
    losses = (CrossEntropy(),)


@pytest.mark.parametrize("batch", ["full", "single"])
@pytest.mark.parametrize("profile", ["smoke", "quick"])
def test_deep_relu_networks_whose_units_are_mostly_dead_pass(batch: str, profile: str) -> None:
    """Many cases are vacuous, and enough are not."""
    network = type("Deep", (Classifier,), {"batch": batch})
    result, _ = run_clause(in_process(network), "NET-CHAIN-DEEP", profile, shrink=False)
    assert (result.verdict, result.message) == ("pass", "")


def test_and_the_command_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("deep.py").write_text(
        "from refnn import CrossEntropy\n"
        "from spec_tests.faults.textbook import Textbook\n"
        "class Net(Textbook):\n"
        "    activations, output_activations = ('relu',), ('softmax',)\n"
        "    losses, batch = (CrossEntropy(),), 'single'\n"
    )
    words = ["run", "py:deep:Net", "--profile", "quick", "--only", "NET-CHAIN-DEEP"]
    assert main([*words, "--workers", "1"]) == 0


def test_two_steps_of_a_single_relu_row_pass() -> None:
    passes(Relu, "SGD-REPEAT", **ONE_ROW, **ONE_OUTPUT)


def test_a_kink_in_a_hidden_layer_of_one_unit_is_no_error() -> None:
    """The slope may be 0 to the right too: what counts is that the kink matters."""
    network = type("Slim", (Relu,), {"output_activations": ("identity",), **ONE_ROW, **ONE_OUTPUT})
    passes(network, "GRAD-KINK", hidden_width=(1, 1))


class Downward(Textbook):
    """The slope of |y - t| is -1 where y is t."""

    losses = (AbsoluteError(),)

    def loss_gradient(self, y: Rows, t: Rows) -> Rows:
        size = len(y) * len(y[0])
        return [
            [(1 if a > b else -1) / size for a, b in zip(*rows, strict=True)]
            for rows in zip(y, t, strict=True)
        ]


class Upward(Textbook):
    """The slope of its leaky relu, in the output layer, is 1 at 0."""

    activations = ("relu", "leaky_relu")
    output_activations = ("leaky_relu",)
    leaky_relu_alpha = 0.25

    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        rows = super().derive(i, z, a, da)
        if not isinstance(self.activation(i), LeakyReLU):
            return rows
        return [
            [d if u == 0 else r for u, d, r in zip(*row, strict=True)]
            for row in zip(z, da, rows, strict=True)
        ]


@pytest.mark.parametrize("network", [Downward, Upward])
@pytest.mark.parametrize("number", [0, 1])
def test_another_kink_at_the_same_time_may_have_any_slope(
    network: type[Textbook], number: int
) -> None:
    passes(network, "ACT-RELU-KINK", number=number)


def residuals(y: Rows, t: Rows) -> list[float]:
    return [a - b for rows in zip(y, t, strict=True) for a, b in zip(*rows, strict=True)]


class Powers(Textbook):
    """Python's ** raises OverflowError where x * x would be inf."""

    activations = ("identity", "relu")
    losses = (MSE(),)

    def batch_loss(self, inputs: Rows, targets: Rows) -> float:
        found = residuals(self.predict(inputs), targets)
        return sum(d**2 for d in found) / len(found)


class WholePowers(Powers):
    activations = Textbook.activations
    losses = (SquaredError(1, "sum", "sum"),)
    batch = "single"

    def batch_loss(self, inputs: Rows, targets: Rows) -> float:
        return sum(d**2 for d in residuals(self.predict(inputs), targets))


@pytest.mark.parametrize("network", [Powers, WholePowers])
@pytest.mark.parametrize("number", [0, 1])
def test_no_training_runs_away(network: type[Textbook], number: int) -> None:
    passes(network, "PURE-ARGUMENTS", "EPOCH-WHOLE", "EPOCH-AGAIN", "EPOCH-LOSS", number=number)


class Norm(Textbook):
    """The loss is the square of a norm, which has been rounded."""

    losses = (SquaredError(0.5, "sum", "sum"),)

    def batch_loss(self, inputs: Rows, targets: Rows) -> float:
        squares = [d * d for d in residuals(self.predict(inputs), targets)]
        return 0.5 * math.sqrt(sum(squares)) ** 2


@pytest.mark.parametrize("number", [0, 1])
def test_a_loss_may_round_where_the_formula_does_not(number: int) -> None:
    passes(Norm, "LOSS-SQUARED-VALUE", "LOSS-CONSISTENT", "GRAD-DIFFERENCE", number=number)


class Objects(Textbook):
    """Its pairs are NumPy arrays of two objects, as ragged things are kept there."""

    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        return [self.boxed(pair) for pair in super().gradients(inputs, targets)]

    def boxed(self, pair: Any) -> Any:
        box = np.empty(2, object)
        box[0], box[1] = np.array(pair[0]), np.array(pair[1])
        return box


class AllObjects(Objects):
    """And the layers are in such an array too."""

    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        pairs = super().gradients(inputs, targets)
        box = np.empty(len(pairs), object)
        for i, pair in enumerate(pairs):
            box[i] = pair
        return box


@pytest.mark.parametrize("network", [Objects, AllObjects])
def test_arrays_of_objects_are_lists_like_others(network: type[Textbook]) -> None:
    passes(network, "SHAPE-GRADIENT", "SHAPE-ONE", "GRAD-EXACT")


PLAIN = "from spec_tests.faults.textbook import Textbook\nclass Net(Textbook):\n    pass\n"


def test_a_file_of_ones_own_does_not_hide_one_of_python(folder: Path) -> None:
    """Neither from the command nor from its children."""
    Path("numbers.py").write_text("raise ImportError('this is not the numbers of Python')")
    Path("plain.py").write_text(PLAIN)
    code = "import sys; from spec_tests.cli import main; sys.exit(main(sys.argv[1:]))"
    words = ["run", "py:plain:Net", "--profile", "quick", "--only", "FC-FORWARD"]
    command = [sys.executable, "-P", "-c", code, *words, "--workers", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 passed" in done.stdout


@pytest.mark.parametrize("number", [0, 1])
def test_an_online_step_goes_row_by_row(number: int) -> None:
    passes(Online, "SGD-STEP", number=number, batch="online")


HALF = """
from refnn import MSE, SquaredError
from spec_tests.faults.textbook import Textbook
class Net(Textbook):
    losses = None
    loss = {loss}
    def loss_gradient(self, y, t):
        return SquaredError(0.5).gradient(y, t)
"""


def test_an_old_report_is_replayed_with_what_is_declared_now(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["run", "py:half:Net", "--profile", "quick", "--only", "GRAD-EXACT,FC", "--workers"]
    Path("half.py").write_text(HALF.format(loss="MSE()"))
    assert main([*words, "1", "--json", "r.json"]) == 1
    assert main(["replay", "r.json", "py:half:Net"]) == 1
    Path("half.py").write_text(HALF.format(loss="SquaredError(0.5)"))
    assert main(["replay", "r.json", "py:half:Net"]) == 0
    assert main(["replay", "r.json", "GRAD-EXACT", "py:half:Net"]) == 0


class EightRelus(Textbook):
    """As deep as none other: of narrow layers, and with no activation but relu before the last."""

    activations = ("relu",)
    output_activations = ("identity",)
    hidden_layers = (8, 8)
    losses = None
    loss = MSE()


@pytest.mark.parametrize("clause", ["EPOCH-FRESH", "EPOCH-TAIL", "NET-CHAIN-DEEP"])
def test_deep_networks_are_neither_dead_nor_running_away(clause: str) -> None:
    """Else most cases are vacuous, and that is an error of the clause."""
    result, _ = run_clause(in_process(EightRelus), clause, "quick", 0)
    assert (result.verdict, result.message) == ("pass", "")
    assert result.vacuous <= 2 * result.judged


class LogOfSoftmax(Textbook):
    """As a course writes it: infinite, where the probability of the label is 0."""

    activations = ("identity",)
    targets = "one-hot"
    losses = None
    loss = SoftmaxCrossEntropy()

    def loss_value(self, inputs: Any, targets: Any) -> float:
        y, t = np.array(self.predict(inputs)), np.array(targets)
        e = np.exp(y - y.max(axis=1, keepdims=True))
        p = (e / e.sum(axis=1, keepdims=True))[t == 1]
        return math.inf if 0 in p else float(-np.mean(np.log(p)))


@pytest.mark.parametrize("clause", ["LOSS-SOFTMAX-CE-VALUE", "LOSS-CONSISTENT"])
def test_a_softmax_loss_is_judged_where_probabilities_are_numbers(clause: str) -> None:
    """What becomes of scores 745 apart is no matter of chance: LOSS-PRECISION looks before that."""
    found = [run_clause(in_process(LogOfSoftmax), clause, "default", seed)[0] for seed in range(2)]
    assert [result.message for result in found] == ["", ""]
