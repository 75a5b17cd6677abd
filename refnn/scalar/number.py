"""A number, as refnn needs it.

Every formula of refnn is written once, for any number type: `float` trains, `Fraction` is exact,
`Decimal` is exact to as many digits as its context has, and a `Carrier` (a dual number, a symbol, a
number that writes down its formula) brings a payload along. What these types do differently is
here, and every function beyond + - * / and comparison in `functions`.

An `int` fits every type; it counts as a float where a function is transcendental.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import mul
from typing import Protocol, Self, TypeAlias, TypeVar, cast


class Number(Protocol):
    """A type closed under + - * / with itself and with int, and ordered."""

    def __add__(self, other: Self | int, /) -> Self: ...
    def __radd__(self, other: int, /) -> Self: ...
    def __sub__(self, other: Self | int, /) -> Self: ...
    def __rsub__(self, other: int, /) -> Self: ...
    def __mul__(self, other: Self | int, /) -> Self: ...
    def __rmul__(self, other: int, /) -> Self: ...
    def __truediv__(self, other: Self | int, /) -> Self: ...
    def __rtruediv__(self, other: int, /) -> Self: ...
    def __neg__(self) -> Self: ...
    def __lt__(self, other: Self | int, /) -> bool: ...
    def __le__(self, other: Self | int, /) -> bool: ...
    def __gt__(self, other: Self | int, /) -> bool: ...
    def __ge__(self, other: Self | int, /) -> bool: ...


N = TypeVar("N", bound=Number)

# A number as a user writes it down: a learning rate, a slope, a factor.
Constant: TypeAlias = int | float | Fraction | Decimal


class Carrier(ABC):
    """A number with a payload: `value` decides comparisons, `lift` makes a constant of its kind."""

    __slots__ = ()
    value: Number

    @abstractmethod
    def lift(self, plain: Constant) -> Self:
        """The constant `plain` among numbers like this one."""

    @abstractmethod
    def exp(self) -> Self: ...
    @abstractmethod
    def expm1(self) -> Self: ...
    @abstractmethod
    def log(self) -> Self: ...
    @abstractmethod
    def log1p(self) -> Self: ...
    @abstractmethod
    def sqrt(self) -> Self: ...

    def __lt__(self, other: object) -> bool:
        return _plain(self) < _plain(other)

    def __le__(self, other: object) -> bool:
        return _plain(self) <= _plain(other)

    def __gt__(self, other: object) -> bool:
        return _plain(self) > _plain(other)

    def __ge__(self, other: object) -> bool:
        return _plain(self) >= _plain(other)


def pivot(x: N) -> N:
    """The plain number under `x`, for choices that only serve stability: any choice is valid."""
    return cast(N, _plain(x))


def _plain(x: object) -> Number:
    while isinstance(x, Carrier):
        x = x.value
    return cast(Number, x)


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
        held = cast(Callable[[Constant], Constant], kind)(c)
        _check_exact(c, held, kind)
    return cast(N, held)


def _check_exact(c: Constant, held: object, kind: type) -> None:
    if held != c and c == c:
        raise ValueError(f"the constant {c} is not exactly a {kind.__name__}")


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
