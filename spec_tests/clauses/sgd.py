"""SGD: one step of gradient descent."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from functools import partial

from spec_tests.cases.case import Case
from spec_tests.cases.drawing import Drawing
from spec_tests.cases.extras import limited, with_rate
from spec_tests.cases.networks import either, off_grid
from spec_tests.clauses.registry import clause
from spec_tests.declaration import Declaration
from spec_tests.errors import Vacuous
from spec_tests.expect import Comparison
from spec_tests.judge import views
from spec_tests.judge.certainty import answered, bounds, flat, refuse_dead, refuse_still
from spec_tests.judge.played import Played
from spec_tests.oracle.expected import Expected
from spec_tests.oracle.steps import as_they_are
from spec_tests.scripts import asks
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer

STEPS = 3


def shallow(declaration: Declaration) -> Drawing[Case]:
    """At most one hidden layer; of several rows too where a step is one update a row."""
    if declaration.batch != "online":
        return either(declaration, hidden=(0, 1))
    whole = replace(declaration, batch="full")
    return off_grid(whole, hidden=(0, 1), rows=(1, 4), scales=(1.0,))


def a_step_that_moves(played: Played) -> float:
    """w' against w - η g. Vacuous where some layer does not move."""
    margin = views.moved(played)
    for k in played.calls("step"):
        refuse_still(played.held(k), played.trained(k).parameters)
    return margin


clause("SGD-STEP", "step", "step", with_rate(shallow), asks.step, a_step_that_moves)
# The learning rate is large, so that changed weights would show.
clause(
    "SGD-SIMULTANEOUS",
    "step",
    "step",
    with_rate(limited(either, hidden=(1, 3)), 1.0, 2.0, 4.0, 3.0),
    asks.step,
    a_step_that_moves,
)


def large_and_small(case: Case, declaration: Declaration) -> Script:
    """One step each from the same parameters, with η and η/128."""
    writer, rate = Writer(case.loss, case.extras), case.extras["learning_rate"]
    for eta in (rate, rate / 128):
        on = writer.load(case.dense)
        writer.ask(on, "step", case.inputs, case.targets, learning_rate=eta)
        writer.parameters(on)
    return writer.script()


def a_smaller_rate_moves_along_the_same_gradient(played: Played) -> float:
    """The rates are powers of two: so 128 small moves are a large one, but for rounding."""
    large, small = played.calls("step")
    start = flat([[layer.weights, layer.bias] for layer in played.held(large)])
    moves, allowed = [], []
    for k, times in ((large, 1), (small, 128)):
        expected = played.trained(k).parameters
        got = flat(answered(partial(played.moved, k), expected))
        moves.append([_move(w, moved) * times for w, moved in zip(start, got)])
        allowed.append([times * bound for bound in bounds(expected)])
    refuse_still(played.held(large), played.trained(large).parameters)
    seen = Comparison()
    for k, (one, other, *errors) in enumerate(zip(*moves, *allowed, strict=True)):
        seen.number(f"the move of parameter {k}", one, Expected(other, sum(errors)))
    return seen.judge()


def _move(w: float, moved: float) -> Decimal:
    """w - w', which is a number where w' is one."""
    return Decimal(w) - Decimal(moved) if math.isfinite(moved) else Decimal(math.nan)


clause(
    "SGD-RATE",
    "step",
    "step",
    with_rate(either, 1.0, 0.5),
    large_and_small,
    a_smaller_rate_moves_along_the_same_gradient,
)


def without_moving(case: Case, declaration: Declaration) -> Script:
    return asks.step(replace(case, extras={"learning_rate": 0.0}), declaration)


def a_rate_of_zero_changes_nothing(played: Played) -> None:
    """Where the gradient is finite: 0 times infinity is no number."""
    [k] = played.calls("step")
    expected, seen = played.oracle(k), Comparison()
    expected.refuse_kinks()
    if not all(map(math.isfinite, bounds(expected.gradients))):
        raise Vacuous("the gradient may be infinite")
    seen.moved(played.held(k), played.moved(k), as_they_are(played.held(k)), 0.0)
    seen.judge()
    refuse_dead(expected.gradients)


clause("SGD-ZERO", "step", "step", either, without_moving, a_rate_of_zero_changes_nothing)


def again_and_again(case: Case, declaration: Declaration) -> Script:
    writer, rate = Writer(case.loss, case.extras), case.extras["learning_rate"]
    on = writer.load(case.dense)
    for _ in range(STEPS):
        writer.ask(on, "step", case.inputs, case.targets, learning_rate=rate)
        writer.parameters(on)
    return writer.script()


def a_second_step_knows_nothing_of_the_first(played: Played) -> float:
    """No momentum, no decay of the rate, nothing accumulated: w'' = w' - η g(w')."""
    margin = 0.0
    for step, k in enumerate(played.calls("step")):
        margin = max(margin, views.trained(played, k))
        if step:
            refuse_still(played.held(k), played.trained(k).parameters)
    return margin


clause(
    "SGD-REPEAT",
    "step purity",
    "step",
    with_rate(off_grid, 0.125, 0.03),
    again_and_again,
    a_second_step_knows_nothing_of_the_first,
)
