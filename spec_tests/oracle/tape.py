"""Numbers that remember how they were made, so that one sweep backwards differentiates all of them.

A formula that runs on taped numbers writes down each operation with its local derivatives. Then
∂L/∂v is the sum, over all operations that used v, of ∂L/∂(their result) times their local
derivative: the chain rule, applied mechanically from the last operation to the first. (Linnainmaa
1970.) That dual numbers, which go forwards, give the same derivatives is one of the suite's tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import Any, Self

from refnn.scalar import Carrier, Constant, constant, exp, expm1, log, log1p, sqrt


class Taped(Carrier):
    """A number on a tape: `parents` are (number, local derivative), `slope` becomes ∂L/∂value."""

    __slots__ = ("parents", "slope", "tape", "value")
    value: Any

    def __init__(
        self, tape: list[Taped], value: Any, parents: Sequence[tuple[Taped, Any]] = ()
    ) -> None:
        self.tape = tape
        self.value = value
        self.parents = parents
        self.slope: Any = 0
        tape.append(self)

    def _made(self, value: Any, *parents: tuple[Taped, Any]) -> Self:
        return type(self)(self.tape, value, parents)

    def lift(self, plain: Constant) -> Self:
        return self._made(constant(plain, self.value))

    def __add__(self, other: Any) -> Self:
        if isinstance(other, Taped):
            return self._made(self.value + other.value, (self, 1), (other, 1))
        return self._made(self.value + other, (self, 1))

    __radd__ = __add__

    def __neg__(self) -> Self:
        return self._made(-self.value, (self, -1))

    def __sub__(self, other: Any) -> Self:
        if isinstance(other, Taped):
            return self._made(self.value - other.value, (self, 1), (other, -1))
        return self._made(self.value - other, (self, 1))

    def __rsub__(self, other: Any) -> Self:
        return self._made(other - self.value, (self, -1))

    def __mul__(self, other: Any) -> Self:
        if isinstance(other, Taped):
            return self._made(self.value * other.value, (self, other.value), (other, self.value))
        return self._made(self.value * other, (self, other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Self:
        if isinstance(other, Taped):
            q = self.value / other.value
            return self._made(q, (self, 1 / other.value), (other, -q / other.value))
        return self._made(self.value / other, (self, constant(1, self.value) / other))

    def __rtruediv__(self, other: Any) -> Self:
        q = other / self.value
        return self._made(q, (self, -q / self.value))

    def exp(self) -> Self:
        e = exp(self.value)
        return self._made(e, (self, e))

    def expm1(self) -> Self:
        return self._made(expm1(self.value), (self, exp(self.value)))

    def log(self) -> Self:
        return self._made(log(self.value), (self, 1 / self.value))

    def log1p(self) -> Self:
        return self._made(log1p(self.value), (self, 1 / (1 + self.value)))

    def sqrt(self) -> Self:
        root = sqrt(self.value)
        return self._made(root, (self, 1 / (2 * root)))


def weighted_sum(row: Sequence[Taped], weights: Sequence[Any], bias: Any = 0) -> Taped:
    """Σ w_i x_i + b as one operation; its derivative in x_i is w_i."""
    value = sum(map(mul, weights, [x.value for x in row]), bias)
    return Taped(row[0].tape, value, list(zip(row, weights, strict=True)))


def sweep(result: Taped) -> None:
    """Set the slope of every number on the tape: ∂result/∂number."""
    result.slope = constant(1, result.value)
    for number in reversed(result.tape):
        if number.slope:
            for parent, local in number.parents:
                parent.slope += number.slope * local
