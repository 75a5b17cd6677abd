"""What the checks have in common: expected numbers of a case, and answers compared with them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any, TypeVar

from spec_tests.cases.case import Case, Dense
from spec_tests.errors import AdapterError, Vacuous
from spec_tests.expect import GRADIENT, Comparison
from spec_tests.oracle.ball import Arithmetic
from spec_tests.oracle.oracle import DIGITS, Expected, Oracle, Pairs
from spec_tests.oracle.training import Trained, train
from spec_tests.subject import Subject

T = TypeVar("T")


def oracle(subject: Subject, case: Case) -> Oracle:
    return Oracle(case, subject.declaration)


def arithmetic(subject: Subject) -> Arithmetic:
    return Arithmetic(subject.declaration.dtype, subject.declaration.ulps)


def answer(call: Callable[[], T], expected: Any) -> T:
    """What the call answers. Where some right order of its sums may overflow, an error is an answer
    like infinity, NaN or a number: it says nothing.
    """
    try:
        return call()
    except AdapterError as error:
        if error.is_broken or all(math.isfinite(bound) for bound in bounds(expected)):
            raise
        raise Vacuous("a sum may overflow") from error


def bounds(expected: Any) -> list[float]:
    """Of all numbers in nested lists of them."""
    if isinstance(expected, Expected):
        return [expected.bound]
    return [bound for item in expected or [] for bound in bounds(item)]


def values(expected: Any) -> list[Any]:
    if isinstance(expected, Expected):
        return [expected.value]
    return [value for item in expected or [] for value in values(item)]


def flat(nested: Any) -> list[float]:
    if isinstance(nested, list | tuple):
        return [number for item in nested for number in flat(item)]
    return [] if nested is None else [nested]


def exact_sum(products: Iterable[tuple[float, float]]) -> Decimal:
    """Σ a b without rounding that would count; NaN where one of them is no number."""
    pairs = list(products)
    if not all(map(math.isfinite, flat(pairs))):
        return Decimal(math.nan)
    with localcontext(DIGITS):
        return sum((Decimal(a) * Decimal(b) for a, b in pairs), Decimal(0))


def refuse_dead(pairs: Pairs) -> None:
    """A layer whose gradient is nothing but zeros, or uncertain, is not counted as checked."""
    for weights, _ in pairs:
        numbers = [number for row in weights for number in row]
        if all(not abs(number.value) > number.bound for number in numbers):
            raise Vacuous("no gradient is told apart from 0")


def refuse_still(case: Case, moved: Pairs) -> None:
    """A layer that is not told apart from the one before the step is not counted as checked."""
    for layer, (weights, _) in zip(case.dense, moved, strict=True):
        pairs = zip(flat(layer.weights), values(weights), bounds(weights), strict=True)
        if all(not abs(new - Decimal(w)) > bound for w, new, bound in pairs):
            raise Vacuous("the step is not told apart from none")


def tame(subject: Subject, expected: Trained) -> Trained:
    """Vacuous where training runs away: what overflows in it depends on how it is written."""
    largest = math.sqrt(arithmetic(subject).largest)
    losses = [abs(float(loss.value)) + loss.bound for loss in expected.losses]
    if not all(loss < largest for loss in losses):
        raise Vacuous("training runs away")
    return expected


def compare_outputs(subject: Subject, expected: Oracle) -> float:
    seen, outputs = Comparison(), expected.outputs()
    seen.rows("y", answer(subject.load(expected.case).predict, outputs), outputs)
    return seen.judge()


def compare_gradients(
    subject: Subject,
    expected: Oracle,
    parts: tuple[str, ...] = GRADIENT,
    bounded: Callable[[Pairs], Pairs] = lambda pairs: pairs,
    kinks: bool = False,
) -> float:
    """The gradients, from `gradients`, or else seen through a step.

    All numbers are judged first: a wrong one is wrong, whatever others do not tell. `bounded` may
    change the bounds; with `kinks`, a case on a kink is judged too, where gradients may all be 0.
    """
    if not kinks:
        expected.refuse_kinks()
    gradients, network, seen = expected.gradients(), subject.load(expected.case), Comparison()
    if "gradients" in subject.declaration.methods:
        right = bounded(gradients)
        seen.pairs(answer(network.gradients, right), right, parts)
    else:
        rate = expected.case.extras.get("learning_rate", 1.0)
        right = bounded(expected.stepped(rate))
        got = answer(lambda: network.step(rate), right)
        seen.moved(expected.case, got, right, rate, parts)
    margin = seen.judge()
    if not kinks:
        refuse_dead(gradients)
    return margin


def compare_loss(subject: Subject, expected: Oracle) -> float:
    """The reported loss. Vacuous where it is not told apart from 0."""
    number, seen = expected.loss(), Comparison()
    seen.number("the loss", answer(subject.load(expected.case).loss_value, number), number)
    margin = seen.judge()
    if abs(number.value) < number.bound:
        raise Vacuous("the loss is not told apart from 0")
    return margin


def going_on(case: Case, pairs: Sequence[tuple[Any, Any]]) -> Case:
    """The case with the parameters that were shown. Vacuous where they are no numbers."""
    if not all(map(math.isfinite, flat(list(pairs)))):
        raise Vacuous("training ran away")
    dense = [
        Dense(weights, bias, layer.activation)
        for (weights, bias), layer in zip(pairs, case.dense, strict=True)
    ]
    return replace(case, dense=dense)


def steps_of(subject: Subject, case: Case) -> Sequence[Sequence[int]]:
    """The rows of each update in one step: all, or one after the other where that is declared."""
    rows = range(len(case.inputs))
    return [[b] for b in rows] if subject.declaration.batch == "online" else [rows]


def compare_step(subject: Subject, case: Case) -> float:
    """w' against w - η g."""
    rate, declaration = case.extras["learning_rate"], subject.declaration
    expected = tame(subject, train(case, declaration, rate, steps_of(subject, case)))
    network, seen = subject.load(case), Comparison()
    got = answer(lambda: network.step(rate), expected.parameters)
    seen.moved(case, got, expected.parameters, rate)
    margin = seen.judge()
    refuse_still(case, expected.parameters)
    return margin
