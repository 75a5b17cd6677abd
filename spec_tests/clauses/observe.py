"""What the checks have in common: expected numbers of a case, and gradients seen in any way."""

from __future__ import annotations

import math
from typing import Any

from spec_tests.cases.case import Case
from spec_tests.expect import Comparison, Vacuous
from spec_tests.oracle.ball import Kink
from spec_tests.oracle.oracle import Oracle, Pairs
from spec_tests.subject import Subject

BOTH = ("dW", "db")


def oracle(subject: Subject, case: Case) -> Oracle:
    return Oracle(case, subject.declaration)


def refuse_kinks(expected: Oracle) -> None:
    """A case that sits on a kink has more than one right gradient: clauses of their own check it.

    Off the grid, a case that rounding may bring across one is redrawn as well.
    """
    if expected.exact:
        if expected.at_kink:
            raise Vacuous
    else:
        refuse_ties(expected)


def refuse_ties(expected: Oracle) -> None:
    try:
        _ = expected.balls
        expected.backward_balls()
    except (Kink, OverflowError):
        raise Vacuous from None


def refuse_dead(pairs: Pairs) -> None:
    """A gradient of nothing but zeros, or of which nothing is certain, checks nothing."""
    for weights, _ in pairs:
        numbers = [number for row in weights for number in row]
        if not all(math.isfinite(number.bound) for number in numbers):
            raise Vacuous
        if all(abs(number.value) <= number.bound for number in numbers):
            raise Vacuous


def compare_gradients(
    subject: Subject, case: Case, parts: tuple[str, ...] = BOTH, kinks: bool = False
) -> float:
    """The gradients of a case, from `gradients`, or else seen through a step."""
    expected = oracle(subject, case)
    if not kinks:
        refuse_kinks(expected)
    refuse_dead(expected.gradients())
    network = subject.load(case)
    seen = Comparison()
    if "gradients" in subject.declaration.methods:
        seen.pairs(network.gradients(), expected.gradients(), parts)
    else:
        rate = case.extras.get("learning_rate", 1.0)
        seen.pairs(network.step(rate), expected.updated(rate), parts)
    return seen.judge()


def compare_outputs(subject: Subject, case: Case) -> float:
    expected = oracle(subject, case)
    if not expected.exact:
        refuse_forward_ties(expected)
    seen = Comparison()
    seen.rows("y", subject.load(case).predict(), expected.outputs())
    return seen.judge()


def refuse_forward_ties(expected: Oracle) -> None:
    try:
        balls = expected.balls
    except (Kink, OverflowError):
        raise Vacuous from None
    if not all(math.isfinite(ball.radius) for row in balls.a[-1] for ball in row):
        raise Vacuous


def flat(nested: Any) -> list[float]:
    if isinstance(nested, list | tuple):
        return [number for item in nested for number in flat(item)]
    return [] if nested is None else [nested]
