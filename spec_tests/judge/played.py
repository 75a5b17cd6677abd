"""A script with its answers, and what they should have been.

The oracle follows the script: each call is judged with the parameters that the object has then.
Parameters are those that were loaded, until others are shown after a step or an epoch; what was
shown may be the rounding of what is held.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from spec_tests.cases.case import Case, Dense, Matrix
from spec_tests.declaration import Declaration
from spec_tests.errors import AdapterError, Unsupported, Vacuous, Violation
from spec_tests.judge import answers
from spec_tests.judge.answers import Pair
from spec_tests.judge.asked import asked, places_of
from spec_tests.oracle.ball import Arithmetic
from spec_tests.oracle.ball_network import Parameters, shown
from spec_tests.oracle.oracle import Oracle
from spec_tests.players.player import Player
from spec_tests.scripts.script import Batch, Script


class Held(NamedTuple):
    """The parameters of an object; `balls` where they are known but for a rounding."""

    dense: Sequence[Dense]
    balls: Sequence[Parameters] | None = None


def play(script: Script, player: Player) -> Played:
    declaration = player.declaration
    return Played(script, declaration, player.play(asked(script, declaration)))


class Played:
    def __init__(self, script: Script, declaration: Declaration, found: Sequence[Any]) -> None:
        self.script = script
        self.declaration = declaration
        self._found = found
        self._oracles: dict[tuple[int, int], Oracle] = {}

    def calls(self, method: str) -> list[int]:
        """The places of all calls of that method."""
        return [k for k, call in enumerate(self.script.calls) if call.method == method]

    def answer(self, k: int) -> Any:
        """As it came. AdapterError where it is an error, Unsupported where it says so."""
        [place] = self._places[k]
        return _judged(self._found[place])

    def outputs(self, k: int) -> Matrix:
        network, batch = self._network(k), self._batch(k)
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
        era = self._eras[k]
        if era is None:
            raise Vacuous("the parameters were not shown")
        key = era, self.script.calls[k].arguments["batch"]
        if key not in self._oracles:
            held, batch = self._held[era], self._batch(k)
            case = Case(list(held.dense), batch.inputs, batch.targets, self.script.loss)
            self._oracles[key] = Oracle(case, self.declaration, parameters=held.balls)
        return self._oracles[key]

    @cached_property
    def _places(self) -> list[range]:
        return places_of(self.script, self.declaration)

    @cached_property
    def _held(self) -> list[Held]:
        """The networks that may be loaded, and then what was shown after updates."""
        return [Held(network) for network in self.script.networks]

    @cached_property
    def _eras(self) -> list[int | None]:
        """For each call which of `_held` its object has; None where nobody knows."""
        found: list[int | None] = []
        now: dict[int, int | None] = {}
        for k, call in enumerate(self.script.calls):
            if call.method == "load":
                now[call.on] = call.arguments["network"]
            found.append(now.get(call.on))
            if call.method in UPDATES:
                now[call.on] = None
            elif call.method == "parameters" and now[call.on] is None:
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

    def _batch(self, k: int) -> Batch:
        place: int = self.script.calls[k].arguments["batch"]
        return self.script.batches[place]

    def _pairs(self, k: int, answer: Any) -> list[Pair]:
        method, is_turned = self.script.calls[k].method, self.declaration.weights == "in_out"
        return answers.pairs(method, answer, self._network(k), is_turned)

    def _inputs(self, k: int, answer: Any) -> Matrix:
        inputs = self._batch(k).inputs
        return answers.rows(self.script.calls[k].method, answer, len(inputs), len(inputs[0]))


UPDATES = ("step", "train_epoch")


def _judged(answer: Any) -> Any:
    """AdapterError where the answer is an error, Unsupported where it says so."""
    if isinstance(answer, Mapping) and "error" in answer:
        raise AdapterError(str(answer["error"]), "broken" in answer)
    if isinstance(answer, Mapping) and "unsupported" in answer:
        raise Unsupported(str(answer["unsupported"]))
    return answer


def arithmetic(declaration: Declaration) -> Arithmetic:
    return Arithmetic(declaration.dtype, declaration.ulps)


def flat(nested: Any) -> list[float]:
    if isinstance(nested, list | tuple):
        return [number for item in nested for number in flat(item)]
    return [] if nested is None else [nested]
