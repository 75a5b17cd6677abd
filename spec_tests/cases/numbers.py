"""Numbers to draw, from small integers alone: so they are the same on every machine.

(Hypothesis draws floats and large integers now and then from constants in nearby source files.
Integers from -99 to 99 are never among those.)

Each draw is a place in a list that begins with the plainest number, to which cases shrink.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import cache

from hypothesis import strategies as st

QUARTERS = [1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1.5, -1.5, 0.25, -0.25, 0.75, -0.75, 1.25, -1.75, 0.0]

quarters = st.sampled_from(QUARTERS)
"""The grid, for weights and inputs: zero is there, but rare, since it hides what it multiplies."""

offsets = st.sampled_from([0.0, *QUARTERS[:-1]])
"""The grid, for biases and targets."""


@cache
def ragged(dtype: str, scale: float) -> st.SearchStrategy[float]:
    """Numbers of many digits, of about the size of `scale`, representable in the format."""
    numbers = [in_format(scale, dtype)]
    for k in range(1, 90):
        size = (k * 29 % 97 + k / 97) / 37
        numbers.append(in_format(scale * (-size if k % 2 else size), dtype))
    return st.sampled_from(numbers)


class Pool:
    """A few numbers, from which matrices of every shape are filled by their places.

    So how much is drawn does not depend on the shapes, and a case can shrink to a smaller net.
    """

    def __init__(self, numbers: Sequence[float]) -> None:
        self.numbers = numbers

    def matrix(self, tag: int, rows: int, columns: int) -> list[list[float]]:
        """Another matrix for each tag; neighbours differ, and it is not symmetric."""
        size = len(self.numbers)
        return [
            [self.numbers[(3 * tag + 4 * j + i) % size] for i in range(columns)]
            for j in range(rows)
        ]


def pools(number: st.SearchStrategy[float], size: int = 5) -> st.SearchStrategy[Pool]:
    return st.tuples(*[number] * size).map(Pool)


def in_format(number: float, dtype: str) -> float:
    """The nearest number of the format."""
    if dtype == "float64":
        return number
    rounded: float = struct.unpack("f", struct.pack("f", number))[0]
    return rounded
