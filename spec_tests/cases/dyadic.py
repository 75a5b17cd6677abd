"""Which activations and losses can be computed without rounding, on numbers of few bits."""

from __future__ import annotations

import math
from typing import Any

PIECEWISE = ("identity", "relu", "leaky_relu")


def is_dyadic(number: Any) -> bool:
    """Whether a constant has few bits, as 0.25 has and 0.01 has not."""
    return math.isfinite(number) and float(number).as_integer_ratio()[1] <= 2**10


def can_be_exact(loss: Any) -> bool:
    """Whether the loss is rational, with constants of few bits."""
    name = type(loss).__name__
    if name == "SquaredError":
        return is_dyadic(loss.factor) and float(loss.factor) == loss.factor
    return name == "AbsoluteError" or (name == "Huber" and is_dyadic(loss.delta))
