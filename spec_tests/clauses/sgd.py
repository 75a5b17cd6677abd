"""SGD: one step of gradient descent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from spec_tests.cases.case import Case, Dense
from spec_tests.cases.extras import limited, with_rate
from spec_tests.cases.networks import either, off_grid, on_grid
from spec_tests.clauses.observe import flat, oracle, refuse_dead, refuse_kinks, tame
from spec_tests.clauses.registry import check
from spec_tests.declaration import Declaration
from spec_tests.expect import Comparison
from spec_tests.oracle.ball import Vacuous
from spec_tests.oracle.oracle import Expected
from spec_tests.oracle.training import train
from spec_tests.subject import Subject


def compare_step(subject: Subject, case: Case) -> float:
    """w' against w - η g."""
    expected = oracle(subject, case)
    refuse_kinks(expected)
    refuse_dead(expected.gradients())
    rate = case.extras["learning_rate"]
    seen = Comparison()
    moved = expected.updated(rate)
    seen.moved(case, subject.load(case).step(rate), moved, rate)
    return seen.judge()


def shallow(declaration: Declaration) -> st.SearchStrategy[Case]:
    """At most one hidden layer; of several rows too where a step is one update a row."""
    if declaration.batch != "online":
        return either(declaration, hidden=(0, 1))
    whole = replace(declaration, batch="full")
    return off_grid(whole, hidden=(0, 1), rows=(1, 4), scales=(1.0,))


@check("SGD-STEP", reads="step", needs="step", cases=with_rate(shallow))
def a_step_goes_down_the_gradient(subject: Subject, case: Case) -> float:
    if len(case.inputs) == 1 or subject.declaration.batch != "online":
        return compare_step(subject, case)
    rate, rows = case.extras["learning_rate"], [[b] for b in range(len(case.inputs))]
    expected = tame(subject, train(case, subject.declaration, rate, rows))
    seen = Comparison()
    seen.moved(case, subject.load(case).step(rate), expected.parameters, rate)
    return seen.judge()


@check(
    "SGD-SIMULTANEOUS",
    reads="step",
    needs="step",
    cases=with_rate(limited(either, hidden=(1, 3)), 1.0, 2.0, 4.0),
)
def all_gradients_are_known_before_any_update(subject: Subject, case: Case) -> float:
    """The learning rate is large, so that changed weights would show."""
    return compare_step(subject, case)


@check("SGD-RATE", reads="step", needs="step", cases=with_rate(on_grid, 1.0, 0.5))
def a_smaller_rate_moves_along_the_same_gradient(subject: Subject, case: Case) -> None:
    rate = case.extras["learning_rate"]
    slow = replace(case, extras={"learning_rate": rate / 128})
    for each in (case, slow):
        expected = oracle(subject, each)
        refuse_kinks(expected)
        refuse_dead(expected.gradients())
        if not expected.exact:
            raise Vacuous
    start = flat([[layer.weights, layer.bias] for layer in case.dense])
    far, near = (flat(subject.load(e).step(e.extras["learning_rate"])) for e in (case, slow))
    seen = Comparison()
    for k, (w, a, b) in enumerate(zip(start, far, near, strict=True)):
        seen.number(f"the move of parameter {k}", w - a, Expected(128 * (w - b), 0.0))
    seen.judge()


@check("SGD-ZERO", reads="step", needs="step", cases=either)
def a_rate_of_zero_changes_nothing(subject: Subject, case: Case) -> None:
    """Where the gradient is finite: 0 times infinity is no number."""
    expected = oracle(subject, case)
    refuse_kinks(expected)
    refuse_dead(expected.gradients())
    network = subject.load(case)
    seen = Comparison()
    seen.moved(case, network.step(0.0), _as_expected(case), 0.0)
    seen.judge()


def _as_expected(case: Case) -> Any:
    return [
        (
            [[Expected(w, 0.0) for w in row] for row in layer.weights],
            None if layer.bias is None else [Expected(b, 0.0) for b in layer.bias],
        )
        for layer in case.dense
    ]


@check("SGD-REPEAT", reads="step purity", needs="step", cases=with_rate(off_grid, 0.125, 0.03125))
def a_second_step_knows_nothing_of_the_first(subject: Subject, case: Case) -> float:
    """No momentum, no decay of the rate, nothing accumulated: w'' = w' - η g(w')."""
    rate = case.extras["learning_rate"]
    start = oracle(subject, case)
    refuse_kinks(start)
    network = subject.load(case)
    first = network.step(rate)
    once = Comparison()
    once.moved(case, first, start.updated(rate), rate)
    once.judge()
    dense = [
        Dense(weights, bias, layer.activation)
        for (weights, bias), layer in zip(first, case.dense, strict=True)
    ]
    expected = oracle(subject, replace(case, dense=dense))
    refuse_kinks(expected)
    refuse_dead(expected.gradients())
    moved = expected.updated(rate)
    seen = Comparison()
    seen.moved(case, network.step(rate), moved, rate)
    return seen.judge()
