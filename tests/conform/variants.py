"""Networks that really behave as a convention says, derived from the textbook one."""

from __future__ import annotations

import math
import struct
from typing import Any, ClassVar

from refnn import (
    MSE,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    FCLayer,
    LeakyReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    SquaredError,
)
from refnn.losses import Loss
from spec_tests.faults.textbook import Textbook

Rows = list[list[float]]


class Descending(Textbook):
    """It descends `actual`, and reports `reported`, whatever it declares."""

    losses = None
    loss = MSE()
    actual: ClassVar[Loss] = MSE()
    reported: ClassVar[Loss | None] = None

    def loss_gradient(self, y: Rows, t: Rows) -> Rows:
        return self.actual.gradient(y, t)

    def batch_loss(self, inputs: Rows, targets: Rows) -> float:
        return (self.reported or self.actual).value(self.predict(inputs), targets)

    def epoch_loss(self, losses: list[tuple[float, int]]) -> float | None:
        samples = sum(size for _, size in losses)
        return sum(self.actual.over_samples(value, size) for value, size in losses) / samples


class Half(Descending):
    actual = SquaredError(0.5)


class BatchSum(Descending):
    actual = SquaredError(1, "sum", "mean")


class OutputSum(Descending):
    actual = SquaredError(1, "mean", "sum")


class WholeSum(Descending):
    actual = SquaredError(1, "sum", "sum")


class SummedClasses(Descending):
    """A classifier that descends a sum over the batch."""

    loss = SoftmaxCrossEntropy()
    actual = SoftmaxCrossEntropy("sum")


class SummedQuestions(Descending):
    """The same for questions that are each answered yes or no."""

    loss = BinaryCrossEntropyWithLogits()
    actual = BinaryCrossEntropyWithLogits("sum", "sum")


class Reporting(Descending):
    reported = SquaredError(0.5, "mean", "sum")


def turned(pair: Any) -> Any:
    return [[list(column) for column in zip(*pair[0], strict=True)], pair[1]]


class InOut(Textbook):
    """Its weights are in x out."""

    def load(self, dense: list[Any]) -> None:
        super().load([(*turned(layer[:2]), layer[2]) for layer in dense])

    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        return [turned(pair) for pair in super().gradients(inputs, targets)]

    def parameters(self) -> Any:
        return [turned(pair) for pair in super().parameters()]

    def pullback(self, inputs: Rows, output_gradient: Rows) -> Any:
        pairs, rows = super().pullback(inputs, output_gradient)
        return [turned(pair) for pair in pairs], rows


def single(value: Any) -> Any:
    """All numbers rounded to float32."""
    if isinstance(value, list | tuple):
        return [single(item) for item in value]
    if value is None:
        return None
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


class Float32(Textbook):
    """Every result of every part is rounded to float32."""

    def affine(self, i: int, x: Rows) -> Rows:
        return single(super().affine(i, x))

    def activate(self, i: int, z: Rows) -> Rows:
        return single(super().activate(i, z))

    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        return single(super().derive(i, z, a, da))

    def layer_gradient(self, i: int, x: Rows, dz: Rows) -> Any:
        return single(super().layer_gradient(i, x, dz))

    def propagate(self, i: int, dz: Rows) -> Rows:
        return single(super().propagate(i, dz))

    def loss_gradient(self, y: Rows, t: Rows) -> Rows:
        return single(super().loss_gradient(y, t))

    def batch_loss(self, inputs: Rows, targets: Rows) -> float:
        return single(super().batch_loss(inputs, targets))

    def moved(self, layer: Any, gradient: Any, rate: float) -> Any:
        return FCLayer(*single(super().moved(layer, gradient, rate).parameters))

    def optimize(self, *arguments: Any) -> Any:
        return single(super().optimize(*arguments))


def refuse_several(rows: Rows) -> None:
    if len(rows) != 1:
        raise ValueError(f"{len(rows)} rows, should be 1")


class OneRow(Textbook):
    """It takes one row at a time, but for an epoch."""

    def predict(self, inputs: Rows) -> Any:
        refuse_several(inputs)
        return super().predict(inputs)

    def learn(self, inputs: Rows, targets: Rows) -> Any:
        refuse_several(inputs)
        return super().learn(inputs, targets)

    def pullback(self, inputs: Rows, output_gradient: Rows) -> Any:
        refuse_several(inputs)
        return super().pullback(inputs, output_gradient)

    def loss_value(self, inputs: Rows, targets: Rows) -> float:
        refuse_several(inputs)
        return super().loss_value(inputs, targets)


class Online(Textbook):
    """A step is an update for each row."""

    gradients = None

    def step(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        for x, t in zip(inputs, targets, strict=True):
            self.update([x], [t], learning_rate)


class Unbiased(Textbook):
    def load(self, dense: list[Any]) -> None:
        super().load([(weights, None, name) for weights, _, name in dense])


class Uniform(Textbook):
    """Every layer has the activation of the first."""

    def load(self, dense: list[Any]) -> None:
        super().load(dense)
        self.names = self.names[:1] * len(self.names)


class Fixed(Textbook):
    """One hidden layer: 2, 3, 1 and nothing else."""

    def load(self, dense: list[Any]) -> None:
        super().load(dense)
        shapes = [(len(weights[0]), len(weights)) for weights, _, _ in dense]
        if shapes != [(2, 3), (3, 1)]:
            raise ValueError(f"the layers are {shapes}, should be (2, 3), (3, 1)")


class Dropping(Textbook):
    """It drops a last batch that is short."""

    def batches(self, samples: int, batch_size: int) -> list[range]:
        found = super().batches(samples, batch_size)
        return [batch for batch in found if len(batch) == batch_size]


class Leaky(Textbook):
    slope: ClassVar[float] = 0.25

    def activation(self, i: int) -> Any:
        is_leaky = self.names[i] == "leaky_relu"
        return LeakyReLU(self.slope) if is_leaky else super().activation(i)


class SlowLeaky(Leaky):
    slope = 0.2


class AtZero(Textbook):
    """relu has this slope at 0."""

    slope: ClassVar[float] = 1

    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        rows = super().derive(i, z, a, da)
        if self.names[i] != "relu":
            return rows
        return [
            [self.slope * d if u == 0 else r for u, d, r in zip(*row, strict=True)]
            for row in zip(z, da, rows, strict=True)
        ]


class HalfAtZero(AtZero):
    slope = 0.5


class Squashed(Textbook):
    """Hidden layers as they are asked for, outputs always a sigmoid."""

    activations = ("relu", "tanh")
    losses = (MSE(), BinaryCrossEntropy())

    def activation(self, i: int) -> Any:
        return Sigmoid() if i == len(self.layers) - 1 else super().activation(i)
