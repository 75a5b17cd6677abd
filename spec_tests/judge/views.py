"""What a judge looks at: all answers of one kind in a script, each beside what it should be.

Each view gives the largest share of a bound that was used, or raises: Violation where one is
exceeded, Vacuous where nothing is told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from spec_tests.errors import Vacuous
from spec_tests.expect import GRADIENT, MOVED, Comparison
from spec_tests.judge.certainty import answered, refuse_dead
from spec_tests.judge.played import Played
from spec_tests.oracle.expected import Pairs
from spec_tests.oracle.oracle import Oracle

View = Callable[[Played], float]


def outputs(played: Played) -> float:
    """y of each predict."""
    return max(_outputs(played, k) for k in played.calls("predict"))


def _outputs(played: Played, k: int) -> float:
    seen, right = Comparison(), played.oracle(k).outputs
    seen.rows("y", answered(partial(played.outputs, k), right), right)
    return seen.judge()


def gradients(
    played: Played,
    parts: tuple[str, ...] = GRADIENT,
    bounded: Callable[[Pairs], Pairs] = lambda pairs: pairs,
    kinks: bool = False,
    places: Sequence[int] = (),
) -> float:
    """dW and db of each call, or else seen through a step.

    All numbers are judged first: a wrong one is wrong, whatever others do not tell. `bounded` may
    change the bounds; with `kinks`, a script on a kink is judged too, where gradients may all be 0;
    `places` are those of some calls only.
    """
    margin = 0.0
    for k in places or learning(played):
        expected = played.oracle(k)
        if not kinks:
            expected.refuse_kinks()
        margin = max(margin, _learned(played, k, expected, parts, bounded))
        if not kinks:
            refuse_dead(expected.gradients)
    return margin


def learning(played: Played) -> Iterator[int]:
    """The calls that show gradients, if only through a step."""
    yield from played.calls("gradients") or played.calls("step")


def _learned(
    played: Played,
    k: int,
    expected: Oracle,
    parts: tuple[str, ...],
    bounded: Callable[[Pairs], Pairs],
) -> float:
    seen, call = Comparison(), played.script.calls[k]
    if call.method == "gradients":
        right = bounded(expected.gradients)
        seen.pairs(answered(partial(played.gradients, k), right), right, parts)
    else:
        rate = call.arguments["learning_rate"]
        right = bounded(expected.stepped(rate))
        seen.moved(
            expected.case.dense, answered(partial(played.moved, k), right), right, rate, parts
        )
    return seen.judge()


def loss(played: Played) -> float:
    """The value of the loss that is declared as reported, or of the one that is descended."""
    return _loss(played, played.reported)


def descended_loss(played: Played) -> float:
    """The value of the loss that is descended, whatever is declared as reported."""
    return _loss(played, played.oracle)


def _loss(played: Played, oracle: Callable[[int], Oracle]) -> float:
    """Vacuous where it is not told apart from 0."""
    margin = 0.0
    for k in played.calls("loss_value"):
        number, seen = oracle(k).loss, Comparison()
        seen.number("the loss", answered(partial(played.loss_value, k), number), number)
        margin = max(margin, seen.judge())
        if abs(number.value) < number.bound:
            raise Vacuous("the loss is not told apart from 0")
    return margin


def input_gradient(played: Played) -> float:
    """dx of each call."""
    margin = 0.0
    for k in played.calls("input_gradient"):
        expected, seen = played.oracle(k), Comparison()
        expected.refuse_kinks()
        right = expected.input_gradient
        seen.rows("dx", answered(partial(played.input_gradient, k), right), right)
        margin = max(margin, seen.judge())
        refuse_dead(expected.gradients)
    return margin


def pullback(played: Played, with_inputs: bool = True) -> float:
    """dW, db and dx of a given dL/dy."""
    margin = 0.0
    for k in played.calls("pullback"):
        expected, seen = played.oracle(k), Comparison()
        expected.refuse_kinks()
        pairs, inputs = expected.pullback(played.script.calls[k].arguments["output_gradient"])
        right = [pairs, inputs] if with_inputs else pairs
        got_pairs, got_inputs = answered(partial(played.pullback, k), right)
        seen.pairs(got_pairs, pairs)
        if with_inputs:
            seen.rows("dx", got_inputs, inputs)
        margin = max(margin, seen.judge())
        refuse_dead(pairs)
    return margin


def moved(played: Played) -> float:
    """The parameters after each step and each epoch."""
    return max(trained(played, k) for k in (*played.calls("step"), *played.calls("train_epoch")))


def trained(played: Played, k: int) -> float:
    """The same of one call."""
    expected, seen = played.trained(k), Comparison()
    dense, rate = played.held(k), played.script.calls[k].arguments["learning_rate"]
    got = answered(partial(played.moved, k), expected.parameters)
    seen.moved(dense, got, expected.parameters, rate)
    return seen.judge()


def trajectory(played: Played, steps: int | None = None) -> float:
    """The parameters after each of the gradients that an optimizer is given, or the first few."""
    margin = 0.0
    for k in played.calls("optimize"):
        expected, seen = played.trajectory(k), Comparison()
        got = answered(partial(played.optimized, k), expected)
        for after, pairs in list(zip(got, expected, strict=True))[:steps]:
            seen.pairs(after, pairs, names=MOVED)
        margin = max(margin, seen.judge())
    return margin
