"""Calls whose answers depend on the parameters and the arguments alone, asked twice.

Both answers are the implementation's own, so that what else is wrong with them does not matter.
Each may round, within its bound: twice the bound is between them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from spec_tests.cases.case import Case, copy
from spec_tests.clauses.observe import bounds, flat
from spec_tests.errors import AdapterError, Vacuous
from spec_tests.expect import Comparison
from spec_tests.oracle.ball_network import Parameters
from spec_tests.oracle.oracle import Expected, Oracle
from spec_tests.subject import Network, Subject


class Question(NamedTuple):
    """`ask` a network, on the batch of a case; `expected` knows how far answers may differ."""

    method: str
    ask: Callable[[Network, Case], Any]
    expected: Callable[[Oracle, Case], Any]


def _cotangent(case: Case) -> list[list[float]]:
    """A dL/dy for which no answer of another call will do."""
    return [[1.5 - t for t in row] for row in case.targets]


QUESTIONS = (
    Question(
        "predict",
        lambda network, case: network.predict(copy(case.inputs)),
        lambda expected, case: expected.outputs(),
    ),
    Question(
        "gradients",
        lambda network, case: network.gradients(copy(case.inputs), copy(case.targets)),
        lambda expected, case: expected.gradients(),
    ),
    Question(
        "loss_value",
        lambda network, case: network.loss_value(copy(case.inputs), copy(case.targets)),
        lambda expected, case: expected.loss(),
    ),
    Question(
        "input_gradient",
        lambda network, case: network.input_gradient(copy(case.inputs), copy(case.targets)),
        lambda expected, case: expected.input_gradient(),
    ),
    Question(
        "pullback",
        lambda network, case: network.pullback(_cotangent(case), copy(case.inputs)),
        lambda expected, case: expected.pullback(_cotangent(case)),
    ),
)


def offered(subject: Subject) -> list[Question]:
    return [question for question in QUESTIONS if question.method in subject.declaration.methods]


class Answered(NamedTuple):
    """What a network answered, or the error that it raised."""

    question: Question
    case: Case
    numbers: list[float] | AdapterError


def ask(network: Network, question: Question, case: Case) -> Answered:
    try:
        return Answered(question, case, flat([question.ask(network, case)]))
    except AdapterError as error:
        if error.is_broken:
            raise
        return Answered(question, case, error)


def ask_all(subject: Subject, network: Network, case: Case) -> list[Answered]:
    return [ask(network, question, case) for question in offered(subject)]


def compare(
    subject: Subject,
    when: str,
    before: Sequence[Answered],
    after: Sequence[Answered],
    held: Sequence[Parameters] | None = None,
) -> None:
    """Each answer, with the one before to the same question. Vacuous where all of them are.

    `held` are the balls of parameters of which only a rounding was shown.
    """
    oracles: dict[int, Oracle] = {}
    judged = 0
    for first, second in zip(before, after, strict=True):
        case = second.case
        oracle = oracles.setdefault(id(case), Oracle(case, subject.declaration, parameters=held))
        # One answer may be uncertain, near a kink say, where others are not: these are counted.
        with suppress(Vacuous, ArithmeticError):
            _compare_one(when, first, second, oracle)
            judged += 1
    if not judged:
        raise Vacuous("no answer is certain")


def _compare_one(when: str, first: Answered, second: Answered, oracle: Oracle) -> None:
    """An error is an answer like any other where some right order of sums may overflow."""
    question, case, _ = second
    allowed = bounds([question.expected(oracle, case)])
    usual, got = first.numbers, second.numbers
    for numbers in (got, usual):
        if isinstance(numbers, AdapterError):
            if all(map(math.isfinite, allowed)):
                raise numbers
            raise Vacuous("a sum may overflow")
    assert not isinstance(usual, AdapterError) and not isinstance(got, AdapterError)
    seen = Comparison()
    for k, (a, b, bound) in enumerate(zip(usual, got, allowed, strict=True)):
        if not (math.isnan(a) and math.isnan(b)):
            seen.number(f"number {k} of {question.method}, {when},", b, Expected(a, 2 * bound))
    seen.judge()
