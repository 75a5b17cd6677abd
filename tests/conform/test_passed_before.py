"""Wrong networks that all clauses once let pass: each is red now, at every seed that is tried."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
import pytest

from refnn import BinaryCrossEntropy, CrossEntropy, FCLayer, SoftmaxCrossEntropy
from spec_tests.faults.textbook import Textbook
from spec_tests.runner.engine import run_clause
from spec_tests.subject import in_process
from tests.conform.variants import Rows
from tests.conform.zoo.formulas import Smooth, softmax
from tests.conform.zoo.network import Array
from tests.conform.zoo.optimizers import Optimizers

SEEDS = (0, 1, 2)


class PredictsWithTheFirstWeights(Textbook):
    """Training moves other weights than those that predict."""

    def load(self, dense: list[Any]) -> None:
        super().load(dense)
        self.first = self.layers

    def predict(self, inputs: Rows) -> Any:
        trained, self.layers = self.layers, self.first
        try:
            return super().predict(inputs)
        finally:
            self.layers = trained


class RemembersItsLoss(Textbook):
    """The loss of the last batch that was learned is reported, whatever is asked."""

    last: float | None = None

    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        self.last = self.batch_loss(inputs, targets)
        return super().gradients(inputs, targets)

    def loss_value(self, inputs: Rows, targets: Rows) -> float:
        return super().loss_value(inputs, targets) if self.last is None else self.last


class SharesItsTransposes(Textbook):
    """What goes back goes through the weights of the network that was loaded last."""

    shared: ClassVar[list[Any]] = []

    def load(self, dense: list[Any]) -> None:
        super().load(dense)
        type(self).shared = self.layers

    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        super().update(inputs, targets, learning_rate)
        type(self).shared = self.layers

    def propagate(self, i: int, dz: Rows) -> Rows:
        layer: FCLayer[float] = type(self).shared[i]
        return layer.input_gradient(dz, dz, dz)


class AveragesChunks(Textbook):
    """The loss of more than 32 rows is the mean of the losses of chunks of 32."""

    def batch_loss(self, inputs: Rows, targets: Rows) -> float:
        parts = [slice(start, start + 32) for start in range(0, len(inputs), 32)]
        losses = [super(AveragesChunks, self).batch_loss(inputs[p], targets[p]) for p in parts]
        return sum(losses) / len(losses)


class ReadsRowsModuloFive(Textbook):
    """An epoch never sees the sixth sample."""

    def train_epoch(
        self, inputs: Rows, targets: Rows, learning_rate: float, batch_size: int
    ) -> float | None:
        x, t = ([rows[b % 5] for b in range(len(rows))] for rows in (inputs, targets))
        return super().train_epoch(x, t, learning_rate, batch_size)


class KeepsTheFirstEpoch(Textbook):
    """The second epoch is on the data of the first."""

    data: tuple[Rows, Rows] | None = None

    def train_epoch(
        self, inputs: Rows, targets: Rows, learning_rate: float, batch_size: int
    ) -> float | None:
        self.data = self.data or (inputs, targets)
        return super().train_epoch(*self.data, learning_rate, batch_size)


class LooksTargetsUp(Textbook):
    """The target of a row is that of the first row like it."""

    def learn(self, inputs: Rows, targets: Rows) -> tuple[list[Any], Rows]:
        return super().learn(inputs, [targets[inputs.index(row)] for row in inputs])


class HalvesItsRate(Textbook):
    """From the third step on."""

    steps = 0

    def step(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        self.steps += 1
        super().step(inputs, targets, learning_rate / (1 if self.steps < 3 else 2))


class RemembersForAll(Textbook):
    """What was predicted for an input is predicted for it by every network loaded since."""

    memory: ClassVar[dict[str, Any]] = {}

    def load(self, dense: list[Any]) -> None:
        super().load(dense)
        self.memory.clear()

    def predict(self, inputs: Rows) -> Any:
        return self.memory.setdefault(repr(inputs), super().predict(inputs))


class PadsTheCallersLists(Textbook):
    """An epoch fills up the lists that it is handed, to whole batches."""

    def train_epoch(
        self, inputs: Rows, targets: Rows, learning_rate: float, batch_size: int
    ) -> float | None:
        found = super().train_epoch(inputs, targets, learning_rate, batch_size)
        while len(inputs) % batch_size:
            inputs.append(inputs[0])
        return found


class SharesAState(Optimizers):
    """All layers from the third on have one state."""

    def optimize(self, name: str, options: Any, parameters: Any, gradients: Any) -> Any:
        self.shared: dict[Any, Any] = {}
        return super().optimize(name, options, parameters, gradients)

    def update(
        self, name: str, o: Any, w: Array, g: Array, decay: float, state: Any, t: int
    ) -> Array:
        if self.place > 1:
            state = self.shared.setdefault(w.shape, {})
        return super().update(name, o, w, g, decay, state, t)


class TakesZeroForAbsent(Optimizers):
    def optimize(self, name: str, options: Any, parameters: Any, gradients: Any) -> Any:
        kept = {key: value for key, value in options.items() if value or key == "lr"}
        return super().optimize(name, kept, parameters, gradients)


class ClipsAtFive(Optimizers):
    def direction(self, name: str, o: Any, g: Array, state: Any, t: int) -> Array:
        return super().direction(name, o, np.clip(g, -5, 5), state, t)


class HasAnotherDefault(Optimizers):
    """ε is 1 where nobody says otherwise."""

    defaults: ClassVar[dict[str, float]] = {**Optimizers.defaults, "epsilon": 1.0}


class ReadsTheLabelAlone(Smooth):
    """Soft targets are taken for their largest share."""

    output_activations = ("identity",)
    activations = ("tanh",)
    losses = (SoftmaxCrossEntropy(),)

    def slopes(self, y: Array, t: Array) -> Array:
        return softmax(y) - np.eye(t.shape[1])[t.argmax(axis=1)]


class DividesByPAndQ(Smooth):
    """(p - t) / (p (1 - p)) is 0/0 where an output is as sure as its target."""

    activations = output_activations = ("sigmoid",)
    losses = (BinaryCrossEntropy(),)

    def slopes(self, y: Array, t: Array) -> Array:
        return (y - t) / (y * (1 - y))


class SkipsNan(Smooth):
    """A row of NaN does not count."""

    def reduced(self, y: Array, t: Array) -> Any:
        terms = self.terms(y, t)
        return np.nanmean(terms) * terms.size / self.divisor(y)


class LosesNothingWhenSure(Smooth):
    """A loss of 0 for probabilities of 0 and 1, right or wrong."""

    losses = (BinaryCrossEntropy(), CrossEntropy())

    def terms(self, y: Array, t: Array) -> Array:
        return np.where((y == 0) | (y == 1), 0, super().terms(y, t))


class BroadcastsTargets(Smooth):
    """The loss takes one target row for all."""

    def loss_value(self, inputs: Any, targets: Any) -> Any:
        x, _ = self.fitting(inputs)
        return self.reduced(self.forward(x)[1][-1], self.array(targets))


class OverflowsAsWritten(Smooth):
    """ln(1 + e^z)."""

    def activate(self, name: str, z: Array) -> Array:
        return np.log(1 + np.exp(z)) if name == "softplus" else super().activate(name, z)


class SwallowsNan(Textbook):
    """A hidden relu makes 0 of NaN; the last layer is right."""

    activations = ("relu",)
    output_activations = ("identity",)

    def activate(self, i: int, z: Rows) -> Rows:
        if self.names[i] != "relu":
            return super().activate(i, z)
        return [[v if v > 0 else 0.0 for v in row] for row in z]


class IsNoNumberFarOut(Textbook):
    """A hidden sigmoid is NaN below -700; the last layer is right."""

    activations = ("sigmoid",)
    output_activations = ("identity",)

    def activate(self, i: int, z: Rows) -> Rows:
        if self.names[i] != "sigmoid":
            return super().activate(i, z)
        return [[1 / (1 + math.exp(-v)) if v > -700 else math.nan for v in row] for row in z]


WRONG = [
    (PredictsWithTheFirstWeights, "PURE-CALLS"),
    (RemembersItsLoss, "PURE-CALLS"),
    (SharesItsTransposes, "PURE-OBJECTS"),
    (AveragesChunks, "LOSS-SQUARED-VALUE"),
    (ReadsRowsModuloFive, "EPOCH-WHOLE"),
    (KeepsTheFirstEpoch, "EPOCH-AGAIN"),
    (LooksTargetsUp, "BATCH-OWN"),
    (HalvesItsRate, "SGD-REPEAT"),
    (RemembersForAll, "PURE-OBJECTS"),
    (PadsTheCallersLists, "PURE-ARGUMENTS"),
    (SharesAState, "OPT-MOMENTUM"),
    (TakesZeroForAbsent, "OPT-MOMENTUM"),
    (ClipsAtFive, "OPT-SGD"),
    (HasAnotherDefault, "OPT-ADAM"),
    (ReadsTheLabelAlone, "LOSS-SOFTMAX-CE-GRADIENT"),
    (DividesByPAndQ, "LOSS-BCE-GRADIENT"),
    (SkipsNan, "LOSS-NAN"),
    (LosesNothingWhenSure, "LOSS-EDGES"),
    (BroadcastsTargets, "SHAPE-TARGET-ROWS"),
    (OverflowsAsWritten, "ACT-TAILS"),
    (SwallowsNan, "ACT-NAN"),
    (IsNoNumberFarOut, "ACT-TAILS"),
]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("network", "clause"), WRONG, ids=[network.__name__ for network, _ in WRONG]
)
def test_what_passed_before_is_red(network: Any, clause: str, seed: int) -> None:
    result, _ = run_clause(in_process(network), clause, "quick", seed, shrink=False)
    assert result.verdict == "fail"
