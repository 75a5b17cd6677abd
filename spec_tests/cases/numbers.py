"""Numbers to fill matrices with, all different, arranged by a few small integers that are drawn.

A pool is a list of plain numbers, in an order that two integers choose: so a case is drawn in few
draws, and none of its rows and columns repeats.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from functools import cache
from random import Random

from spec_tests.cases.drawing import Drawing

MOST = 98
"""Of salts, which are drawn from 0 on."""
Numbers = Callable[[int], Sequence[float]]
"""So many different numbers, the plainest first."""


@cache
def quarters(size: int) -> Sequence[float]:
    """The grid: whole numbers, halves and quarters up to 2, and 0 as the last, since it hides what
    it multiplies. Where more than 17 are asked for, eighths and so on, which cost as many bits as
    larger numbers would.
    """
    parts = max(4, 2 ** math.ceil(math.log2(size / 4)))
    found = {n * part / parts for part in range(1, 2 * parts + 1) for n in (1.0, -1.0)}
    plainest = sorted(found, key=lambda n: (n.as_integer_ratio()[1], abs(n), n < 0))
    return [*plainest[: size - 1], 0.0]


@cache
def offsets(size: int) -> Sequence[float]:
    """The grid for biases and targets: here 0 is the plainest."""
    *numbers, zero = quarters(size)
    return [zero, *numbers]


@cache
def ragged(dtype: str, scale: float) -> Numbers:
    """Numbers of many digits, of about the size of `scale`, representable in the format."""

    @cache
    def numbers(size: int) -> Sequence[float]:
        found = [in_format(scale, dtype)]
        for k in range(1, size):
            # 29 k mod 97 mixes the sizes, k/97 keeps them apart; they end at 2.6, and little above
            # where more than 97 are asked for.
            distance = (k * 29 % 97 + k / 97) / 37
            found.append(in_format(scale * (-distance if k % 2 else distance), dtype))
        return found

    return numbers


@cache
def _order(size: int, salt: int) -> Sequence[int]:
    """A permutation; the one of salt 0 changes nothing."""
    order = list(range(size))
    if salt:
        rng = Random(salt)
        order.sort(key=lambda _: rng.random())
    return order


@cache
def _prime(least: int) -> int:
    return next(n for n in range(least, 2 * least) if all(n % k for k in range(2, n)))


class Pool:
    """Matrices of every shape, in which no row and no column repeats."""

    def __init__(self, numbers: Numbers, salt: int, start: int) -> None:
        self.numbers = numbers
        self.salt = salt
        self.start = start

    def matrix(self, tag: int, rows: int, columns: int) -> list[list[float]]:
        """Another matrix for each tag; neighbours differ, and it is not symmetric.

        The pool has a prime number of places, more than there are rows and columns: so steps of 7
        and of 1 come back to a place after more of them than there are.
        """
        size = _prime(max(17, rows + 1, columns + 1))
        numbers, order = self.numbers(size), _order(size, self.salt)
        first = self.start + 3 * tag
        return [
            [numbers[order[(first + 7 * j + i) % size]] for i in range(columns)]
            for j in range(rows)
        ]

    def row(self, tag: int, columns: int) -> list[float]:
        return self.matrix(tag, 1, columns)[0]


def salt(rng: Random) -> int:
    return rng.randint(0, MOST)


def pools(numbers: Numbers) -> Drawing[Pool]:
    return lambda rng: Pool(numbers, salt(rng), salt(rng))


def in_format(number: float, dtype: str) -> float:
    """The nearest number of the format."""
    if dtype == "float64":
        return number
    rounded: float = struct.unpack("f", struct.pack("f", number))[0]
    return rounded
