"""What stands in a bound is needed: without it a right network would be accused."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from refnn import SoftmaxCrossEntropy
from spec_tests.cases.case import Case, Dense
from spec_tests.clauses import CHECKS
from spec_tests.declaration import declare
from spec_tests.formulas import loss_functions
from spec_tests.formulas.ball import Arithmetic, Ball
from spec_tests.implementations.ref import Ref
from spec_tests.judge import views
from spec_tests.judge.played import Played
from spec_tests.oracle.expected import without_bounds
from spec_tests.oracle.oracle import Oracle
from spec_tests.runner.engine import run_clause
from spec_tests.subject import in_process
from tests.conform.zoo import ZOO

Patch = pytest.MonkeyPatch
SEEDS = range(4)


def accused(name: str, clause: str) -> bool:
    """At one of a few seeds of default."""
    subject = in_process(ZOO[name])
    found = [run_clause(subject, clause, "default", seed, shrink=False)[0] for seed in SEEDS]
    return any(result.verdict == "fail" for result in found)


def _one_rounding_of_w(patch: Patch) -> None:
    """w - η g, where the gradient is summed before."""

    def descended(
        self: Arithmetic, w: Ball, eta: Ball, delta: Sequence[Ball], x: Sequence[Ball]
    ) -> Ball:
        return self.difference(w, self.product(eta, self.dot(delta, x)))

    patch.setattr(Arithmetic, "descended", descended)


def _nothing_rounds_on_the_grid(patch: Patch) -> None:
    """As GRAD-BOUND was judged once: equality, where counting bits proves that it is fair."""

    def judge(played: Played) -> float:
        exact = all(played.oracle(k).exact for k in views.learning(played))
        return views.gradients(played, bounded=without_bounds if exact else lambda pairs: pairs)

    patch.setitem(CHECKS, "GRAD-BOUND", CHECKS["GRAD-BOUND"]._replace(judge=judge))


@pytest.mark.parametrize(
    ("name", "clause", "plant"),
    [
        ("SampleAfterSample", "SGD-REPEAT", _one_rounding_of_w),
        ("RunningMean", "GRAD-BOUND", _nothing_rounds_on_the_grid),
        ("ComplexStep", "GRAD-BOUND", _nothing_rounds_on_the_grid),
    ],
)
def test_a_right_network_needs_it(name: str, clause: str, plant: Any, monkeypatch: Patch) -> None:
    assert not accused(name, clause)
    plant(monkeypatch)
    assert accused(name, clause)


@pytest.mark.parametrize("scores", [[0.0, -738.0], [3.0, -735.0], [0.5, 0.25, -744.0]])
def test_the_logarithm_of_a_probability_needs_its_own(
    scores: list[float], monkeypatch: Patch
) -> None:
    """-ln p has lost digits where p is no normal number, and is right."""
    targets = [float(k == len(scores) - 1) for k in range(len(scores))]
    dense = [Dense([[0.0]] * len(scores), scores, "identity")]
    case = Case(dense, [[1.0]], [targets], SoftmaxCrossEntropy())
    powers = [math.exp(z - max(scores)) for z in scores]
    got = -math.log(powers[-1] / sum(powers))

    def is_right() -> bool:
        value, bound = Oracle(case, declare(Ref)).loss
        return abs(Decimal(got) - value) <= bound

    assert is_right()
    monkeypatch.setattr(loss_functions, "_log_radius", lambda ar, p: 0.0)
    assert not is_right()
