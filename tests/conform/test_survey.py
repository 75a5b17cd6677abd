"""Clauses that look at the same scripts are judged together, each as if it were alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from spec_tests.cases.case import Case, Least
from spec_tests.cases.extras import usual, with_vectors
from spec_tests.cases.networks import either
from spec_tests.cases.smaller import size, smaller
from spec_tests.clauses import CHECKS
from spec_tests.clauses.kinds import groups, names
from spec_tests.declaration import declare
from spec_tests.faults import FAULTS
from spec_tests.faults.textbook import Textbook
from spec_tests.formulas.loss_functions import function_of
from spec_tests.players.player import InProcess
from spec_tests.players.program import PlayerError
from spec_tests.runner.engine import run_clause, run_clauses
from spec_tests.runner.shrink import smallest
from spec_tests.subject import Subject, in_process

NETWORKS = [Textbook, FAULTS["last-sample-gradient"].network, FAULTS["weights-transposed"].network]
TOGETHER = [group for group in groups(CHECKS) if len(group) > 1]


@pytest.mark.parametrize("group", TOGETHER, ids=lambda group: group[0])
def test_a_clause_alone_is_given_what_it_is_given_with_others(group: list[str]) -> None:
    for network in NETWORKS:
        subject = in_process(network)
        for judged in run_clauses(subject, group, "smoke", shrink=False):
            alone, _ = run_clause(subject, judged.result.id, "smoke", shrink=False)
            assert alone == judged.result


def test_each_clause_is_in_one_group() -> None:
    assert sorted(id for group in groups(CHECKS) for id in group) == sorted(CHECKS)


def test_no_two_kinds_share_a_stream_of_numbers() -> None:
    assert len({*names().values()}) == len(names())


class Ends(InProcess):
    """Its process ends where one method is called."""

    def __init__(self, method: str) -> None:
        super().__init__(Textbook)
        self.method = method

    def play(self, script: Mapping[str, Any]) -> list[Any]:
        if any(call["call"] == self.method for call in script["calls"]):
            raise PlayerError(f"{self.method} ended the process")
        return super().play(script)


def test_a_call_that_ends_the_process_is_an_error_of_those_who_need_it() -> None:
    """Of what is pure every method is needed: a clause of that may not pass without one."""
    subject = Subject(Ends("input_gradient"))
    found = {
        judged.result.id: judged
        for group in groups(CHECKS)
        for judged in run_clauses(subject, group, "smoke", shrink=False)
    }
    errors = {id for id, judged in found.items() if judged.result.verdict == "error"}
    assert errors == {
        "FC-INPUT-GRADIENT",
        "NET-INPUT-GRADIENT",
        "PURE-ALIAS",
        "PURE-PREDICT",
        "PURE-OBJECTS",
        "PURE-REPEAT",
        "PURE-BITS",
        "PURE-CALLS",
        "ERR-STATE",
    }
    assert {judged.result.verdict for id, judged in found.items() if id not in errors} == {"pass"}
    assert all(found[id].breakdown is not None for id in errors)


def test_where_all_calls_end_the_process_nothing_passes() -> None:
    subject = Subject(Ends("load"))
    for judged in run_clauses(subject, ["FC-FORWARD", "FC-SUM"], "smoke"):
        result = judged.result
        assert (result.verdict, result.message) == ("error", "load ended the process")


ENDS = {"output_gradient": -1, "cotangent": -1, "direction": 0}
DRAWN = [drawing(declare(Textbook)) for drawing in (usual, with_vectors(either))]
CASES = [DRAWN[seed % 2](Random(seed)) for seed in range(40)]


def is_whole(case: Case) -> bool:
    """Whether all shapes fit together."""
    widths, rows = case.widths, len(case.inputs)
    fits = all(
        len(layer.weights[0]) == below and (layer.bias is None or len(layer.bias) == above)
        for layer, below, above in zip(case.dense, widths, widths[1:], strict=False)
    )
    vectors = [(case.inputs, 0), (case.targets, -1)]
    vectors += [(case.extras[name], end) for name, end in ENDS.items() if name in case.extras]
    return fits and all(
        len(found) == rows and all(len(row) == widths[end] for row in found)
        for found, end in vectors
    )


@pytest.mark.parametrize("case", CASES)
def test_a_smaller_case_is_a_case(case: Case) -> None:
    for other in smaller(case):
        assert is_whole(other)
        assert size(other) <= size(case) and other != case
        if function_of(case.loss).targets == "distributions":
            assert all(sum(row) == 1 for row in other.targets)


@pytest.mark.parametrize(("kind", "rows"), [(0, 1), (1, 1), (2, 2)])
def test_what_is_large_by_plan_is_shown_small(kind: int, rows: int) -> None:
    """A hundred inputs, a hundred outputs, forty rows: cut down as far as a usual case."""
    large = [*CHECKS["FC-FORWARD"].rare, *CHECKS["BATCH-SUM"].rare][kind]
    case = large(declare(Textbook))(Random(0))
    assert max(*case.widths, len(case.inputs)) > 32
    found = smallest(case, lambda case: True)
    assert max(found.widths) <= 2
    assert len(found.inputs) == rows


def test_shrinking_ends_at_the_least_that_is_declared() -> None:
    for case in CASES:
        least = Least(rows=min(2, len(case.inputs)), inputs=1, units=2, outputs=1)
        found = smallest(replace(case, least=least), lambda case: True)
        assert len(found.inputs) == least.rows
        assert found.widths[0] == 1
        assert all(width <= 2 for width in found.widths[1:-1])


def test_shrinking_keeps_what_fails() -> None:
    case = max(CASES, key=size)
    found = smallest(case, lambda case: len(case.inputs) > 1 and case.widths[0] > 2)
    assert (len(found.inputs), found.widths[0]) == (2, 3)
