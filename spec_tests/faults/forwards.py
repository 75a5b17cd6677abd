"""Faults of the forward pass, of the loss reported, and of what goes in and out."""

from __future__ import annotations

import math
from typing import Any

from refnn import BinaryCrossEntropy, CrossEntropy, FCLayer, Softmax, SoftmaxCrossEntropy
from spec_tests.faults.fault import FORWARD, fault
from spec_tests.faults.textbook import Rows, Textbook

ANYTHING = f"{FORWARD} shape errors purity non-finite"
"""What a call that breaks down touches."""


@fault(
    "relu-nan-swallowed",
    "non-finite",
    "non-finite",
    "max(0, NaN) is 0: a relu hides that something went wrong.",
)
class ReluNanSwallowed(Textbook):
    def activate(self, i: int, z: Rows) -> Rows:
        if self.names[i] != "relu":
            return super().activate(i, z)
        return [[v if v > 0 else 0.0 for v in row] for row in z]


@fault(
    "softmax-overflow",
    "overflow",
    ANYTHING,
    "exp is taken of the scores themselves, without subtracting the largest: it overflows.",
)
class SoftmaxOverflow(Textbook):
    def activate(self, i: int, z: Rows) -> Rows:
        if self.names[i] != "softmax":
            return super().activate(i, z)
        powers = [[math.exp(v) for v in row] for row in z]
        return [[power / sum(row) for power in row] for row in powers]


@fault(
    "sigmoid-overflow",
    "overflow",
    ANYTHING,
    "1 / (1 + exp(-z)) overflows where z is large and negative.",
)
class SigmoidOverflow(Textbook):
    def activate(self, i: int, z: Rows) -> Rows:
        if self.names[i] != "sigmoid":
            return super().activate(i, z)
        return [[1 / (1 + math.exp(-v)) for v in row] for row in z]


@fault(
    "log-of-zero",
    "non-finite",
    "loss non-finite epoch",
    "The cross-entropy multiplies 0 by the logarithm of 0, which is NaN.",
)
class LogOfZero(Textbook):
    def batch_loss(self, inputs: Rows, targets: Rows) -> float:
        value = super().batch_loss(inputs, targets)
        if not isinstance(self.loss, CrossEntropy | BinaryCrossEntropy):
            return value
        return math.nan if any(p in (0, 1) for row in self.predict(inputs) for p in row) else value


@fault(
    "log-of-underflow",
    "non-finite",
    "loss non-finite epoch",
    "The cross-entropy of scores takes the logarithm of a softmax that has underflowed.",
)
class LogOfUnderflow(Textbook):
    def batch_loss(self, inputs: Rows, targets: Rows) -> float:
        if not isinstance(self.loss, SoftmaxCrossEntropy):
            return super().batch_loss(inputs, targets)
        probabilities = Softmax().forward(self.predict(inputs))
        value: float = CrossEntropy(self.loss.batch).value(probabilities, targets)
        return value


@fault(
    "weights-transposed",
    "shape",
    ANYTHING,
    "W stands where Wᵀ belongs: an error unless the layer is square, and then silent.",
)
class WeightsTransposed(Textbook):
    def affine(self, i: int, x: Rows) -> Rows:
        columns = [list(column) for column in zip(*self.layers[i].weights, strict=True)]
        return FCLayer(columns, self.layers[i].bias).forward(x)


@fault(
    "linear-returns-zero",
    "forward",
    FORWARD,
    "The branch for the identity is missing: a linear layer gives 0.",
)
class LinearReturnsZero(Textbook):
    def activate(self, i: int, z: Rows) -> Rows:
        if self.names[i] != "identity":
            return super().activate(i, z)
        return [[0.0] * len(row) for row in z]


@fault(
    "zip-truncates",
    "shape",
    "errors",
    "A row that is too long is accepted, and cut: rows are paired by zip without a check.",
)
class ZipTruncates(Textbook):
    def affine(self, i: int, x: Rows) -> Rows:
        width = self.layers[i].inputs
        return super().affine(i, [row[:width] for row in x])

    def learn(self, inputs: Rows, targets: Rows) -> Any:
        width = self.layers[0].inputs
        outputs = self.layers[-1].outputs
        cut = [row[:width] for row in inputs]
        return super().learn(cut, [row[:outputs] for row in targets])


@fault(
    "targets-broadcast",
    "shape",
    "errors",
    "Fewer target rows than input rows are accepted, and used again from the first.",
)
class TargetsBroadcast(Textbook):
    def learn(self, inputs: Rows, targets: Rows) -> Any:
        return super().learn(inputs, [targets[b % len(targets)] for b in range(len(inputs))])


@fault(
    "empty-batch-accepted",
    "shape",
    "errors",
    "A batch without rows gives a gradient of zeros instead of an error.",
)
class EmptyBatchAccepted(Textbook):
    def learn(self, inputs: Rows, targets: Rows) -> Any:
        if inputs:
            return super().learn(inputs, targets)
        found, _ = super().learn([[0.0] * self.layers[0].inputs], [[0.0] * self.layers[-1].outputs])
        zeros = [([[0.0] * len(row) for row in w], b and [0.0] * len(b)) for w, b in found]
        return zeros, []


@fault(
    "width-one-unwraps",
    "shape",
    ANYTHING,
    "A last layer of width 1 returns a bare number for each row, not a row of one.",
)
class WidthOneUnwraps(Textbook):
    def predict(self, inputs: Rows) -> Any:
        rows = self.forward(inputs)[1][-1]
        return [row[0] for row in rows] if len(rows[0]) == 1 else rows


@fault(
    "input-alias",
    "purity",
    "purity",
    "The caller's lists are kept as parameters, so later changes to them change the network.",
)
class InputAlias(Textbook):
    def load(self, dense: list[Any]) -> None:
        super().load(dense)
        for layer, (weights, bias, _) in zip(self.layers, dense, strict=True):
            object.__setattr__(layer, "weights", weights)
            object.__setattr__(layer, "bias", bias)
