"""A number, as refnn needs it.

Every formula of refnn is written once, for any number type: `float` trains, `Fraction` is exact,
`Decimal` is exact to as many digits as its context has, and a `Carrier` (a dual number, a symbol, a
number that writes down its formula) brings a payload along. What these types have in common is
here, what they do differently in `arithmetic` and `functions`.

An `int` fits every type; it counts as a float where a function is transcendental.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from decimal import Decimal
from fractions import Fraction
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
