"""Adapters that misbehave: each gets the right verdict, and the run goes on.

A wrong answer and an ordinary exception fail. A hang, a crash, an exit, endless output, a giant
answer and a load that raises are errors of the adapter's own. Nothing of it harms the suite.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from spec_tests.cli import main
from spec_tests.report.json_file import read_json
from spec_tests.result import Result
from spec_tests.runner.session import BrokenImplementation, Session, UnknownImplementation
from spec_tests.runner.task import Task
from tests.test_house import ROOT

Shell = pytest.CaptureFixture[str]
HEAD = """
import ctypes, itertools, os, random, sys, threading, time
from pathlib import Path
from spec_tests.faults.textbook import Textbook

class Quiet(Exception):
    def __str__(self):
        raise self

class Unspeakable:
    def __repr__(self):
        raise Quiet

def wrap(rows):
    return [[v] for v in rows]

NAN, INF = float("nan"), float("inf")
counter = itertools.count()
"""
PREDICT = """
class {name}(Textbook):
    def predict(self, inputs):
        y = super().predict(inputs)
        {line}
"""
NUMBER = "[[{} for v in row] for row in y]"
WRONG = {
    "Nested": ("return wrap(y)", "should be"),
    "Deep": ("return [[[v] for v in row] for row in y]", "should be a number"),
    "Flat": ("return [v for row in y for v in row]", "should be"),
    "Short": ("return y[1:]", "has the length 0, should be 1 rows"),
    "Nothing": ("pass", "predict is None, should be 1 rows"),
    "Text": ("return 'a'", "predict is 'a', should be 1 rows"),
    "Texts": (f"return {NUMBER.format('str(v)')}", "should be a number"),
    "Truth": (f"return {NUMBER.format('v > 0')}", "should be a number"),
    "Complex": (f"return {NUMBER.format('v + 0j')}", "should be a number"),
    "Absent": (f"return {NUMBER.format('None')}", "is None, should be a number"),
    "Huge": (f"return {NUMBER.format('10**400')}", "is a number that no float holds"),
    "NotANumber": (f"return {NUMBER.format('v * NAN')}", "is nan, should be"),
    "Infinite": (f"return {NUMBER.format('INF')}", "is inf, should be"),
    "Mapping": ("return dict(enumerate(y))", "predict is {0: "),
    "Lazy": ("return (row for row in y)", "<generator object Lazy.predict.<locals>.<genexpr>>"),
    "Mute": ("return Unspeakable()", "predict is a Unspeakable, should be"),
    "Endless": ("y.append(y); return y", "raised RecursionError"),
    "Raising": ("raise ValueError('no')", "predict raised ValueError: no"),
    "Odd": ("raise ValueError('\\ud800\\n[/]')", "predict raised ValueError: \ud800"),
    "Silent": ("raise Quiet", "predict raised Quiet"),
    "Wordy": ("raise ValueError('x' * 10**7)", "predict raised ValueError: xxx"),
    "Located": ("raise ValueError(object())", "predict raised ValueError: <object object>"),
    "Deeper": ("return self.predict(inputs)", "predict raised RecursionError"),
    "Reading": ("input()", "predict raised EOFError"),
}
"""What predict does, and what is said of it where there is one row of one output."""
HARMLESS = {
    "Talking": "print('x' * 1000); return y",
    "Closing": "sys.stdout and sys.stdout.close(); sys.stdout = None; return y",
    "Closed": "os.closerange(0, 3); return y",
    "Threaded": "threading.Thread(target=time.sleep, args=(9e5,)).start(); return y",
    "Recursive": "sys.setrecursionlimit(100_000); return y",
    "Seeding": "random.seed(1); return y",
    "Moving": "os.chdir('/'); return y",
}
"""Bad manners of predict, with the right answer."""
BREAKDOWNS = {
    "Hanging": ("time.sleep(60)", "predict did not return within 2 s"),
    "Leaving": ("os._exit(0)", "predict ended the process with exit code 0"),
    "Speaking": (
        "print('the end', flush=True); os._exit(7)",
        "predict ended the process with exit code 7: the end",
    ),
    "Crashing": ("ctypes.string_at(0)", "predict ended the process by SIGSEGV"),
    "Printing": ("while True: print('x' * 1000)", "predict printed more than 10 MB"),
    "Giant": ("return b'x' * 2**30", "predict takes more than 512 MB"),
    "Interrupting": (
        "raise KeyboardInterrupt",
        "predict ended the process by SIGINT: KeyboardInterrupt",
    ),
}
"""What predict does to the process, and what is said of it."""
OTHERS = """
class Exiting(Textbook):
    def predict(self, inputs):
        sys.exit("enough")

class Unloaded(Textbook):
    def load(self, dense):
        raise ValueError("no")

class Unmade(Textbook):
    def __init__(self, size):
        pass

class Mutating(Textbook):
    def gradients(self, inputs, targets):
        found = super().gradients(inputs, targets)
        inputs[0][0] += 1
        return found

class Spoiling(Textbook):
    def load(self, dense):
        super().load(dense)
        dense[0][0][0][0] += 1

class Random(Textbook):
    def predict(self, inputs):
        return [[v + random.random() for v in row] for row in super().predict(inputs)]

class Trembling(Textbook):
    def predict(self, inputs):
        shift = os.urandom(1)[0] % 2
        return [[v + shift for v in row] for row in super().predict(inputs)]

class Fleeting(Textbook):
    def predict(self, inputs):
        shift = next(counter) == 5
        return [[v + shift for v in row] for row in super().predict(inputs)]

class Blind(Textbook):
    def gradients(self, inputs, targets):
        nothing = float("nan")
        found = super().gradients(inputs, targets)
        return [([[nothing for _ in row] for row in w], [nothing for _ in b]) for w, b in found]

class Boundless(Textbook):
    def layer_gradient(self, i, x, dz):
        w, b = super().layer_gradient(i, x, dz)
        return [[v * 1e308 * 1e308 for v in row] for row in w], b

class Failing(Textbook):
    '''Its optimizers end the process, and its gradient is twice what it should be.'''
    def optimize(self, name, options, parameters, gradients):
        os._exit(1)
    def layer_gradient(self, i, x, dz):
        w, b = super().layer_gradient(i, x, dz)
        return [[2 * v for v in row] for row in w], b

class Waiting(Textbook):
    def pullback(self, inputs, output_gradient):
        Path("waiting").write_text(str(os.getpid()))
        time.sleep(60)
"""
GOES_ON = "OPT-SGD"
"""A clause that does not call predict."""


def source() -> str:
    lines = {name: line for name, (line, _) in (WRONG | BREAKDOWNS).items()} | HARMLESS
    return (
        HEAD
        + "".join(PREDICT.format(name=name, line=line) for name, line in lines.items())
        + OTHERS
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working folder with the module `bad`, which children can import."""
    place = tmp_path_factory.mktemp("bad")
    (place / "bad.py").write_text(source(), encoding="utf-8")
    (place / "broken.py").write_text("raise ValueError('no')", encoding="utf-8")
    (place / "exits.py").write_text("raise SystemExit(0)", encoding="utf-8")
    (place / "dies.py").write_text("import os; os._exit(5)", encoding="utf-8")
    (place / "lacking.py").write_text("import no_such_library", encoding="utf-8")
    (place / "garbled.py").write_text("class (:", encoding="utf-8")
    (place / "wrong.py").write_text(
        "from spec_tests.faults.textbook import Textbook\n"
        "class Net(Textbook):\n    activations = ('rellu',)\n",
        encoding="utf-8",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setenv("PYTHONPATH", str(ROOT))
        yield place


def conduct(tasks: list[tuple[str, str]], workers: int = 1, seconds: float = 10) -> dict[str, Any]:
    """The results of (class, clause) pairs, by "class clause"."""
    session = Session(workers, lambda result: None, seconds)
    own = [Task(f"py:bad:{name}", clause, "quick", 0, shrink=False) for name, clause in tasks]
    results = session.run(own)
    return {f"{name} {id}": result for (name, id), result in zip(tasks, results, strict=True)}


@pytest.fixture(scope="module")
def results(folder: Path) -> dict[str, Result]:
    """Of all that leave the process alive, on the same two children."""
    others = {
        "Exiting": ["FC-FORWARD", GOES_ON],
        "Unloaded": ["FC-FORWARD"],
        "Unmade": ["FC-FORWARD"],
        "Mutating": ["PURE-ARGUMENTS", "GRAD-EXACT"],
        "Spoiling": ["PURE-ARGUMENTS"],
        "Random": ["FC-FORWARD", "PURE-REPEAT"],
        "Trembling": ["FC-FORWARD"],
        "Fleeting": ["FC-FORWARD"],
        "Blind": ["GRAD-EXACT", "GRAD-BOUND", "BATCH-SUM", "GRAD-DIFFERENCE", "GRAD-KINK"],
        "Boundless": ["GRAD-EXACT", "GRAD-BOUND", "BATCH-SUM", "SGD-STEP"],
    }
    tasks = [(name, "SHAPE-OUTPUT") for name in WRONG]
    tasks += [(name, "FC-FORWARD") for name in [*WRONG, *HARMLESS]]
    tasks += [(name, GOES_ON) for name in [*HARMLESS]]
    tasks += [(name, id) for name, ids in others.items() for id in ids]
    return conduct(tasks, workers=2)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_fails_and_is_shown(results: dict[str, Result], name: str) -> None:
    result = results[f"{name} FC-FORWARD"]
    assert result.verdict == "fail"
    assert WRONG[name][1] in result.message
    assert len(result.message) < 1100
    shape = results[f"{name} SHAPE-OUTPUT"]
    assert shape.verdict == ("pass" if name in ("NotANumber", "Infinite") else "fail")


@pytest.mark.parametrize("name", HARMLESS)
def test_bad_manners_with_a_right_answer_pass(results: dict[str, Result], name: str) -> None:
    assert results[f"{name} FC-FORWARD"].verdict == "pass", results[f"{name} FC-FORWARD"]
    assert results[f"{name} {GOES_ON}"].verdict == "pass"


@pytest.mark.parametrize("name", BREAKDOWNS)
def test_what_ends_the_process_is_an_error_and_the_run_goes_on(folder: Path, name: str) -> None:
    """One child: the one that ended has been replaced."""
    seconds = 2 if name == "Hanging" else 30
    found = conduct([(name, "FC-FORWARD"), (name, GOES_ON)], seconds=seconds)
    result = found[f"{name} FC-FORWARD"]
    assert result.verdict == "error"
    assert result.message.startswith(BREAKDOWNS[name][1])
    assert found[f"{name} {GOES_ON}"].verdict == "pass"


def test_an_exit_is_an_error(results: dict[str, Result]) -> None:
    result = results["Exiting FC-FORWARD"]
    assert result.verdict == "error"
    assert result.message.startswith("predict raised SystemExit: enough (bad.py, line ")
    assert results[f"Exiting {GOES_ON}"].verdict == "pass"


def test_a_network_that_cannot_be_loaded_is_an_error(results: dict[str, Result]) -> None:
    for name in ("Unloaded", "Unmade"):
        assert results[f"{name} FC-FORWARD"].verdict == "error"
    message = results["Unloaded FC-FORWARD"].message
    assert message.startswith("load raised ValueError: no (bad.py, line ")


def test_changed_arguments_are_seen_once(results: dict[str, Result]) -> None:
    """Every call gets numbers of its own: so other clauses are not disturbed."""
    assert results["Mutating PURE-ARGUMENTS"].verdict == "fail"
    assert "the inputs that were handed over" in results["Mutating PURE-ARGUMENTS"].message
    assert results["Mutating GRAD-EXACT"].verdict == "pass"
    assert "the parameters that were handed over" in results["Spoiling PURE-ARGUMENTS"].message


def test_random_answers_fail_or_are_flaky(results: dict[str, Result]) -> None:
    for task in ("Random FC-FORWARD", "Random PURE-REPEAT", "Trembling FC-FORWARD"):
        assert results[task].verdict in ("fail", "flaky")
    assert results["Fleeting FC-FORWARD"].verdict == "flaky"


@pytest.mark.parametrize("name", ["Blind", "Boundless"])
def test_gradients_that_are_not_finite_fail_wherever_they_are_read(
    results: dict[str, Result], name: str
) -> None:
    own = {task: result.verdict for task, result in results.items() if task.startswith(name)}
    assert set(own.values()) == {"fail"}, own


def test_whole_numbers_are_numbers_like_others(folder: Path) -> None:
    """Conversion to float happens once, and a bound of 0 stays one."""
    (folder / "whole.py").write_text(
        "from spec_tests.faults.textbook import Textbook\n"
        "class Net(Textbook):\n"
        "    def predict(self, inputs):\n"
        "        y = super().predict(inputs)\n"
        "        return tuple(tuple(int(v) if v == int(v) else v for v in row) for row in y)\n"
    )
    session = Session(1, lambda result: None)
    [result] = session.run([Task("py:whole:Net", "FC-FORWARD", "quick", 0)])
    assert result.verdict == "pass"


MISSING = {
    "py:nowhere:Net": "py:nowhere:Net: there is no module nowhere in",
    "py:bad:Nobody": "bad has no Nobody: it has Textbook, ",
    "py:wrong:Net": "Net.activations has 'rellu': did you mean 'relu'?",
}
UNIMPORTABLE = {
    "py:broken:Net": "importing py:broken:Net raised ValueError: no",
    "py:exits:Net": "importing py:exits:Net raised SystemExit: 0",
    "py:dies:Net": "import ended the process with exit code 5",
    "py:lacking:Net": "importing py:lacking:Net raised ModuleNotFoundError: "
    "No module named 'no_such_library'",
    "py:garbled:Net": "importing py:garbled:Net raised SyntaxError: ",
}


@pytest.mark.parametrize("selector", [*MISSING, *UNIMPORTABLE])
def test_what_cannot_be_found_or_imported_is_one_line(
    folder: Path, capsys: Shell, selector: str
) -> None:
    """Exit code 2 for what is not there or not declared well, 3 for a module that breaks."""
    code = main(["run", selector, "--profile", "quick", "--only", "FC-FORWARD", "--workers", "1"])
    [line] = capsys.readouterr().err.splitlines()
    assert code == (2 if selector in MISSING else 3)
    assert line.startswith(f"refnn-conform: {(MISSING | UNIMPORTABLE)[selector]}")


def test_the_session_says_which_kind_it_is(folder: Path) -> None:
    for selector, kind in (
        ("py:nowhere:Net", UnknownImplementation),
        ("py:broken:Net", BrokenImplementation),
    ):
        with pytest.raises(kind):
            Session(1, lambda result: None).run([Task(selector, "FC-FORWARD", "quick", 0)])


CODES = [
    ("Talking", "FC-FORWARD", 0),
    ("NotANumber", "FC-FORWARD", 1),
    ("Leaving", "FC-FORWARD", 3),
    ("Unloaded", "FC", 3),
    ("Failing", "FC,OPT-SGD", 1),
    ("Talking", "NONE", 2),
]


@pytest.mark.parametrize(("name", "only", "code"), CODES)
def test_the_exit_code_says_what_was_found(
    folder: Path, capsys: Shell, name: str, only: str, code: int
) -> None:
    """A MUST that failed counts for more than an adapter that broke elsewhere."""
    words = ["run", f"py:bad:{name}", "--profile", "quick", "--workers", "1", "--only", only]
    assert main(words) == code
    assert "Traceback" not in capsys.readouterr().err


def report_of(name: str, file: str, *words: str) -> bytes:
    command = ["run", f"py:bad:{name}", "--profile", "quick", "--json", file, *words]
    main(command)
    return Path(file).read_bytes()


def test_a_report_depends_on_the_seed_alone(folder: Path, capsys: Shell) -> None:
    """Neither on the number of children nor on the run, even where five of them broke down."""
    words = ("--only", "FC,GRAD-EXACT,OPT,PURE", "--workers")
    one = report_of("Failing", "one.json", *words, "1")
    two = report_of("Failing", "two.json", *words, "2")
    assert one == two
    verdicts = [entry["verdict"] for entry in json.loads(one)["clauses"]]
    assert verdicts.count("error") == 5 and {"pass", "fail", "not-run"} <= {*verdicts}
    assert capsys.readouterr().err.count("Traceback") == 0


def test_the_same_seed_gives_the_same_cases_and_another_others(folder: Path, capsys: Shell) -> None:
    words = ("--only", "FC-FORWARD,ACT-TANH-VALUE,GRAD-BOUND", "--workers", "2", "--seed")
    first, again, other = (
        report_of("Talking", f"{n}.json", *words, seed) for n, seed in enumerate(["3", "3", "4"])
    )
    assert first == again
    margins = [
        [entry["margin"] for entry in json.loads(report)["clauses"]] for report in (first, other)
    ]
    assert margins[0] != margins[1]


def test_ctrl_c_leaves_a_valid_report_of_what_was_done(folder: Path) -> None:
    """And nobody behind: the child that waits is ended."""
    command = [sys.executable, "-m", "spec_tests", "run", "py:bad:Waiting", "--profile", "quick"]
    command += ["--only", "ACT-NAN,FC", "--workers", "1", "--json", "partial.json"]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
    )
    marker = folder / "waiting"
    for _ in range(400):
        if marker.exists() and marker.read_text():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Traceback" not in errors
    report = read_json("partial.json")
    assert not report.complete
    verdicts = {result.id: result.verdict for result in report.clauses}
    assert verdicts.pop("ACT-NAN") == "pass"
    assert set(verdicts.values()) == {"not-run"}
    with pytest.raises(ProcessLookupError):
        os.kill(int(marker.read_text()), 0)
