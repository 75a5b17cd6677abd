"""What the checks have in common: expected numbers of a case, and gradients seen in any way."""

from __future__ import annotations

import math
from typing import Any

from spec_tests.cases.case import Case
from spec_tests.expect import Comparison
from spec_tests.oracle.ball import Arithmetic, Vacuous
from spec_tests.oracle.oracle import Oracle, Pairs
from spec_tests.oracle.training import Trained
from spec_tests.subject import Subject

BOTH = ("dW", "db")


def oracle(subject: Subject, case: Case) -> Oracle:
    return Oracle(case, subject.declaration)


def arithmetic(subject: Subject) -> Arithmetic:
    return Arithmetic(subject.declaration.dtype, subject.declaration.ulps)


def refuse_kinks(expected: Oracle) -> None:
    """A case that sits on a kink has more than one right gradient: clauses of their own check it.

    Off the grid, the balls refuse a case that rounding may bring across one.
    """
    if expected.exact and expected.kinks:
        raise Vacuous("a unit is on its kink")


def refuse_dead(pairs: Pairs) -> None:
    """A gradient of nothing but zeros, or of which nothing is certain, checks nothing."""
    for weights, _ in pairs:
        numbers = [number for row in weights for number in row]
        if not all(math.isfinite(number.bound) for number in numbers):
            raise Vacuous("the bound is infinite")
        if all(abs(number.value) <= number.bound for number in numbers):
            raise Vacuous("no gradient is told apart from 0")


def tame(subject: Subject, expected: Trained) -> Trained:
    """Vacuous where training runs away: what overflows in it depends on how it is written."""
    largest = math.sqrt(arithmetic(subject).largest)
    losses = [abs(float(loss.value)) + loss.bound for loss in expected.losses]
    if not all(loss < largest for loss in losses):
        raise Vacuous("training runs away")
    return expected


def compare_gradients(
    subject: Subject,
    case: Case,
    parts: tuple[str, ...] = BOTH,
    kinks: bool = False,
    dead: bool = False,
) -> float:
    """The gradients of a case, from `gradients`, or else seen through a step.

    With `kinks` and `dead`, cases on kinks and gradients of zeros are judged too.
    """
    expected = oracle(subject, case)
    if not kinks:
        refuse_kinks(expected)
    if not dead:
        refuse_dead(expected.gradients())
    network = subject.load(case)
    seen = Comparison()
    if "gradients" in subject.declaration.methods:
        seen.pairs(network.gradients(), expected.gradients(), parts)
    else:
        rate = case.extras.get("learning_rate", 1.0)
        seen.moved(case, network.step(rate), expected.updated(rate), rate, parts)
    return seen.judge()


def compare_outputs(subject: Subject, case: Case) -> float:
    expected = oracle(subject, case)
    seen = Comparison()
    seen.rows("y", subject.load(case).predict(), expected.outputs())
    return seen.judge()


def flat(nested: Any) -> list[float]:
    if isinstance(nested, list | tuple):
        return [number for item in nested for number in flat(item)]
    return [] if nested is None else [nested]
