"""Losses for targets that are classes, or probabilities of classes.

All take the mean over the batch unless they say otherwise. The binary ones hold every output for a
question of its own, and reduce over outputs likewise; the others hold a row for one distribution
and sum over its classes.

From probabilities, p = 0 and p = 1 are allowed: the loss is then 0 or infinite, never NaN. From
logits z (what a last layer without an activation gives) no digit is lost in either tail, so these
are the ones to train with. Derived in docs/pages/learn: equations (4.8) to (4.19).
"""

from __future__ import annotations

from dataclasses import dataclass

from refnn.activations.smooth import sigmoid, softplus
from refnn.batch import Row
from refnn.losses.loss import Loss
from refnn.scalar import N, exp, is_zero, log, log1p, pivot, quotient, total, zero


def _times_minus_log(weight: N, p: N, log_p: N) -> N:
    """-weight · ln p, with 0 · ln 0 = 0; NaN stays NaN."""
    return p * 0 if is_zero(weight) else -(weight * log_p)


def _over(weight: N, p: N) -> N:
    """weight / p, with 0 / 0 = 0; NaN stays NaN."""
    return p * 0 if is_zero(weight) else quotient(weight, p)


@dataclass(frozen=True)
class BinaryCrossEntropy(Loss):
    """ℓ = -t ln y - (1 - t) ln(1 - y). ∂ℓ/∂y = (1 - t)/(1 - y) - t/y.

    For 0 <= y, t <= 1.
    """

    batch: str = "mean"
    outputs: str = "mean"

    def row_value(self, y: Row[N], t: Row[N]) -> N:
        parts = [
            _times_minus_log(b, a, log(a)) + _times_minus_log(1 - b, a, log1p(-a))
            for a, b in zip(y, t, strict=True)
        ]
        return total(parts)

    def row_gradient(self, y: Row[N], t: Row[N]) -> list[N]:
        return [_over(1 - b, 1 - a) - _over(b, a) for a, b in zip(y, t, strict=True)]


@dataclass(frozen=True)
class BinaryCrossEntropyWithLogits(Loss):
    """ℓ = t softplus(-z) + (1 - t) softplus(z). ∂ℓ/∂z = σ(z) - t = (1 - t) σ(z) - t σ(-z).

    The binary cross-entropy of σ(z). (Bishop: Pattern Recognition and Machine Learning, 2006, 4.3.)
    """

    batch: str = "mean"
    outputs: str = "mean"

    def row_value(self, y: Row[N], t: Row[N]) -> N:
        parts = [b * softplus(-z) + (1 - b) * softplus(z) for z, b in zip(y, t, strict=True)]
        return total(parts)

    def row_gradient(self, y: Row[N], t: Row[N]) -> list[N]:
        return [(1 - b) * sigmoid(z) - b * sigmoid(-z) for z, b in zip(y, t, strict=True)]


@dataclass(frozen=True)
class CrossEntropy(Loss):
    """ℓ = -Σ_k t_k ln y_k. ∂ℓ/∂y_k = -t_k / y_k.

    For a distribution y, as Softmax gives it. (Bishop 2006, 4.3.4.)
    """

    batch: str = "mean"
    outputs = "sum"

    def row_value(self, y: Row[N], t: Row[N]) -> N:
        parts = [_times_minus_log(b, a, log(a)) for a, b in zip(y, t, strict=True)]
        return total(parts)

    def row_gradient(self, y: Row[N], t: Row[N]) -> list[N]:
        return [-_over(b, a) for a, b in zip(y, t, strict=True)]


@dataclass(frozen=True)
class SoftmaxCrossEntropy(Loss):
    """ℓ = -Σ_k t_k ln p_k, p = softmax(z). ∂ℓ/∂z_k = p_k Σ_j t_j - t_k.

    The cross-entropy of softmax(z). For one-hot t the gradient is p - t; it is computed as
    p_k Σ_(j≠k) t_j - t_k (1 - p_k), which loses no digits as p_k nears 1.
    """

    batch: str = "mean"
    outputs = "sum"

    def row_value(self, y: Row[N], t: Row[N]) -> N:
        top, powers, rest = _powers(y)
        normalizer = log1p(rest)
        return total(
            [
                _times_minus_log(b, power, z - y[top] - normalizer)
                for z, power, b in zip(y, powers, t, strict=True)
            ]
        )

    def row_gradient(self, y: Row[N], t: Row[N]) -> list[N]:
        top, powers, rest = _powers(y)
        whole, targets = rest + 1, total(t)
        gradient = []
        for k, (power, b) in enumerate(zip(powers, t, strict=True)):
            others = rest if k == top else whole - power
            gradient.append(power / whole * (targets - b) - b * (others / whole))
        return gradient


def _powers(z: Row[N]) -> tuple[int, list[N], N]:
    """The place of the largest z, all e^(z_k - z_top), and the sum of these without the largest."""
    top = max(range(len(z)), key=lambda k: pivot(z[k]))
    powers = [exp(number - z[top]) for number in z]
    return top, powers, total([zero(z[top]), *powers[:top], *powers[top + 1 :]])
