"""Numbers to draw, from small integers alone: so they are the same on every machine.

(Hypothesis draws floats and large integers now and then from constants in nearby source files.
Integers from -99 to 99 are never among those.)
"""

from __future__ import annotations

import struct

from hypothesis import strategies as st

quarters = st.integers(-8, 8).map(lambda k: k / 4)
"""The grid: -2, -1.75, ..., 2."""


def ragged(dtype: str, scale: float) -> st.SearchStrategy[float]:
    """Numbers of many digits, of about the size of `scale`, representable in the format."""

    def number(parts: tuple[int, int]) -> float:
        return in_format((parts[0] + parts[1] / 97) / 31 * scale, dtype)

    return st.tuples(st.integers(-60, 60), st.integers(0, 96)).map(number)


def in_format(number: float, dtype: str) -> float:
    """The nearest number of the format."""
    if dtype == "float64":
        return number
    rounded: float = struct.unpack("f", struct.pack("f", number))[0]
    return rounded
