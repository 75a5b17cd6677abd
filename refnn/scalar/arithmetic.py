"""What can be done with every number: constants, sums, powers, and the one inner loop."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import mul
from typing import cast

from refnn.scalar.number import Carrier, Constant, N, Number, pivot


def constant(c: Constant, like: N) -> N:
    """`c` as a number of the type of `like`, exactly; ValueError where that type cannot hold it."""
    kind = type(like)
    held: object = c
    if isinstance(like, Carrier):
        held = like.lift(c)
    elif kind is Decimal and isinstance(c, Fraction):
        held = Decimal(c.numerator) / Decimal(c.denominator)
        _check_exact(c, Fraction(held), kind)
    elif kind is not type(c) and not isinstance(like, int):
        try:
            held = cast(Callable[[Constant], Constant], kind)(c)
        except OverflowError:
            held = None
        _check_exact(c, held, kind)
    return cast(N, held)


def _check_exact(c: Constant, held: object, kind: type) -> None:
    if held != c and c == c:
        raise ValueError(f"the constant {c} is not exactly a {kind.__name__}")


def typical(numbers: Iterable[N]) -> N:
    """The first that is no int, and so shows the type of all; an int where all are ints."""
    number = None
    for number in numbers:
        if not isinstance(number, int):
            break
    return cast(N, number)


def zero(like: N) -> N:
    """0 as a number of the type of `like`."""
    return constant(0, like)


def is_zero(x: Number) -> bool:
    """Whether the plain number under `x` is 0."""
    plain: object = pivot(x)
    return plain == 0


def is_finite(x: Number) -> bool:
    """False for an infinity and for NaN."""
    plain = pivot(x)
    if isinstance(plain, Decimal):
        return plain.is_finite()
    return not isinstance(plain, float) or math.isfinite(plain)


def _dot(p: Sequence[N], q: Sequence[N]) -> N:
    """p · q = Σ p_i q_i for two rows of equal length."""
    if len(p) != len(q):
        raise ValueError(f"dot of {len(p)} numbers with {len(q)}")
    return cast(N, sum(map(mul, p, q)))


# The one inner loop of the reference. `math.sumprod` (Python 3.12) is up to five times faster.
dot: Callable[[Sequence[N], Sequence[N]], N] = getattr(math, "sumprod", _dot)


def total(numbers: Sequence[N]) -> N:
    """Σ of at least one number."""
    return sum(numbers[1:], numbers[0])


def power(x: N, n: int) -> N:
    """xⁿ for a whole n >= 0, by squaring."""
    result = constant(1, x)
    for bit in f"{n:b}":
        result = result * result * (x if bit == "1" else 1)
    return result
