"""Networks that remember: what they answer depends on calls that came before. Each is red.

`SEEDS=20 pytest tests/conform/test_any_order.py` asks at twenty seeds of default.
"""

from __future__ import annotations

import os
from typing import Any, ClassVar

import pytest

from refnn import FCLayer
from spec_tests.faults.textbook import Textbook
from spec_tests.runner.engine import run_clause
from spec_tests.subject import in_process
from tests.conform.variants import Rows

SEEDS = int(os.environ.get("SEEDS", "1"))
MOST_MISSED = SEEDS // 20
"""19 of 20 seeds are enough."""


class CachesOutputsByShape(Textbook):
    """The second batch of as many rows is answered as the first."""

    def predict(self, inputs: Rows) -> Any:
        seen = self.__dict__.setdefault("seen", {})
        shape = len(inputs)
        if shape not in seen:
            seen[shape] = super().predict(inputs)
        return seen[shape]

    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        super().update(inputs, targets, learning_rate)
        self.__dict__.pop("seen", None)


class CachesOutputsOfAnInput(Textbook):
    """It forgets nothing when its weights move."""

    def predict(self, inputs: Rows) -> Any:
        seen = self.__dict__.setdefault("seen", {})
        key = repr(inputs)
        if key not in seen:
            seen[key] = super().predict(inputs)
        return seen[key]


class CachesGradientsOfTargets(Textbook):
    """The same targets have the same gradients, whatever the inputs are."""

    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        seen = self.__dict__.setdefault("seen", {})
        key = repr([targets, [layer.parameters for layer in self.layers]])
        if key not in seen:
            seen[key] = super().gradients(inputs, targets)
        return seen[key]


class CachesTheLossUntilAStep(Textbook):
    """Between two steps there is one loss."""

    kept: float | None = None

    def loss_value(self, inputs: Rows, targets: Rows) -> float:
        if self.kept is None:
            self.kept = super().loss_value(inputs, targets)
        return self.kept

    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        super().update(inputs, targets, learning_rate)
        self.kept = None


class KeepsGradientsOverSteps(Textbook):
    """Gradients that were computed once for a batch stand, also when the weights have moved."""

    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        seen = self.__dict__.setdefault("seen", {})
        key = repr([inputs, targets])
        if key not in seen:
            seen[key] = super().gradients(inputs, targets)
        return seen[key]


class SharesActivations(Textbook):
    """What goes back uses the activations of the last pass, of whichever network."""

    last: ClassVar[Any] = None

    def predict(self, inputs: Rows) -> Any:
        type(self).last = self.forward(inputs)
        return type(self).last[1][-1]

    def pullback(self, inputs: Rows, output_gradient: Rows) -> Any:
        last = type(self).last
        fits = last is not None and [len(rows) for rows in last[1]] == [len(inputs)] * len(last[1])
        shapes = fits and [len(rows[0]) for rows in last[1]] == [
            len(inputs[0]),
            *(len(layer.parameters.weights) for layer in self.layers),
        ]
        return self.backward(*(last if shapes else self.forward(inputs)), output_gradient)


class SharesItsBuffer(Textbook):
    """Outputs are written into one list for all networks, and answered as they are then."""

    buffer: ClassVar[Rows] = []

    def input_gradient(self, inputs: Rows, targets: Rows) -> Any:
        buffer = type(self).buffer
        fresh = super().input_gradient(inputs, targets)
        old = [list(row) for row in buffer]
        buffer[:] = fresh
        return old if len(old) == len(fresh) and len(old[0]) == len(fresh[0]) else fresh


class MomentumFromTheThirdStep(Textbook):
    """From the third update on, the one before counts a little."""

    updates = 0

    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        before = self.layers
        super().update(inputs, targets, learning_rate)
        self.updates += 1
        if self.updates >= 3:
            self.layers = [
                FCLayer(
                    [
                        [w + 0.1 * (w - v) for w, v in zip(new, old, strict=True)]
                        for new, old in zip(a.parameters.weights, b.parameters.weights, strict=True)
                    ],
                    a.parameters.bias,
                )
                for a, b in zip(self.layers, before, strict=True)
            ]


class TiresAtTheTenthCall(Textbook):
    """From the tenth call on, predictions are a thousandth off."""

    calls = 0

    def forward(self, x: Rows) -> tuple[list[Rows], list[Rows]]:
        z, a = super().forward(x)
        self.calls += 1
        if self.calls >= 10:
            a[-1] = [[v * 1.001 for v in row] for row in a[-1]]
        return z, a


class KeepsTheFirstData(Textbook):
    """An epoch on as many samples is one on those of the first."""

    def train_epoch(
        self, inputs: Rows, targets: Rows, learning_rate: float, batch_size: int
    ) -> float | None:
        data = self.__dict__.setdefault("data", {}).setdefault(len(inputs), (inputs, targets))
        return super().train_epoch(*data, learning_rate, batch_size)


class PredictsBeforeTheEpoch(Textbook):
    """After an epoch, the network predicts with the weights before its last update."""

    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        self.before = self.layers
        super().update(inputs, targets, learning_rate)

    def train_epoch(
        self, inputs: Rows, targets: Rows, learning_rate: float, batch_size: int
    ) -> float | None:
        loss = super().train_epoch(inputs, targets, learning_rate, batch_size)
        self.stale = self.before
        return loss

    def predict(self, inputs: Rows) -> Any:
        now, self.layers = self.layers, self.__dict__.get("stale", self.layers)
        try:
            return super().predict(inputs)
        finally:
            self.layers = now


class RefusesTooLate(Textbook):
    """A row of the wrong width is refused when the bias of the first layer is gone already."""

    def predict(self, inputs: Rows) -> Any:
        weights, bias = self.layers[0].parameters
        if len(inputs[0]) != len(weights[0]):
            gone = None if bias is None else [0.0] * len(bias)
            self.layers = [FCLayer(weights, gone), *self.layers[1:]]
            raise ValueError("another width")
        return super().predict(inputs)


class AddsUpWhatItRefuses(Textbook):
    """Refused targets still count in the next gradients."""

    refused = 0

    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        if len(targets[0]) != len(self.layers[-1].parameters.weights):
            self.refused += 1
            raise ValueError("another width")
        found = super().gradients(inputs, targets)
        factor = 1 + self.refused
        return [
            ([[factor * v for v in row] for row in dw], db and [factor * v for v in db])
            for dw, db in found
        ]


class RateFallsWithCalls(Textbook):
    """Each gradient that was asked for makes later steps smaller."""

    asked = 0

    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        self.asked += 1
        return super().gradients(inputs, targets)

    def step(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        super().step(inputs, targets, learning_rate / (1 + 0.1 * self.asked))


REMEMBERING: dict[type[Textbook], str] = {
    CachesOutputsByShape: "PURE-PREDICT",
    CachesOutputsOfAnInput: "PURE-CALLS",
    CachesGradientsOfTargets: "PURE-CALLS",
    CachesTheLossUntilAStep: "PURE-CALLS",
    KeepsGradientsOverSteps: "PURE-CALLS",
    SharesActivations: "PURE-PREDICT",
    SharesItsBuffer: "PURE-REPEAT",
    MomentumFromTheThirdStep: "SGD-REPEAT",
    TiresAtTheTenthCall: "PURE-CALLS",
    KeepsTheFirstData: "EPOCH-AGAIN",
    PredictsBeforeTheEpoch: "PURE-CALLS",
    RefusesTooLate: "ERR-STATE",
    AddsUpWhatItRefuses: "ERR-STATE",
    RateFallsWithCalls: "PURE-CALLS",
}
"""Each with the clause that is about it."""


@pytest.mark.parametrize("network", REMEMBERING, ids=lambda network: network.__name__)
def test_a_network_that_remembers_is_red(network: type[Textbook]) -> None:
    missed = [seed for seed in range(SEEDS) if not is_red(network, seed)]
    assert len(missed) <= MOST_MISSED


def is_red(network: type[Textbook], seed: int) -> bool:
    clause = REMEMBERING[network]
    result, _ = run_clause(in_process(network), clause, "default", seed, shrink=False)
    return result.verdict in ("fail", "flaky", "error")
