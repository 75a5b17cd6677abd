"""Losses, each with its reductions stated: see `loss` for what they share."""

from refnn.losses.classification import (
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    SoftmaxCrossEntropy,
)
from refnn.losses.loss import Loss
from refnn.losses.regression import MSE, AbsoluteError, Huber, SquaredError

__all__ = [
    "MSE",
    "AbsoluteError",
    "BinaryCrossEntropy",
    "BinaryCrossEntropyWithLogits",
    "CrossEntropy",
    "Huber",
    "Loss",
    "SoftmaxCrossEntropy",
    "SquaredError",
]
