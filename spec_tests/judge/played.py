"""A script with its answers, and what they should have been.

The oracle follows the script: each call is judged with the parameters that the object has then.
Parameters are those that were loaded, until others are shown after a step or an epoch; what was
shown may be the rounding of what is held.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

from spec_tests.cases.case import Case, Dense, Matrix
from spec_tests.declaration import Declaration
from spec_tests.errors import AdapterError, Unsupported, Vacuous, Violation
from spec_tests.judge import answers
from spec_tests.judge.answers import Pair
from spec_tests.judge.asked import places_of
from spec_tests.judge.certainty import arithmetic, flat, refuse_wild
from spec_tests.oracle.ball_network import Parameters, shown
from spec_tests.oracle.expected import Expected, Pairs
from spec_tests.oracle.oracle import Oracle
from spec_tests.oracle.rules import trajectories
from spec_tests.oracle.steps import Trained, train
from spec_tests.scripts.script import Batch, Script


class Held(NamedTuple):
    """The parameters of an object; `balls` where they are known but for a rounding."""

    dense: Sequence[Dense]
    balls: Sequence[Parameters] | None = None


class Played:
    """`k` is the place of a call in the script, everywhere."""

    def __init__(self, script: Script, declaration: Declaration, found: Sequence[Any]) -> None:
        self.script = script
        self.declaration = declaration
        self._found = found
        self._oracles: dict[tuple[float, ...], Oracle] = {}
        self._trained: dict[int, Trained] = {}
        self.again: Played | None = None
        """A second script that was made of the answers to this one."""

    def calls(self, method: str) -> list[int]:
        """The places of all calls of that method."""
        return [k for k, call in enumerate(self.script.calls) if call.method == method]

    def answer(self, k: int) -> Any:
        """As it came. AdapterError where it is an error, Unsupported where it says so."""
        [place] = self._places[k]
        found = self._found[place]
        if self.script.calls[k].method in LENT and isinstance(found, Mapping) and "error" in found:
            raise Unsupported("what is handed over is not shared with a program")
        return _judged(found)

    def is_refused(self, k: int) -> bool:
        """Any error of the adapter's own is a refusal, but for one that leaves nothing to judge."""
        try:
            self.answer(k)
        except AdapterError as error:
            if error.is_broken:
                raise
            return True
        return False

    def outputs(self, k: int) -> Matrix:
        network, batch = self._network(k), self.batch(k)
        width = len(network[-1].weights)
        places = self._places[k]
        if len(places) == 1:
            answer = self.answer(k)
            return answers.rows("predict", answer, len(batch.inputs), width)
        parts = [answers.rows("predict", _judged(self._found[b]), 1, width) for b in places]
        return [row for part in parts for row in part]

    def gradients(self, k: int) -> list[Pair]:
        return self._pairs(k, self.answer(k))

    def parameters(self, k: int) -> list[Pair]:
        return self._pairs(k, self.answer(k))

    def moved(self, k: int) -> list[Pair]:
        """The parameters that are shown after a step or an epoch."""
        self.answer(k)
        on = self.script.calls[k].on
        later = (n for n in self.calls("parameters") if n > k and self.script.calls[n].on == on)
        return self.parameters(next(later))

    def epoch_loss(self, k: int) -> float | None:
        """What a train_epoch returns, None where that is nothing."""
        answer = self.answer(k)
        return None if answer is None else answers.number("train_epoch", answer)

    def optimized(self, k: int) -> list[list[Pair]]:
        """The parameters after each of the gradients."""
        steps = len(self.script.calls[k].arguments["gradients"])
        found = answers.sequence("optimize", self.answer(k), steps, "lists of parameters")
        return [self._pairs(k, after) for after in found]

    def loss_value(self, k: int) -> float:
        return answers.number("loss_value", self.answer(k))

    def input_gradient(self, k: int) -> Matrix:
        return self._inputs(k, self.answer(k))

    def pullback(self, k: int) -> tuple[list[Pair], Matrix]:
        pair = answers.sequence("pullback", self.answer(k), 2, "things, gradients and dx")
        return self._pairs(k, pair[0]), self._inputs(k, pair[1])

    def oracle(self, k: int) -> Oracle:
        """What is expected of call `k`: one for all calls with the same parameters and batch.

        Vacuous where the parameters of then are not known.
        """
        held, arguments = self._held_at(k), self.script.calls[k].arguments
        rate = {name: arguments[name] for name in RATE & set(arguments)}
        key = self._eras[k] or 0, arguments["batch"], *rate.values()
        if key not in self._oracles:
            batch = self.batch(k)
            case = Case(list(held.dense), batch.inputs, batch.targets, self.script.loss, rate)
            self._oracles[key] = Oracle(case, self.declaration, parameters=held.balls)
        return self._oracles[key]

    def trained(self, k: int) -> Trained:
        """What is expected after the step or the epoch that call `k` is.

        Vacuous where training runs away, or the parameters of then are not known.
        """
        if k not in self._trained:
            held, batch = self._held_at(k), self.batch(k)
            case = Case(list(held.dense), batch.inputs, batch.targets, self.script.loss)
            rate = self.script.calls[k].arguments["learning_rate"]
            expected = train(case, self.declaration, rate, self.updates(k), held.balls)
            refuse_wild(self.declaration, expected)
            self._trained[k] = expected
        return self._trained[k]

    def updates(self, k: int) -> list[range]:
        """The rows of each update in a step or an epoch, in their order."""
        arguments, rows = self.script.calls[k].arguments, len(self.batch(k).inputs)
        if "batch_size" not in arguments:
            size = 1 if self.declaration.batch == "online" else rows
        else:
            size = arguments["batch_size"]
        found = [range(start, min(start + size, rows)) for start in range(0, rows, size)]
        if "batch_size" in arguments and self.declaration.last_batch == "dropped":
            return [update for update in found if len(update) == size]
        return found

    def trajectory(self, k: int) -> list[Pairs]:
        """The parameters that are expected after each of the gradients of an optimize."""
        dense, arguments = self._network(k), self.script.calls[k].arguments
        parameters: list[tuple[float, bool]] = []
        for layer in dense:
            parameters += [(w, True) for row in layer.weights for w in row]
            parameters += [(b, False) for b in layer.bias or []]
        slopes = [flat(step) for step in arguments["gradients"]]
        ar, name, options = arithmetic(self.declaration), arguments["name"], arguments["options"]
        after = trajectories(ar, name, options, parameters, slopes)
        return [_shaped(dense, iter(numbers)) for numbers in after]

    def reported(self, k: int) -> Oracle:
        """The same, of the loss that is declared as reported where that is another."""
        expected, loss = self.oracle(k), self.declaration.reported_loss
        return Oracle(replace(expected.case, loss=loss), self.declaration) if loss else expected

    @cached_property
    def _places(self) -> list[range]:
        return places_of(self.script, self.declaration)

    def held(self, k: int) -> Sequence[Dense]:
        """The layers that the object of call `k` has then, as far as they were shown."""
        return self._held_at(k).dense

    def is_known(self, k: int) -> bool:
        """Whether the parameters of then are known."""
        return self._eras[k] is not None

    def handed(self, k: int) -> tuple[list[str], list[Any]]:
        """What was handed over in call `k`, as an implementation keeps it, with its names."""
        call = self.script.calls[k]
        if call.method == "load":
            is_turned = self.declaration.weights == "in_out"
            layers = [
                [answers.turned(layer.weights) if is_turned else layer.weights, *layer[1:]]
                for layer in self._network(k)
            ]
            return ["parameters"], [layers]
        batch = self.batch(k)
        if call.method == "predict":
            return ["inputs"], [batch.inputs]
        return ["inputs", "targets"], [batch.inputs, batch.targets]

    def _held_at(self, k: int) -> Held:
        era = self._eras[k]
        if era is None:
            raise Vacuous("the parameters were not shown")
        return self._held[era]

    @cached_property
    def _held(self) -> list[Held]:
        """The networks that may be loaded, and then what was shown after updates."""
        return [Held(network) for network in self.script.networks]

    @cached_property
    def _eras(self) -> list[int | None]:
        """For each call which of `_held` its object has; None where nobody knows."""
        found: list[int | None] = []
        now: dict[int, int | None] = {}
        # What an update may have moved: one that overflows half-way raises an error too.
        doubtful: set[int] = set()
        for k, call in enumerate(self.script.calls):
            if call.method == "load":
                now[call.on] = call.arguments["network"]
            found.append(now.get(call.on))
            if call.method in UPDATES:
                doubtful.add(call.on)
                if not self.is_refused(k):
                    now[call.on] = None
            elif call.method == "parameters" and call.on in doubtful:
                doubtful.remove(call.on)
                now[call.on] = self._shown(k)
        return found

    def _shown(self, k: int) -> int | None:
        try:
            pairs = self.parameters(k)
        except (Violation, AdapterError):
            return None
        if not all(map(math.isfinite, flat(pairs))):
            return None
        dense = [
            Dense(weights, bias, layer.activation)
            for (weights, bias), layer in zip(pairs, self._network(k), strict=True)
        ]
        self._held.append(Held(dense, shown(dense, arithmetic(self.declaration))))
        return len(self._held) - 1

    def _network(self, k: int) -> Sequence[Dense]:
        """Of the shape of what the object of call `k` holds."""
        on = self.script.calls[k].on
        loads = [c for c in self.script.calls[: k + 1] if c.method == "load" and c.on == on]
        return self.script.networks[loads[-1].arguments["network"]]

    def batch(self, k: int) -> Batch:
        place: int = self.script.calls[k].arguments["batch"]
        return self.script.batches[place]

    def _pairs(self, k: int, answer: Any) -> list[Pair]:
        method, is_turned = self.script.calls[k].method, self.declaration.weights == "in_out"
        return answers.pairs(method, answer, self._network(k), is_turned)

    def _inputs(self, k: int, answer: Any) -> Matrix:
        inputs = self.batch(k).inputs
        return answers.rows(self.script.calls[k].method, answer, len(inputs), len(inputs[0]))


def _shaped(dense: Sequence[Dense], numbers: Iterator[Expected]) -> Pairs:
    """One pair for each layer, of numbers in their order."""
    return [
        (
            [[next(numbers) for _ in row] for row in layer.weights],
            None if layer.bias is None else [next(numbers) for _ in layer.bias],
        )
        for layer in dense
    ]


UPDATES = ("step", "train_epoch")
LENT = ("change", "show")
"""Calls that are about what was handed over: a player of another process may have nothing of it."""
RATE = frozenset(["learning_rate"])
"""Whether a step is exact depends on it."""


def _judged(answer: Any) -> Any:
    """AdapterError where the answer is an error, Unsupported where it says so."""
    if isinstance(answer, Mapping) and "error" in answer:
        said = str(answer["error"]) or "an error without words"
        raise AdapterError(said, "broken" in answer, str(answer.get("kind", "")))
    if isinstance(answer, Mapping) and "unsupported" in answer:
        raise Unsupported(str(answer["unsupported"]))
    return answer
