"""The formulas of activations and losses, restated: nothing of refnn's layers and losses is used.

They are generic in the number type, so that they run on floats (exact on the grid), on decimals
and on dual numbers of both. Each activation maps the pre-activations z of one row, each loss the
outputs y and targets t of one row to its sum over outputs, before any mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from refnn.losses import (
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    Huber,
    Loss,
    SoftmaxCrossEntropy,
    SquaredError,
)
from refnn.scalar import exp, log, pivot

Row = Sequence[Any]


def _relu(z: Any, slope_below: Any, slope_at_zero: Any) -> Any:
    plain = pivot(z)
    if plain > 0:
        return z
    return z * (slope_at_zero if plain == 0 else slope_below)


def _half_powers(z: Any) -> tuple[Any, bool]:
    """e^-|z|, which is at most 1, and whether z is negative."""
    negative = pivot(z) < 0
    return exp(z if negative else -z), negative


def _sigmoid(z: Any) -> Any:
    e, negative = _half_powers(z)
    return e / (1 + e) if negative else 1 / (1 + e)


def _tanh(z: Any) -> Any:
    e, negative = _half_powers(2 * z)
    return (e - 1) / (e + 1) if negative else (1 - e) / (1 + e)


def _softplus(z: Any) -> Any:
    e, negative = _half_powers(z)
    return log(1 + e) if negative else z + log(1 + e)


def _softmax(row: Row) -> list[Any]:
    top = max(pivot(z) for z in row)
    powers = [exp(z - top) for z in row]
    whole = sum(powers[1:], powers[0])
    return [power / whole for power in powers]


def activate(name: str, row: Row, alpha: Any, at_zero: Mapping[str, Any]) -> list[Any]:
    """a = f(z) for one row; at_zero holds the slopes of relu and leaky_relu there."""
    if name == "softmax":
        return _softmax(row)
    function: Callable[[Any], Any] = {
        "identity": lambda z: z,
        "relu": lambda z: _relu(z, 0, at_zero["relu"]),
        "leaky_relu": lambda z: _relu(z, alpha, at_zero["leaky_relu"]),
        "sigmoid": _sigmoid,
        "tanh": _tanh,
        "softplus": _softplus,
    }[name]
    return [function(z) for z in row]


def _squared(y: Any, t: Any, factor: Any) -> Any:
    return (y - t) * (y - t) * factor


def _absolute(y: Any, t: Any) -> Any:
    return y - t if pivot(y) > t else t - y if pivot(y) < t else 0 * y


def _huber(y: Any, t: Any, delta: Any) -> Any:
    size = _absolute(y, t)
    return size * size / 2 if pivot(size) <= delta else delta * (size - delta / 2)


def _times_log(weight: Any, p: Any) -> Any:
    """-weight · ln p, where nothing of no weight is counted."""
    return -(weight * log(p)) if weight else 0 * p


def _binary(y: Any, t: Any) -> Any:
    return _times_log(t, y) + _times_log(1 - t, 1 - y)


def _binary_logits(z: Any, t: Any) -> Any:
    hit = t * _softplus(-z) if t else 0 * z
    return hit + (1 - t) * _softplus(z) if t != 1 else hit


def _softmax_cross_entropy(y: Row, t: Row) -> list[Any]:
    """t_k (ln Σ e^(z_j) - z_k)."""
    top = max(pivot(z) for z in y)
    powers = [exp(z - top) for z in y]
    whole = top + log(sum(powers[1:], powers[0]))
    return [b * (whole - z) for z, b in zip(y, t, strict=True)]


def row_loss(loss: Loss, y: Row, t: Row, number: Callable[[Any], Any]) -> Any:
    """Σ ℓ over the outputs of one row; `number` makes a constant of the number type in use."""
    pairs = list(zip(y, t, strict=True))
    match loss:
        case SquaredError(factor=factor):
            terms = [_squared(a, b, number(factor)) for a, b in pairs]
        case AbsoluteError():
            terms = [_absolute(a, b) for a, b in pairs]
        case Huber(delta=delta):
            terms = [_huber(a, b, number(delta)) for a, b in pairs]
        case BinaryCrossEntropy():
            terms = [_binary(a, b) for a, b in pairs]
        case BinaryCrossEntropyWithLogits():
            terms = [_binary_logits(a, b) for a, b in pairs]
        case CrossEntropy():
            terms = [_times_log(b, a) for a, b in pairs]
        case SoftmaxCrossEntropy():
            terms = _softmax_cross_entropy(y, t)
        case _:
            raise TypeError(f"{loss!r} is no loss that the suite knows")
    return sum(terms[1:], terms[0])


def divisor(loss: Loss, batch: int, outputs: int) -> int:
    """n of the means in L = Σ_rows Σ_k ℓ / n."""
    return (batch if loss.batch == "mean" else 1) * (outputs if loss.outputs == "mean" else 1)
