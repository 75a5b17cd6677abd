"""A dual number v + v' ε, with ε² = 0: a number and how fast it changes.

Run any formula on dual numbers and its derivative comes along, forwards, by the rules below;
nothing of the backward pass takes part. This is how the reference's gradients are checked.

    (u + u'ε) + (v + v'ε) = (u + v) + (u' + v') ε
    (u + u'ε) · (v + v'ε) = u v + (u' v + v' u) ε
    (u + u'ε) / (v + v'ε) = q + (u' - v' q) / v ε      with q = u / v
    f(v + v'ε)            = f(v) + v' f'(v) ε

(Clifford 1873; Wengert 1964.) The value may be of any number type, the tangent of any type that
adds and that numbers scale. A comparison looks at values alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Self

from refnn.scalar import (
    Carrier,
    Constant,
    N,
    constant,
    exp,
    expm1,
    is_zero,
    log,
    log1p,
    quotient,
    sqrt,
)


class Dual(Carrier, Generic[N]):
    """Dual(v, v'). Mixes with plain numbers, which are constants: their tangent is 0."""

    __slots__ = ("tangent", "value")
    value: N
    tangent: N

    def __init__(self, value: N, tangent: N) -> None:
        self.value = value
        self.tangent = tangent

    def _like(self, value: N, tangent: N) -> Self:
        return type(self)(value, tangent)

    def lift(self, plain: Constant) -> Self:
        value = constant(plain, self.value)
        return self._like(value, value * 0)

    def __add__(self, other: Self | N | int) -> Self:
        if isinstance(other, Dual):
            return self._like(self.value + other.value, self.tangent + other.tangent)
        return self._like(self.value + other, self.tangent)

    __radd__ = __add__

    def __neg__(self) -> Self:
        return self._like(-self.value, -self.tangent)

    def __sub__(self, other: Self | N | int) -> Self:
        if isinstance(other, Dual):
            return self._like(self.value - other.value, self.tangent - other.tangent)
        return self._like(self.value - other, self.tangent)

    def __rsub__(self, other: N | int) -> Self:
        return self._like(other - self.value, -self.tangent)

    def __mul__(self, other: Self | N | int) -> Self:
        if isinstance(other, Dual):
            return self._like(
                self.value * other.value, self.tangent * other.value + other.tangent * self.value
            )
        return self._like(self.value * other, self.tangent * other)

    __rmul__ = __mul__

    def __truediv__(self, other: Self | N | int) -> Self:
        if isinstance(other, Dual):
            q = self.value / other.value
            return self._like(q, (self.tangent - other.tangent * q) / other.value)
        return self._like(self.value / other, self.tangent / other)

    def __rtruediv__(self, other: N | int) -> Self:
        q = other / self.value
        return self._like(q, -self.tangent * q / self.value)

    def exp(self) -> Self:
        e = exp(self.value)
        return self._like(e, self.tangent * e)

    def expm1(self) -> Self:
        return self._like(expm1(self.value), self.tangent * exp(self.value))

    def log(self) -> Self:
        return self._like(log(self.value), quotient(self.tangent, self.value))

    def log1p(self) -> Self:
        return self._like(log1p(self.value), quotient(self.tangent, 1 + self.value))

    def sqrt(self) -> Self:
        root = sqrt(self.value)
        return self._like(root, self.tangent / (2 * root))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Dual):
            return bool(self.value == other.value and self.tangent == other.tangent)
        return bool(self.value == other and is_zero(self.tangent))

    def __hash__(self) -> int:
        return hash(self.value) if is_zero(self.tangent) else hash((self.value, self.tangent))

    def __repr__(self) -> str:
        return f"Dual({self.value!r}, {self.tangent!r})"


def derivative(f: Callable[[Dual[N]], Dual[N]], x: N) -> N:
    """f'(x), by running f on x + ε. TypeError where f does not return a dual number.

    For second derivatives nest duals, not calls of this: inside f, the ε of an outer call is the
    same ε.
    """
    y = f(Dual(x, constant(1, x)))
    if not isinstance(y, Dual):
        raise TypeError(f"f({x}) is {y!r}, should be made from its argument")
    return y.tangent
