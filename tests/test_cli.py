"""The command, as users type it: right, wrong, in a pipe, without extras."""

from __future__ import annotations

import importlib.metadata
import io
import json
import os
import runpy
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from random import Random
from typing import Any

import pytest

from refnn import FCLayer, Model, ReLU, Sigmoid, save
from refnn.cli import main
from refnn.commands import run as run_command
from refnn.systems import SYSTEMS, Outcome
from refnn.systems.system import OnEpoch

ROOT = Path(__file__).parents[1]

Shell = pytest.CaptureFixture[str]


def refnn(capsys: Shell, *argv: str) -> tuple[int, str, str]:
    """(exit code, stdout, stderr)."""
    try:
        code = main(argv)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, *capsys.readouterr()


def without_extras(*argv: str) -> subprocess.CompletedProcess[str]:
    """A Python that sees the standard library and this repository, and nothing installed."""
    return subprocess.run(
        [sys.executable, "-S", *argv],
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def test_importing_refnn_loads_the_standard_library_only() -> None:
    code = "import refnn, refnn.cli, sys; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = set(without_extras("-c", code).stdout.split())
    plain = set(without_extras("-c", "import sys; print(*sys.modules)").stdout.split())
    assert "refnn" in loaded
    assert loaded - {"refnn"} <= sys.stdlib_module_names | plain


def test_the_command_works_without_extras() -> None:
    listed = without_extras("-m", "refnn", "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == [*SYSTEMS]
    trained = without_extras("-m", "refnn", "run", "heights", "--epochs", "20")
    assert trained.returncode == 0
    assert "heights, seed 0, 20 epochs: loss from " in trained.stdout
    picture = without_extras("-m", "refnn", "run", "heights", "--plot", "a.png")
    assert (picture.returncode, picture.stdout) == (2, "")
    assert picture.stderr == "refnn: matplotlib is missing: pip install 'refnn[plot]'\n"
    version = without_extras("-m", "refnn", "--version")
    assert version.stdout == "refnn (not installed)\n"


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_runs_and_tells_machines_what_it_learned(capsys: Shell, name: str) -> None:
    code, out, err = refnn(capsys, "run", name, "--epochs", "3", "--seed", "7", "--json")
    told = json.loads(out)
    assert (code, told["system"], told["seed"], told["epochs"]) == (0, name, 7, 3)
    assert len(told["losses"]) == 3
    assert all(row.keys() == {"quantity", "learned", "true"} for row in told["rows"])
    assert err.splitlines()[-1].startswith(f"{name}: epoch 3 of 3, loss ")


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_is_shown_to_people(capsys: Shell, name: str) -> None:
    code, out, _ = refnn(capsys, "run", name, "--epochs", "2")
    assert code == 0
    assert f"{name}, seed 0, 2 epochs: loss from " in out
    assert out.count("learned") >= 1
    assert ("blank is 0, @ is 1" in out) == (name in ("xor", "heights", "moons", "blobs"))


def test_a_default_that_is_shorter_than_the_tutorial_says_so(
    capsys: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SYSTEMS, "blobs", replace(SYSTEMS["blobs"], epochs=2))
    _, out, _ = refnn(capsys, "run", "blobs")
    assert "The tutorial's 10000 epochs take longer: --epochs 10000" in out
    _, out, _ = refnn(capsys, "run", "blobs", "--epochs", "3")
    assert "take longer" not in out


def test_a_loss_that_blows_up_is_null_to_machines(
    capsys: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(epochs: int, rng: Random, on_epoch: OnEpoch) -> Outcome:
        outcome = SYSTEMS["heights"].train(epochs, rng, on_epoch)
        return replace(outcome, losses=[float("inf"), float("nan")])

    monkeypatch.setitem(SYSTEMS, "blobs", replace(SYSTEMS["blobs"], train=explode))
    _, out, _ = refnn(capsys, "run", "blobs", "--epochs", "1", "--json")
    assert json.loads(out)["losses"] == [None, None]


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_is_drawn(capsys: Shell, tmp_path: Path, name: str) -> None:
    assert drawn(capsys, name, tmp_path / f"{name}.svg").startswith(b"<?xml")


@pytest.mark.parametrize("ending", ["svg", "PNG"])
def test_a_system_is_drawn_twice_alike(capsys: Shell, tmp_path: Path, ending: str) -> None:
    first, again = (drawn(capsys, "xor", tmp_path / f"{n}.{ending}") for n in range(2))
    assert first == again
    assert first.startswith(b"<?xml" if ending == "svg" else b"\x89PNG")


def drawn(capsys: Shell, name: str, path: Path) -> bytes:
    assert refnn(capsys, "run", name, "--epochs", "2", "--plot", str(path))[0] == 0
    return path.read_bytes()


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_example_is_explained(capsys: Shell, name: str) -> None:
    code, out, _ = refnn(capsys, "explain", name)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    code, out, _ = refnn(capsys, "explain", name, "--json")
    sections = json.loads(out)
    assert [section["lines"][0]["name"] for section in sections[:2]] == ["x[0]", "z[0]"]


def test_a_narrow_terminal_wraps(capsys: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    for argv in (["list"], ["explain", "iris"], ["run", "moons", "--epochs", "2"]):
        _, out, _ = refnn(capsys, *argv)
        assert max(map(len, out.splitlines())) <= 40


def test_a_trained_network_can_be_saved_explained_and_checked(
    capsys: Shell, tmp_path: Path
) -> None:
    network, data = str(tmp_path / "n.json"), tmp_path / "d.json"
    assert refnn(capsys, "run", "heights", "--epochs", "5", "--save", network)[0] == 0
    code, out, _ = refnn(capsys, "explain", network, "--x", "-2", "-1.5", "--t", "1")
    assert (code, out.startswith("sample: x, and its target t\n  x[0] = -2\n")) == (0, True)
    assert "layers[0] FCLayer 2 -> 2: y = W x + b\n" in out
    assert refnn(capsys, "explain", network)[0] == 0
    data.write_text('{"x": [[-2.0, -1.0], [25.0, 6.0]], "t": [[1.0], [0.0]]}')
    code, out, _ = refnn(capsys, "check", network, str(data))
    assert (code, out) == (0, "9 of 9 parameters have the right gradient (central differences)\n")
    code, out, _ = refnn(capsys, "check", network, str(data), "--json")
    assert json.loads(out)["passed"] is True


def test_numbers_of_a_file_are_explained_as_the_fractions_that_it_says(
    capsys: Shell, tmp_path: Path
) -> None:
    network = str(tmp_path / "n.json")
    save(Model([FCLayer([[0.1, 0.2]], [0.3]), ReLU()]), network)
    _, out, _ = refnn(capsys, "explain", network, "--x", "1/3", "2", "--t", "1")
    assert "z[0] = 1/10·1/3 + 1/5·2 + 3/10 = 11/15" in out
    _, out, _ = refnn(capsys, "explain", network, "--json")
    assert json.loads(out)[1]["lines"] == [
        {"name": "z[0]", "formula": "1/10·1 + 1/5·2 + 3/10", "value": "4/5"}
    ]


def test_a_wrong_gradient_is_exit_code_1(
    capsys: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, data = str(tmp_path / "n.json"), tmp_path / "d.json"
    save(Model([FCLayer([[1.0]], [0.5]), ReLU()]), network)
    data.write_text('{"x": [[1.0]], "t": [[1.0]]}')
    monkeypatch.setattr(FCLayer, "parameter_gradient", lambda self, x, y, dy: self.parameters)
    code, out, _ = refnn(capsys, "check", network, str(data))
    assert (code, out.splitlines()[1]) == (
        1,
        "wrong: layers[0].bias[0]: got 1/2, expected 1",
    )
    code, out, _ = refnn(capsys, "check", network, str(data), "--json")
    assert (code, json.loads(out)["mismatches"]) == (
        1,
        [{"parameter": "layers[0].bias[0]", "got": "1/2", "low": "1", "high": "1"}],
    )


WRONG = [
    ("", "refnn: the following arguments are required: COMMAND (see refnn --help)"),
    ("frob", "refnn: argument COMMAND: invalid choice: 'frob' "),
    ("run", "refnn run: the following arguments are required: NAME (see refnn run --help)"),
    ("run xro", "refnn: xro is no system: did you mean xor?"),
    ("run XOR", "refnn: XOR is no system: did you mean xor?"),
    ("explain n.json --x 1 1/0", "refnn explain: argument --x: 1/0 is no number"),
    ("run 42", "refnn: 42 is no system: there are squares, squares-chain, "),
    ("run xor --epochs 0", "refnn run: argument --epochs: 0 is too small, should be at least 1"),
    ("run xor --epochs ten", "refnn run: argument --epochs: invalid whole number value: 'ten'"),
    ("run xor --seed x", "refnn run: argument --seed: invalid int value: 'x'"),
    ("run xor --plot a.gif", "refnn: a.gif ends in '.gif', should end in .svg or .png"),
    ("run xor --plot no/a.png", "refnn: no is no folder, no/a.png cannot be written"),
    ("run xor --save .", "refnn: . is a folder, should be a file"),
    ("explain no.json", "refnn: no.json: No such file or directory"),
    ("explain xor --x 1 2", "refnn: --x and --t go with a network file, xor is none"),
    ("explain n.json --x 1", "refnn: x[0] has 1 number, should have 2"),
    (
        "explain n.json --x 1 a",
        "refnn explain: argument --x: a is no number, as 3, -0.5 and 1/3 are",
    ),
    ("explain d.json", "refnn: d.json: the file has the keys ['t', 'x'], should have "),
    ("check n.json", "refnn check: the following arguments are required: data.json"),
    ("check n.json n.json", "refnn: n.json: the file has the keys ['format', 'layers', 'loss']"),
    ("check n.json d.json", "refnn: d.json does not fit n.json: x[0] has 1 number, should have 2"),
    ("check n.json f.json", "refnn: f.json does not fit n.json: x[0][0] is a Fraction, layers[0]"),
]


@pytest.mark.parametrize(("line", "message"), WRONG)
def test_what_is_wrong_is_one_line_and_exit_code_2(
    capsys: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    save(Model([FCLayer([[1.0, 2.0]], [0.0])]), "n.json")
    Path("d.json").write_text('{"x": [[1.0]], "t": [[1.0]]}')
    Path("f.json").write_text('{"x": [["1/2", 1]], "t": [[1]]}')
    files = sorted(os.listdir())
    code, out, err = refnn(capsys, *line.split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(message)
    assert sorted(os.listdir()) == files


def test_numbers_that_are_too_large_are_one_line(capsys: Shell, tmp_path: Path) -> None:
    network = str(tmp_path / "n.json")
    save(Model([FCLayer([[1.0]], [0.5]), Sigmoid()]), network)
    code, out, err = refnn(capsys, "explain", network, "--x", "1e999", "--t", "1")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("refnn: the numbers are too large or undefined: ")


def test_a_closed_output_is_no_error(capsys: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["run", "heights", "--epochs", "1"]) == 0


def test_an_interrupt_is_one_line(capsys: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_command, "draw_text", raises(KeyboardInterrupt))
    code, _, err = refnn(capsys, "run", "heights", "--epochs", "1")
    assert (code, err.splitlines()[-1]) == (130, "refnn: interrupted")


def test_a_reader_who_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m refnn explain iris | head -1"
    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


def test_a_terminal_without_greek_gets_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    assert main(["explain", "heights"]) == 0
    narrow.flush()
    assert b"a = ?(z)" in narrow.buffer.getvalue()


def test_the_module_is_the_command(capsys: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["refnn", "list"])
    with pytest.raises(SystemExit) as stop:
        runpy.run_module("refnn", run_name="__main__")
    assert stop.value.code == 0
    assert capsys.readouterr().out.startswith("squares")


def test_what_is_missing_is_one_line(capsys: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's version where it is not installed, and matplotlib."""
    monkeypatch.setattr(importlib.metadata, "version", raises(PackageNotFoundError))
    assert refnn(capsys, "--version")[1] == "refnn (not installed)\n"
    monkeypatch.setattr(run_command, "check_format", raises(ImportError(name="matplotlib")))
    code, _, err = refnn(capsys, "run", "xor", "--plot", "a.png")
    assert (code, err) == (2, "refnn: matplotlib is missing: pip install 'refnn[plot]'\n")


def test_output_that_nobody_reads_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "out").open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(run_command, "print_wrapped", raises(BrokenPipeError))
        assert main(["list"]) == 0
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", io.StringIO())
        assert main(["explain", "xor"]) == 0


def raises(error: Any) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_the_version_is_that_of_the_package(capsys: Shell) -> None:
    assert refnn(capsys, "--version")[:2] == (0, f"refnn {importlib.metadata.version('refnn')}\n")
