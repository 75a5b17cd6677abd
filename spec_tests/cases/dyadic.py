"""Which activations and losses can be computed without rounding, on numbers of few bits."""

from __future__ import annotations

import math
from typing import Any

from refnn.losses import AbsoluteError, Huber, Loss, SquaredError

PIECEWISE = ("identity", "relu", "leaky_relu")


def is_dyadic(number: Any) -> bool:
    """Whether a constant has few bits, as 0.25 has and 0.01 has not."""
    return math.isfinite(number) and float(number).as_integer_ratio()[1] <= 2**10


def can_be_exact(loss: Loss) -> bool:
    """Whether the loss is rational, with constants of few bits."""
    match loss:
        case SquaredError(factor=factor):
            return is_dyadic(factor) and float(factor) == factor
        case Huber(delta=delta):
            return is_dyadic(delta)
    return isinstance(loss, AbsoluteError)
