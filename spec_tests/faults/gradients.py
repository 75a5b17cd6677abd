"""Faults of the backward pass: the chain rule, the batch, and factors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from spec_tests.faults.fault import GRADIENT, fault
from spec_tests.faults.textbook import Pair, Rows, Textbook


def scaled(rows: Rows, factor: float) -> Rows:
    return [[number * factor for number in row] for row in rows]


def times(rows: Rows, others: Rows) -> Rows:
    return [[a * b for a, b in zip(*pair, strict=True)] for pair in zip(rows, others, strict=True)]


def ones(rows: Rows) -> Rows:
    return [[1.0] * len(row) for row in rows]


@fault(
    "last-sample-gradient",
    "batch",
    GRADIENT,
    "The loss gradient is summed over the batch, then goes back once, "
    "through the activations of the last sample only.",
)
class LastSampleGradient(Textbook):
    def backward(self, z: list[Rows], a: list[Rows], da: Rows) -> tuple[list[Pair], Rows]:
        summed = [sum(column) for column in zip(*da, strict=True)]
        found, dx = super().backward([rows[-1:] for rows in z], [rows[-1:] for rows in a], [summed])
        return found, dx * len(da)


@fault(
    "output-derivative-missing",
    "chain rule",
    GRADIENT,
    "The last layer's δ is the loss gradient itself: its activation is not differentiated.",
)
class OutputDerivativeMissing(Textbook):
    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        return da if i == len(self.layers) - 1 else super().derive(i, z, a, da)


@fault(
    "hidden-derivative-missing",
    "chain rule",
    GRADIENT,
    "δ = Wᵀ δ in hidden layers: their activation is not differentiated.",
)
class HiddenDerivativeMissing(Textbook):
    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        return super().derive(i, z, a, da) if i == len(self.layers) - 1 else da


@fault(
    "output-derivative-missing-in-hidden",
    "chain rule",
    GRADIENT,
    "The output layer is right, but the raw output error, without the output's derivative, "
    "is what goes down to the hidden layers.",
)
class OutputDerivativeMissingInHidden(Textbook):
    def backward(self, z: list[Rows], a: list[Rows], da: Rows) -> tuple[list[Pair], Rows]:
        self.raw = da
        return super().backward(z, a, da)

    def propagate(self, i: int, dz: Rows) -> Rows:
        return super().propagate(i, self.raw if i == len(self.layers) - 1 else dz)


@fault(
    "upstream-dropped",
    "chain rule",
    GRADIENT,
    "The backward pass of an activation returns f' and does not multiply by what comes from above.",
)
class UpstreamDropped(Textbook):
    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        return super().derive(i, z, a, ones(da))


@fault(
    "derivative-of-activated-value",
    "chain rule",
    GRADIENT,
    "f' is taken at a = f(z) instead of z, as if the activation were applied twice.",
)
class DerivativeOfActivatedValue(Textbook):
    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        return super().derive(i, a, self.activate(i, a), da)


@fault(
    "sigmoid-derivative-for-all",
    "chain rule",
    GRADIENT,
    "a (1 - a) is the derivative of every activation, whichever it is.",
)
class SigmoidDerivativeForAll(Textbook):
    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        return times([[y * (1 - y) for y in row] for row in a], da)


@fault(
    "tanh-derivative-unsquared-sign",
    "chain rule",
    GRADIENT,
    "The derivative of tanh is 1 + a² instead of 1 - a².",
)
class TanhDerivativeSign(Textbook):
    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        if self.names[i] != "tanh":
            return super().derive(i, z, a, da)
        return times([[1 + y * y for y in row] for row in a], da)


@fault(
    "relu-mask-of-output-layer",
    "chain rule",
    GRADIENT,
    "The mask of a relu is taken from the last layer's pre-activations instead of its own.",
)
class ReluMaskOfOutputLayer(Textbook):
    def backward(self, z: list[Rows], a: list[Rows], da: Rows) -> tuple[list[Pair], Rows]:
        self.last = z[-1]
        return super().backward(z, a, da)

    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        if self.names[i] != "relu":
            return super().derive(i, z, a, da)
        rows = zip(da, self.last, strict=True)
        return [
            [d if mask[k % len(mask)] > 0 else 0.0 for k, d in enumerate(row)] for row, mask in rows
        ]


@fault(
    "leaky-derivative-is-relu",
    "chain rule",
    GRADIENT,
    "A leaky relu has slope 0 below 0 in the backward pass.",
)
class LeakyDerivativeIsRelu(Textbook):
    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        if self.names[i] != "leaky_relu":
            return super().derive(i, z, a, da)
        return times([[float(v > 0) for v in row] for row in z], da)


@fault(
    "softmax-diagonal",
    "chain rule",
    GRADIENT,
    "The derivative of a softmax is p (1 - p), elementwise: only the diagonal of its Jacobian.",
)
class SoftmaxDiagonal(Textbook):
    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        if self.names[i] != "softmax":
            return super().derive(i, z, a, da)
        return times([[p * (1 - p) for p in row] for row in a], da)


class ScaledLossGradient(Textbook, ABC):
    """dL/dy times a factor of the batch B and the outputs K."""

    @abstractmethod
    def factor(self, rows: int, outputs: int) -> float: ...

    def loss_gradient(self, y: Rows, t: Rows) -> Rows:
        return scaled(super().loss_gradient(y, t), self.factor(len(y), len(y[0])))


@fault(
    "loss-mean-gradient-sum",
    "scale",
    GRADIENT,
    "The loss reported is a mean over the batch, the gradient is that of the sum.",
)
class LossMeanGradientSum(ScaledLossGradient):
    def factor(self, rows: int, outputs: int) -> float:
        assert self.loss is not None
        return float(rows) if self.loss.batch == "mean" else 1.0


@fault(
    "outputs-factor",
    "scale",
    GRADIENT,
    "The gradient is K times the derivative of the loss, for K outputs.",
)
class OutputsFactor(ScaledLossGradient):
    def factor(self, rows: int, outputs: int) -> float:
        return float(outputs)


@fault(
    "factor-two",
    "scale",
    GRADIENT,
    "The gradient of (y - t)² is taken to be y - t: half of what it is.",
)
class FactorTwo(ScaledLossGradient):
    def factor(self, rows: int, outputs: int) -> float:
        return 0.5


@fault(
    "sum-called-mean",
    "scale",
    f"loss {GRADIENT}",
    "The loss is declared a mean over the batch, but is a sum, and so is its gradient.",
)
class SumCalledMean(LossMeanGradientSum):
    def batch_loss(self, inputs: Rows, targets: Rows) -> float:
        return super().batch_loss(inputs, targets) * self.factor(len(inputs), 1)


@fault(
    "bias-gradient-of-one-sample",
    "batch",
    GRADIENT,
    "db is the δ of one row instead of the sum over the batch.",
)
class BiasGradientOfOneSample(Textbook):
    def layer_gradient(self, i: int, x: Rows, dz: Rows) -> Pair:
        weights, bias = super().layer_gradient(i, x, dz)
        return weights, bias and list(dz[-1])


@fault(
    "bias-per-sample",
    "shape",
    f"shape purity {GRADIENT}",
    "There is one bias for each row of the batch: db has a row for each sample.",
)
class BiasPerSample(Textbook):
    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        z, a = self.forward(inputs)
        found, _ = self.backward(z, a, self.loss_gradient(a[-1], targets))
        return [
            (weights, bias and [[number] for number in bias] * len(inputs))
            for weights, bias in found
        ]


@fault(
    "weight-gradient-transposed",
    "shape",
    f"shape purity {GRADIENT}",
    "dW is stored with its two indices swapped.",
)
class WeightGradientTransposed(Textbook):
    def layer_gradient(self, i: int, x: Rows, dz: Rows) -> Pair:
        weights, bias = super().layer_gradient(i, x, dz)
        return [list(column) for column in zip(*weights, strict=True)], bias


@fault(
    "gradient-overwritten",
    "accumulation",
    GRADIENT,
    "The gradient of a weight is assigned for each sample, not added up: the last one stays.",
)
class GradientOverwritten(Textbook):
    def layer_gradient(self, i: int, x: Rows, dz: Rows) -> Pair:
        return super().layer_gradient(i, x[-1:], dz[-1:])
