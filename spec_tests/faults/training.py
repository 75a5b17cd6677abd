"""Faults of steps and epochs: their order, their scale, what they remember."""

from __future__ import annotations

from typing import Any

from refnn import FCLayer
from spec_tests.faults.fault import fault
from spec_tests.faults.textbook import Pair, Rows, Textbook, moved_row

STEPS = "step epoch"


@fault(
    "update-before-propagate",
    "order",
    STEPS,
    "The weights of a layer change before the error goes down through them.",
)
class UpdateBeforePropagate(Textbook):
    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        z, a = self.forward(inputs)
        da = self.loss_gradient(a[-1], targets)
        for i in range(len(self.layers) - 1, -1, -1):
            dz = self.derive(i, z[i], a[i + 1], da)
            gradient = self.layer_gradient(i, a[i], dz)
            self.layers[i] = self.moved(self.layers[i], gradient, learning_rate)
            da = self.propagate(i, dz)


@fault(
    "divided-twice",
    "scale",
    STEPS,
    "The gradient is divided by the batch in the loss, and once more in the step.",
)
class DividedTwice(Textbook):
    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        super().update(inputs, targets, learning_rate / len(inputs))


@fault(
    "learning-rate-twice",
    "scale",
    STEPS,
    "The learning rate stands in δ, and once more in the step.",
)
class LearningRateTwice(Textbook):
    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        super().update(inputs, targets, learning_rate * learning_rate)


@fault("ascent", "sign", STEPS, "The step goes up the gradient: w + η g.")
class Ascent(Textbook):
    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        super().update(inputs, targets, -learning_rate)


@fault("bias-never-updated", "order", STEPS, "The biases stay as they were initialized.")
class BiasNeverUpdated(Textbook):
    def moved(self, layer: FCLayer[float], gradient: Pair, rate: float) -> FCLayer[float]:
        return FCLayer(super().moved(layer, gradient, rate).weights, layer.bias)


@fault(
    "gradient-never-zeroed",
    "accumulation",
    f"gradient purity {STEPS}",
    "Gradients are added to those of the call before: nobody sets them back to zero.",
)
class GradientNeverZeroed(Textbook):
    def load(self, dense: list[Any]) -> None:
        super().load(dense)
        self.summed: list[Pair] = []

    def learn(self, inputs: Rows, targets: Rows) -> tuple[list[Pair], Rows]:
        found, dx = super().learn(inputs, targets)
        if self.summed:
            found = [_added(*pairs) for pairs in zip(self.summed, found, strict=True)]
        self.summed = found
        return found, dx


def _added(first: Pair, second: Pair) -> Pair:
    weights = [moved_row(a, b, -1) for a, b in zip(first[0], second[0], strict=True)]
    bias = None
    if first[1] is not None and second[1] is not None:
        bias = moved_row(first[1], second[1], -1)
    return weights, bias


@fault(
    "stale-forward",
    "state",
    f"purity {STEPS}",
    "The forward pass of training uses the weights from construction, not the learned ones.",
)
class StaleForward(Textbook):
    def load(self, dense: list[Any]) -> None:
        super().load(dense)
        self.first = list(self.layers)

    def affine(self, i: int, x: Rows) -> Rows:
        return self.first[i].forward(x)


@fault(
    "nominal-batch-size",
    "batch",
    "epoch",
    "The short last batch is divided by the batch size, not by its own.",
)
class NominalBatchSize(Textbook):
    nominal: int | None = None

    def train_epoch(
        self, inputs: Rows, targets: Rows, learning_rate: float, batch_size: int
    ) -> float | None:
        self.nominal = batch_size
        try:
            return super().train_epoch(inputs, targets, learning_rate, batch_size)
        finally:
            self.nominal = None

    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        nominal = self.nominal or len(inputs)
        super().update(inputs, targets, learning_rate * len(inputs) / nominal)


@fault("tail-dropped", "batch", "epoch", "The samples of the short last batch are never used.")
class TailDropped(Textbook):
    def batches(self, samples: int, batch_size: int) -> list[range]:
        found = super().batches(samples, batch_size)
        return [batch for batch in found if len(batch) == batch_size]


@fault("tail-index-error", "batch", "epoch purity", "The short last batch ends in an error.")
class TailIndexError(Textbook):
    def batches(self, samples: int, batch_size: int) -> list[range]:
        return [range(start, start + batch_size) for start in range(0, samples, batch_size)]


@fault(
    "epoch-loss-of-batch-means",
    "report",
    "epoch",
    "The epoch's loss is the mean of batch means: a short batch counts as much as the others.",
)
class EpochLossOfBatchMeans(Textbook):
    def epoch_loss(self, losses: list[tuple[float, int]]) -> float | None:
        assert self.loss is not None
        means = [self.loss.over_samples(value, size) / size for value, size in losses]
        return sum(means) / len(means) if means else None


@fault("epoch-loss-summed", "report", "epoch", "The batch losses are added up, and never divided.")
class EpochLossSummed(Textbook):
    def epoch_loss(self, losses: list[tuple[float, int]]) -> float | None:
        return sum(value for value, _ in losses) if losses else None


@fault(
    "rate-decays",
    "state",
    "step epoch purity",
    "The learning rate becomes smaller from step to step, unasked.",
)
class RateDecays(Textbook):
    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        self.steps = getattr(self, "steps", 0) + 1
        super().update(inputs, targets, learning_rate / self.steps)


@fault(
    "caller-shuffled",
    "purity",
    "epoch purity",
    "The caller's lists are shuffled in place.",
)
class CallerShuffled(Textbook):
    def train_epoch(
        self, inputs: Rows, targets: Rows, learning_rate: float, batch_size: int
    ) -> float | None:
        inputs.reverse()
        targets.reverse()
        return super().train_epoch(inputs, targets, learning_rate, batch_size)
