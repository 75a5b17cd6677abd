"""SGD: one step of gradient descent."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from functools import partial

from hypothesis import strategies as st

from spec_tests.cases.case import Case
from spec_tests.cases.extras import limited, with_rate
from spec_tests.cases.networks import either, off_grid
from spec_tests.clauses.observe import (
    answer,
    arithmetic,
    bounds,
    compare_step,
    flat,
    going_on,
    oracle,
    refuse_dead,
    refuse_still,
    steps_of,
    tame,
)
from spec_tests.clauses.registry import check
from spec_tests.declaration import Declaration
from spec_tests.errors import Vacuous
from spec_tests.expect import Comparison
from spec_tests.oracle.ball_network import shown
from spec_tests.oracle.oracle import Expected
from spec_tests.oracle.training import as_they_are, train
from spec_tests.subject import Subject

STEPS = 4


def shallow(declaration: Declaration) -> st.SearchStrategy[Case]:
    """At most one hidden layer; of several rows too where a step is one update a row."""
    if declaration.batch != "online":
        return either(declaration, hidden=(0, 1))
    whole = replace(declaration, batch="full")
    return off_grid(whole, hidden=(0, 1), rows=(1, 4), scales=(1.0,))


@check("SGD-STEP", reads="step", needs="step", cases=with_rate(shallow))
def a_step_goes_down_the_gradient(subject: Subject, case: Case) -> float:
    return compare_step(subject, case)


@check(
    "SGD-SIMULTANEOUS",
    reads="step",
    needs="step",
    cases=with_rate(limited(either, hidden=(1, 3)), 1.0, 2.0, 4.0, 3.0),
)
def all_gradients_are_known_before_any_update(subject: Subject, case: Case) -> float:
    """The learning rate is large, so that changed weights would show."""
    return compare_step(subject, case)


@check("SGD-RATE", reads="step", needs="step", cases=with_rate(either, 1.0, 0.5))
def a_smaller_rate_moves_along_the_same_gradient(subject: Subject, case: Case) -> float:
    """The rates are powers of two: so 128 small moves are a large one, but for rounding."""
    rate, rows = case.extras["learning_rate"], steps_of(subject, case)
    start = flat([[layer.weights, layer.bias] for layer in case.dense])
    moves, allowed = [], []
    for eta in (rate, rate / 128):
        expected = tame(subject, train(case, subject.declaration, eta, rows))
        network = subject.load(case)
        got = flat(answer(partial(network.step, eta), expected.parameters))
        moves.append([_move(w, moved) * Decimal(rate / eta) for w, moved in zip(start, got)])
        allowed.append([rate / eta * bound for bound in bounds(expected.parameters)])
        if eta == rate:
            refuse_still(case, expected.parameters)
    seen = Comparison()
    for k, (large, small, *errors) in enumerate(zip(*moves, *allowed, strict=True)):
        seen.number(f"the move of parameter {k}", large, Expected(small, sum(errors)))
    return seen.judge()


def _move(w: float, moved: float) -> Decimal:
    """w - w', which is a number where w' is one."""
    return Decimal(w) - Decimal(moved) if math.isfinite(moved) else Decimal(math.nan)


@check("SGD-ZERO", reads="step", needs="step", cases=either)
def a_rate_of_zero_changes_nothing(subject: Subject, case: Case) -> None:
    """Where the gradient is finite: 0 times infinity is no number."""
    expected, network, seen = oracle(subject, case), subject.load(case), Comparison()
    expected.refuse_kinks()
    if not all(map(math.isfinite, bounds(expected.gradients()))):
        raise Vacuous("the gradient may be infinite")
    seen.moved(case, network.step(0.0), as_they_are(case.dense), 0.0)
    seen.judge()
    refuse_dead(expected.gradients())


@check("SGD-REPEAT", reads="step purity", needs="step", cases=with_rate(off_grid, 0.125, 0.03))
def a_second_step_knows_nothing_of_the_first(subject: Subject, case: Case) -> float:
    """No momentum, no decay of the rate, nothing accumulated: w'' = w' - η g(w').

    What is shown after a step may be the rounding of what is held.
    """
    rate, rows = case.extras["learning_rate"], steps_of(subject, case)
    network, held, margin = subject.load(case), None, 0.0
    for step in range(STEPS):
        expected = tame(subject, train(case, subject.declaration, rate, rows, held))
        pairs = answer(partial(network.step, rate), expected.parameters)
        seen = Comparison()
        seen.moved(case, pairs, expected.parameters, rate)
        margin = max(margin, seen.judge())
        if step:
            refuse_still(case, expected.parameters)
        case = going_on(case, pairs)
        held = shown(case.dense, arithmetic(subject))
    return margin
