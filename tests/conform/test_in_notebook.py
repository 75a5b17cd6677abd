"""`spec_tests.check` in a notebook: for classes that no other process can import."""

from __future__ import annotations

import os
import sys
import threading
from collections import Counter
from typing import Any

import pytest

import spec_tests
from refnn.losses import Loss
from spec_tests import in_notebook
from spec_tests.declaration import DeclarationError
from spec_tests.faults.textbook import Textbook
from spec_tests.players.player import Wired
from spec_tests.players.python_child import Forked
from spec_tests.selectors import find


def ending() -> type[Textbook]:
    """As a cell makes it."""

    class Ends(Textbook):
        def input_gradient(self, inputs: Any, targets: Any) -> Any:
            os._exit(3)

    return Ends


def test_what_ends_its_process_ends_no_notebook() -> None:
    report = spec_tests.check(ending(), "smoke", only="FC").report
    found = {result.id: result.verdict for result in report.clauses}
    assert found.pop("FC-INPUT-GRADIENT") == "error"
    assert set(found.values()) == {"pass"}
    assert report.exit_code() == 3


class HangsOrWhat(Textbook):
    def gradients(self, inputs: Any, targets: Any) -> Any:
        raise KeyboardInterrupt("enough")


def test_what_breaks_down_again_and_again_is_asked_no_more() -> None:
    report = spec_tests.check(HangsOrWhat, "smoke").report
    verdicts = Counter(result.verdict for result in report.clauses)
    assert 5 <= verdicts["error"] < 30
    assert verdicts["not-run"] > 20
    said = {result.message for result in report.clauses if result.verdict == "error"}
    assert said == {"gradients ended the process with exit code 1: KeyboardInterrupt: enough"}


def test_ctrl_c_keeps_what_was_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = in_notebook.run_clauses

    def interrupted(subject: Any, group: list[str], *others: Any) -> Any:
        if group[0].startswith("ACT"):
            raise KeyboardInterrupt
        return judge(subject, group, *others)

    monkeypatch.setattr(in_notebook, "run_clauses", interrupted)
    report = spec_tests.check(Textbook, "smoke", only="FC,ACT-NAN").report
    found = {result.id: result.verdict for result in report.clauses}
    assert found.pop("ACT-NAN") == "not-run"
    assert set(found.values()) == {"pass"}
    assert not report.complete


def test_where_nothing_is_judged_that_is_said() -> None:
    nothing = type("Nothing", (Textbook,), {"pullback": None})
    assert "no clause was judged: the adapter has no pullback" in repr(
        spec_tests.check(nothing, only="FC-SUM")
    )


class ReadsInput(Textbook):
    def predict(self, inputs: Any) -> Any:
        assert sys.stdin.read() == ""
        return super().predict(inputs)


def test_it_reads_nothing_of_what_the_notebook_reads() -> None:
    assert spec_tests.check(ReadsInput, "smoke", only="FC-FORWARD").report.exit_code() == 0


def test_it_plays_beside_the_threads_of_a_notebook() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert spec_tests.check(Textbook, "smoke", only="FC").report.exit_code() == 0
    finally:
        stop.set()
        thread.join()


def test_a_process_that_was_forked_is_gone_afterwards() -> None:
    program = Forked(Textbook)
    player = Wired(program)
    assert program._process is not None
    process = program._process.pid
    os.kill(process, 0)
    player.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_what_cannot_fork_says_that_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = spec_tests.check(Textbook, "smoke", only="FC-FORWARD")
    monkeypatch.setattr(in_notebook, "CAN_FORK", False)
    unwatched = spec_tests.check(Textbook, "smoke", only="FC-FORWARD")
    for shown in (repr, in_notebook.Checked._repr_html_):
        said = ["without a watchdog" in shown(found) for found in (watched, unwatched)]
        assert said == [False, True]


def test_a_failure_is_repeated_where_it_was_seen() -> None:
    network = find("last-sample-gradient")
    shown = repr(spec_tests.check(network, "smoke", only="FC-SUM,GRAD-EXACT"))
    assert f'spec_tests.check({network.__name__}, "smoke", 0, "FC-SUM")' in shown
    assert "--full" not in shown


def test_what_cannot_be_checked_is_named() -> None:
    with pytest.raises(ValueError, match="profile is 'fast', should be one of"):
        spec_tests.check(Textbook, "fast")
    with pytest.raises(ValueError, match="FC-FORWRAD is no clause and no group"):
        spec_tests.check(Textbook, only="FC-FORWRAD")
    with pytest.raises(DeclarationError):
        spec_tests.check(type("Odd", (Textbook,), {"dtype": "float8"}))
    own = type("Own", (Loss,), {})
    with pytest.raises(DeclarationError, match="should be a refnn loss"):
        spec_tests.check(type("OwnLoss", (Textbook,), {"losses": None, "loss": own}))
