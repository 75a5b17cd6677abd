"""Players that misbehave: each is an error of its script, which says what happened."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from refnn import MSE
from spec_tests.cases.case import Dense
from spec_tests.errors import AdapterError, Unsupported, Violation
from spec_tests.judge import views
from spec_tests.judge.asked import asked
from spec_tests.judge.played import Played
from spec_tests.players.player import BrokenImplementation, InProcess, Player, Wired
from spec_tests.players.program import PlayerError, Program
from spec_tests.players.python_child import PythonChild
from spec_tests.scripts.script import Script
from spec_tests.scripts.wire import WireError
from spec_tests.scripts.writer import Writer
from tests.conform.zoo import ZOO

SECONDS = 2.0
NODE = Path(__file__).parent / "wire" / "net.mjs"


def script() -> Script:
    writer = Writer(MSE())
    dense = [Dense([[1.0, 0.5]], [0.25], "relu")]
    for method in ("predict", "gradients"):
        writer.ask(writer.load(dense), method, [[1.0, -1.0]], [[0.0]])
    return writer.script()


def play(player: Player) -> Played:
    entry = asked(script(), player.declaration)
    return Played(script(), player.declaration, player.play(entry))


def players() -> list[Player]:
    found: list[Player] = [InProcess(ZOO["Blas"]), Wired(PythonChild("ref"))]
    return [*found, Wired(Program(["node", str(NODE)]))] if shutil.which("node") else found


def test_all_kinds_of_players_give_the_same_answers() -> None:
    for player in players():
        played = play(player)
        assert views.outputs(played) == 0
        assert views.gradients(played) == 0
        assert played.outputs(1) == [[0.75]]
        player.close()


DECLARES = """import json, sys, time
def say(entry):
    print(json.dumps(entry), flush=True)
say({"wire": 1, "activations": ["identity", "relu"], "methods": ["load", "predict", "gradients"]})
"""
"""Before it is asked: the first answer may be there early, since no script came before it."""


def program(tmp_path: Path, body: str, seconds: float = SECONDS) -> Wired:
    """A program that declares and then does what `body` says, for each line."""
    path = tmp_path / "program.py"
    declares = DECLARES.replace("say({", "sys.stdin.readline()\nsay({", 1)
    path.write_text(f"{declares}for line in sys.stdin:\n    entry = json.loads(line)\n    {body}\n")
    return Wired(Program([sys.executable, str(path)], seconds))


ANSWERED = 'say({"script": entry["script"], "answers": [None, [[1.0]], None, []]})'
MISBEHAVIOUR = {
    "time.sleep(60)": "the program did not return within 2 s",
    "sys.exit(3)": "the program ended with exit code 3",
    'sys.exit("no more")': "the program ended with exit code 1: no more",
    "import os; os.close(1); time.sleep(60)": "the program has closed its output",
    'print("{", end="", flush=True); time.sleep(60)': "within 2 s; so far: {",
    'say("hello")': 'should be {"script": 1, "answers": [...]}',
    'print("hello", flush=True)': "hello is no JSON",
    'print("\\x1b[31mred", flush=True)': "is no JSON",
    'say({"script": 7, "answers": []})': "an answer to script 7, asked was 1",
    'say({"script": 1, "answers": [1]})': "answers are 1, should be 4: one for each call",
    'say({"script": 1, "answers": "all"})': 'answers are "all", should be 4',
    'print("[" * 100000, flush=True)': "is no JSON",
    'print(\'{"script": 1, "answers": NaN}\', flush=True)': 'NaN should be the text "NaN"',
    'sys.stderr.write("x" * 11 * 2**20); time.sleep(60)': "the program printed more than 10 MB",
}


@pytest.mark.parametrize("body", MISBEHAVIOUR)
def test_what_a_program_does_wrong_is_said(tmp_path: Path, body: str) -> None:
    player = program(tmp_path, body)
    with pytest.raises((PlayerError, WireError)) as caught:
        play(player)
    assert MISBEHAVIOUR[body] in str(caught.value)
    assert str(caught.value).isprintable()
    player.close()


FORGED = {
    "true": "predict is True, should be 1 rows of 1 numbers",
    "[[true]]": "predict[0][0] is True, should be a number",
    '[["1.0"]]': "predict[0][0] is '1.0', should be a number",
    "[[null]]": "predict[0][0] is None, should be a number",
    "[[[1.0]]]": "predict[0][0] is [1.0], should be a number",
    "[[1.0, 1.0]]": "predict[0] has the length 2, should be 1 numbers",
    "[[1.0], [1.0]]": "predict has the length 2, should be 1 rows of 1 numbers",
    "[[]]": "predict[0] has the length 0, should be 1 numbers",
    "{}": "predict is {}, should be 1 rows",
    '{"0": [1.0]}': "predict is {'0': [1.0]}, should be 1 rows",
    f"[[1{'0' * 400}]]": "predict[0][0] is a number that no float holds",
    "[[1e999]]": "y[0][0] is inf, should be 0.75",
    '[["NaN"]]': "y[0][0] is nan, should be 0.75",
    '[["-Infinity"]]': "y[0][0] is -inf, should be 0.75",
    '{"error": 5}': "5",
    '{"error": ""}': "an error without words",
    '{"error": {"a": 1}}': "{'a': 1}",
    '{"error": "\\u001b[31mred"}': "red",
    '{"broken": true}': "predict is {'broken': True}, should be 1 rows",
    '{"unsupported": "no"}': "no",
    '{"other": "a tensor"}': "predict is a tensor, should be 1 rows",
    f"{'[' * 900}{']' * 900}": "predict[0][0] is [[",
}
"""What stands in the place of [[0.75]], and what is said of it."""


@pytest.mark.parametrize("answer", FORGED, ids=lambda answer: answer[:30])
def test_a_forged_answer_is_an_error_of_its_script(tmp_path: Path, answer: str) -> None:
    """Whatever it is: one of the errors that mean something, which says what was answered."""
    line = f'{{"script": 1, "answers": [null, {answer}, null, []]}}'
    player = program(tmp_path, f"print({line!r}, flush=True)")
    with pytest.raises((Violation, AdapterError, Unsupported)) as caught:
        views.outputs(play(player))
    assert FORGED[answer] in str(caught.value)
    player.close()


def test_a_program_that_cannot_be_started_leaves_no_descriptors_open(tmp_path: Path) -> None:
    missing = Program([str(tmp_path / "missing")])
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with pytest.raises(PlayerError, match="No such file"):
            missing.ask(b"{}")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_an_answer_before_the_question_is_an_error(tmp_path: Path) -> None:
    player = program(tmp_path, f"{ANSWERED}; {ANSWERED}")
    play(player)
    early = "answered before it was asked|an answer to script 1, asked was 2"
    with pytest.raises((PlayerError, WireError), match=early):
        play(player)
    player.close()


def test_after_an_error_the_next_script_has_a_new_process(tmp_path: Path) -> None:
    player = program(tmp_path, f'if entry["script"] == 1: sys.exit(1)\n    {ANSWERED}')
    with pytest.raises(PlayerError):
        play(player)
    assert play(player).outputs(1) == [[1.0]]
    player.close()


def test_a_program_that_never_reads_is_no_deadlock(tmp_path: Path) -> None:
    """The line is longer than a pipe holds."""
    path = tmp_path / "deaf.py"
    declares = DECLARES.replace("say({", "sys.stdin.readline()\nsay({", 1)
    path.write_text(f"{declares}time.sleep(60)\n")
    player = Wired(Program([sys.executable, str(path)], SECONDS))
    entry = {**asked(script(), player.declaration), "padding": "x" * 10**6}
    with pytest.raises(PlayerError, match="did not return"):
        player.play(entry)
    player.close()


def test_what_cannot_be_started_is_said() -> None:
    with pytest.raises(BrokenImplementation, match=r"no_such_program: No such file"):
        Wired(Program(["no_such_program"], SECONDS))


def test_an_error_of_the_program_is_an_answer(tmp_path: Path) -> None:
    refuses = '{"error": "no such width"}'
    player = program(tmp_path, ANSWERED.replace("[[1.0]]", refuses))
    with pytest.raises(AdapterError, match="no such width"):
        play(player).outputs(1)
    player.close()


def test_what_was_handed_over_is_not_shared_with_a_program(tmp_path: Path) -> None:
    player = program(tmp_path, 'say({"script": 1, "answers": [None, {"error": "what?"}]})')
    writer = Writer(MSE())
    writer.show(writer.load(script().networks[0]), 0)
    played = Played(
        writer.script(), player.declaration, player.play(asked(writer.script(), player.declaration))
    )
    with pytest.raises(Unsupported, match="not shared with a program"):
        played.answer(1)
    player.close()
