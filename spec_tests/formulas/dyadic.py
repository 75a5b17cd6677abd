"""Numbers of few bits: on a grid of these, what is piecewise rational does not round."""

from __future__ import annotations

import math
from typing import Any


def is_dyadic(number: Any) -> bool:
    """Whether a constant has few bits, as 0.25 has and 0.01 has not."""
    return math.isfinite(number) and float(number).as_integer_ratio()[1] <= 2**10


def is_held_exactly(number: Any) -> bool:
    """Whether it has few bits, and a float is equal to it."""
    return is_dyadic(number) and float(number) == number
