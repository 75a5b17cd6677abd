"""Every classic bug is caught, by a clause that reads what it touches, and is named."""

from __future__ import annotations

from typing import Any

import pytest

from docs.builder.reports import kill_matrix as kill_matrix_published
from spec_tests.clauses import CHECKS, requirements
from spec_tests.commands.faults import as_json, kill_matrix
from spec_tests.diagnosis import diagnose
from spec_tests.faults import FAULTS, Fault, Textbook
from spec_tests.runner.engine import run_clause
from spec_tests.runner.session import Session
from spec_tests.runner.task import Task
from spec_tests.subject import in_process

PUBLISHED = {entry["id"]: entry for entry in kill_matrix_published()}


def failing(tasks: list[Task]) -> list[Task]:
    results = Session(2, lambda result: None).run(tasks)
    failed = ("fail", "flaky", "error")
    return [task for task, r in zip(tasks, results, strict=True) if r.verdict in failed]


@pytest.mark.slow
def test_every_clause_kills_what_the_published_matrix_says() -> None:
    """The first of it: a clause that catches nothing might as well not be there."""
    tasks = []
    for clause in requirements():
        killed = [id for id, entry in PUBLISHED.items() if clause in entry["killed"]]
        tasks.append(Task(killed[0], clause, "quick", 0, shrink=False))
    assert failing(tasks) == tasks


@pytest.mark.slow
def test_no_clause_fails_by_accident() -> None:
    """Where it reads nothing that the fault touches. Of all pairs an eighth, each fault and each
    clause among them, and few cases of each; `refnn-conform faults` asks all.
    """
    untouched = [
        Task(id, clause, "smoke", 0, shrink=False)
        for i, (id, fault) in enumerate(FAULTS.items())
        for j, (clause, check) in enumerate(CHECKS.items())
        if not check.reads & fault.touches and (i + j) % 8 == 0
    ]
    assert failing(untouched) == []


def test_a_row_of_the_published_matrix_is_what_a_run_gives() -> None:
    id = "bias-gradient-of-one-sample"
    row = kill_matrix([id], 2, "quick", 0)
    assert as_json(row, "quick", 0)["faults"] == [PUBLISHED[id]]


def test_the_textbook_without_a_fault_passes() -> None:
    """So that what fails is the fault, and not the network that it is planted in."""
    verdicts = {id: run_clause(in_process(Textbook), id, "quick")[0].verdict for id in CHECKS}
    assert {id: verdict for id, verdict in verdicts.items() if verdict != "pass"} == {}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.id)
def test_a_fault_is_caught_and_named(fault: Fault) -> None:
    """By the first clause that reads what it touches, or another; the diagnosis finds it."""
    subject = in_process(fault.network)
    for id, check in CHECKS.items():
        if check.reads & fault.touches:
            result, failure = run_clause(subject, id, "quick", 0)
            if result.verdict == "fail":
                assert failure is not None
                assert fault.id in diagnose(subject, id, failure).known_bugs
                return
    pytest.fail("no clause fails")


@pytest.mark.parametrize(
    ("fault", "clause"),
    [
        ("hidden-derivative-missing", "NET-CHAIN-2"),
        ("last-sample-gradient", "NET-CHAIN-2"),
        ("upstream-dropped", "NET-CHAIN-DEEP"),
        ("weight-gradient-transposed", "GRAD-EXACT"),
        ("weights-transposed", "NET-FORWARD"),
        ("decay-on-bias", "OPT-DECAY"),
    ],
)
def test_the_case_shown_is_small(fault: str, clause: str) -> None:
    """At most 2 units a layer, and few rows."""
    result, failure = run_clause(in_process(FAULTS[fault].network), clause, "default", 0)
    assert result.verdict == "fail"
    assert failure is not None
    assert max(failure.case.widths) <= 2
    assert len(failure.case.inputs) <= 4


@pytest.mark.parametrize(
    ("fault", "clause", "name", "factor"),
    [
        ("factor-two", "GRAD-EXACT", "scale", "1/2"),
        ("outputs-factor", "GRAD-EXACT", "scale", "K"),
        ("loss-mean-gradient-sum", "GRAD-EXACT", "scale", "B"),
        ("sum-called-mean", "LOSS-SQUARED-VALUE", "scale", "B"),
        ("divided-twice", "SGD-STEP", "scale", "1/B"),
        ("ascent", "SGD-STEP", "sign", "-1"),
        ("weight-gradient-transposed", "NET-SQUARE", "transposition", None),
        ("update-before-propagate", "SGD-SIMULTANEOUS", "order", None),
        ("gradient-never-zeroed", "PURE-BITS", None, None),
        ("gradient-never-zeroed", "SGD-REPEAT", "hidden state", None),
        ("relu-nan-swallowed", "ACT-NAN", None, None),
        ("sigmoid-overflow", "ACT-TAILS", None, None),
        ("bias-gradient-of-one-sample", "FC-BIAS-GRADIENT", None, None),
    ],
)
def test_the_diagnosis_says_what_kind_of_thing_is_wrong(
    fault: str, clause: str, name: str | None, factor: str | None
) -> None:
    subject = in_process(FAULTS[fault].network)
    _, failure = run_clause(subject, clause, "default", 0)
    assert failure is not None
    found = diagnose(subject, clause, failure)
    assert [(edit.name, edit.factor) for edit in found.edits] == [(name, factor)] * bool(name)
    assert fault in found.known_bugs


def test_what_is_right_in_one_layer_is_said() -> None:
    """Beside the bug that is known, and where none is."""
    subject = in_process(FAULTS["hidden-derivative-missing"].network)
    _, failure = run_clause(subject, "NET-CHAIN-1", "default", 0)
    assert failure is not None
    found = diagnose(subject, "NET-CHAIN-1", failure)
    assert found.known_bugs == ["hidden-derivative-missing"]
    assert found.place == "wrong in layer 0 dW, layer 0 db; right in layer 1 dW, layer 1 db"


class CubesFirst(Textbook):
    """dW of the first layer is cubed: no known bug does so, and no factor."""

    def gradients(self, inputs: Any, targets: Any) -> Any:
        (weights, bias), *others = super().gradients(inputs, targets)
        return [([[g**3 for g in row] for row in weights], bias), *others]


def test_what_no_bug_explains_is_called_by_its_place() -> None:
    subject = in_process(CubesFirst)
    _, failure = run_clause(subject, "NET-CHAIN-1", "default", 0)
    assert failure is not None
    found = diagnose(subject, "NET-CHAIN-1", failure)
    assert (
        found.title
        == found.place
        == "wrong in layer 0 dW; right in layer 0 db, layer 1 dW, layer 1 db"
    )
    assert found.certainty == "place"


class ShowsTurned(Textbook):
    """Its parameters are shown in x out, where out x in is declared."""

    def parameters(self) -> Any:
        return [(list(zip(*weights, strict=True)), bias) for weights, bias in super().parameters()]


def test_a_matrix_of_the_turned_shape_is_a_transposition() -> None:
    subject = in_process(ShowsTurned)
    _, failure = run_clause(subject, "SGD-STEP", "quick", 0)
    assert failure is not None
    [edit] = diagnose(subject, "SGD-STEP", failure).edits
    assert (edit.name, "should be" in edit.scope) == ("transposition", True)
