"""No right network is accused; and the zoo has no animal twice."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from refnn import MSE
from spec_tests.cases.case import Case, Dense
from spec_tests.cases.literal import as_literal
from spec_tests.clauses import CHECKS
from spec_tests.declaration import Declaration, declare
from spec_tests.judge.certainty import flat
from spec_tests.runner.engine import run_case, run_clause
from spec_tests.scripts.asks import QUESTIONS, asked_of
from spec_tests.scripts.writer import Writer
from spec_tests.subject import Subject, in_process
from tests.conform.zoo import ZOO
from tests.conform.zoo.conventions import CONVENTIONS as CONVENTIONS_DECLARED
from tests.conform.zoo.formulas import FORMULAS
from tests.conform.zoo.judged import alarms
from tests.conform.zoo.network import Network
from tests.conform.zoo.optimizers import OPTIMIZERS
from tests.conform.zoo.sums import SUMS

LEFT_TO_MAKE_ZOO = {
    "Deep",
    "DeepWithoutBias",
    "Exact",
    "Fused",
    "Hyperbolic",
    "LongDouble",
    "MultiplyAdd",
    "Norm",
    "OneAtZero",
    "OnlineSteps",
    "Optimizers32",
    "Pairwise",
    "Scalar",
    "Single32",
}
"""These take a minute or more between them for each core; `make zoo` asks all, at three seeds."""
CASES = 100
CONVENTIONS = (
    "weights",
    "bias",
    "dtype",
    "batch",
    "last_batch",
    "targets",
    "relu_derivative_at_zero",
    "hidden_layers",
)


ASKED = [name for name in ZOO if name not in LEFT_TO_MAKE_ZOO]


@pytest.mark.parametrize("name", ASKED)
def test_no_right_network_is_accused(name: str) -> None:
    """Quick, at one seed; three seeds of default are `make zoo`.

    Each is asked every third clause, its neighbours the others: so each clause is asked of eight.
    """
    own = list(CHECKS)[ASKED.index(name) % 3 :: 3]
    assert alarms(ZOO[name], "quick", 0, own) == {}


class Doubled(ZOO["Blas"]):  # type: ignore[misc, name-defined]
    def pair(self, d: Any, x: Any) -> Any:
        w, b = super().pair(d, x)
        return 2 * w, b


def test_a_wrong_network_would_be_accused() -> None:
    assert "FC-WEIGHT-GRADIENT" in alarms(Doubled, "quick", 0, ["FC-FORWARD", "FC-WEIGHT-GRADIENT"])


def test_an_update_that_overflows_half_way_may_have_moved_the_parameters() -> None:
    """Fractions refuse to become floats past 1e308, and an epoch has made its first steps then."""
    dense = [
        Dense([[-2.0]], [1.5681248258567846], "relu"),
        Dense([[-2.3279465032042355]], [1.5438840902758428], "identity"),
        Dense([[2.0585121203677903]], [1.0292560601838951], "identity"),
    ]
    calls = [["step", 0], ["train_epoch", 0], ["train_epoch", 0], ["input_gradient", 0]]
    extras = {"calls": calls, "other": 1}
    case = Case(dense, [[3.0], [-1.0], [-1.0]], [[0.0]] * 3, MSE(), extras)
    result = run_case(in_process(ZOO["Exact"]), "PURE-CALLS", as_literal(case)).result
    assert result.message == "the case is vacuous: there is nothing to check"


def test_there_are_at_least_25_that_differ() -> None:
    """Two that answer the same bits on 100 cases, and declare the same, count once."""
    names = list(ZOO)
    assert len(names) == len({*SUMS, *FORMULAS, *OPTIMIZERS, *CONVENTIONS_DECLARED})
    unlike = [
        name for k, name in enumerate(names) if all(_differ(ZOO[a], ZOO[name]) for a in names[:k])
    ]
    # Where a BLAS multiplies and adds at once is not the same on all machines.
    assert set(names) - set(unlike) <= {"MultiplyAdd"}
    assert len(ASKED) >= 25


def _differ(a: type[Network], b: type[Network]) -> bool:
    first, second = declare(a), declare(b)
    if any(getattr(first, name) != getattr(second, name) for name in CONVENTIONS):
        return True
    losses = [loss for loss in first.losses if loss in second.losses]
    names = [name for name in first.output_activations if name in second.output_activations]
    hidden = [name for name in first.activations if name in second.activations]
    if not (losses and names and hidden):
        return True
    rng = Random(0)
    for _ in range(CASES):
        case = _case(rng, hidden, names, losses, first)
        answers = [_answers(in_process(kind), case, first, second) for kind in (a, b)]
        if answers[0] != answers[1]:
            return True
    return False


def _case(rng: Random, hidden: Any, names: Any, losses: Any, declaration: Declaration) -> Case:
    widths = [rng.randint(2, 5) for _ in range(3)]
    rows = 1 if declaration.batch != "full" else rng.randint(2, 6)

    def matrix(rows: int, columns: int) -> list[list[float]]:
        return [[rng.uniform(0.1, 0.9) for _ in range(columns)] for _ in range(rows)]

    dense = [
        Dense(matrix(widths[1], widths[0]), matrix(1, widths[1])[0], rng.choice(hidden)),
        Dense(matrix(widths[2], widths[1]), matrix(1, widths[2])[0], rng.choice(names)),
    ]
    return Case(dense, matrix(rows, widths[0]), matrix(rows, widths[2]), rng.choice(losses))


def _answers(subject: Subject, case: Case, *declared: Declaration) -> str:
    methods = declared[0].methods & declared[1].methods
    writer = Writer(case.loss)
    for method in QUESTIONS:
        if method in methods:
            asked_of(writer, writer.load(case.dense), method, case)
    if "optimize" in methods:
        steps = [[[layer.weights, layer.bias] for layer in case.dense]] * 3
        for name in ("momentum", "adam"):
            on = writer.load(case.dense)
            more = {"name": name, "options": {"lr": 0.1}, "gradients": steps}
            writer.optimize(on, case.dense, **more)
    if "step" in methods:
        on = writer.load(case.dense)
        writer.ask(on, "step", case.inputs, case.targets, learning_rate=0.3)
        writer.parameters(on)
    played = subject.play(writer.script())
    return repr([flat(played.answer(k)) for k in range(len(played.script.calls))])


def test_what_is_lax_is_no_must() -> None:
    """What a right network may do otherwise is a clause that is no MUST, and it fails there."""
    for name, network in ZOO.items():
        for id in network.lax:
            result, _ = run_clause(in_process(network), id, "default", 0, shrink=False)
            # Who adds in another order at each call may be right when it is asked again.
            assert result.level == "SHOULD" and result.verdict in ("fail", "flaky"), (name, id)
    assert all(id in CHECKS for network in ZOO.values() for id in network.lax)
