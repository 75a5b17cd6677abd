"""A number that remembers how it was computed: run on these, the reference writes its formulas.

    Written(2) * Written(3) + Written(1)     has the value 7 and the text "2·3 + 1"

Constants that the code lifts are left out where they change nothing: + 0, · 1 and / 1.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Generic, Self, cast

from refnn.scalar import Carrier, Constant, N, Number, constant, exp, expm1, log, log1p, sqrt

SUM, QUOTIENT, PRODUCT, ATOM = 1, 2, 3, 4


def show(number: Number) -> str:
    """A number as people read it: exact where that is short, else to six digits."""
    if isinstance(number, Fraction) and number.denominator > 9999:
        number = float(number)
    return f"{number:.6g}" if isinstance(number, float | Decimal) else str(number)


class Written(Carrier, Generic[N]):
    """`value`, and the `text` of its formula, which `strength` holds together."""

    __slots__ = ("lifted", "strength", "text", "value")
    value: N

    def __init__(
        self, value: N, text: str | None = None, strength: int = ATOM, lifted: bool = False
    ) -> None:
        self.value = value
        self.text = show(value) if text is None else text
        self.strength = strength
        self.lifted = lifted

    def lift(self, plain: Constant) -> Self:
        return type(self)(constant(plain, self.value), lifted=True)

    def __add__(self, other: Self | N | int) -> Self:
        other = self._own(other)
        if self._is_constant(0):
            return other
        if other._is_constant(0):
            return self
        text = f"{self.text} + {other._inside(SUM)}"
        return type(self)(self.value + other.value, text, SUM)

    def __radd__(self, other: N | int) -> Self:
        return self._own(other) + self

    def __neg__(self) -> Self:
        if self.text == show(self.value):
            return type(self)(-self.value)
        return type(self)(-self.value, f"-{self._inside(PRODUCT)}", SUM)

    def __sub__(self, other: Self | N | int) -> Self:
        other = self._own(other)
        text = f"{self.text} - {other._inside(QUOTIENT)}"
        return type(self)(self.value - other.value, text, SUM)

    def __rsub__(self, other: N | int) -> Self:
        return self._own(other) - self

    def __mul__(self, other: Self | N | int) -> Self:
        other = self._own(other)
        if self._is_constant(1):
            return other
        if other._is_constant(1):
            return self
        text = f"{self._inside(PRODUCT)}·{other._inside(PRODUCT)}"
        return type(self)(self.value * other.value, text, PRODUCT)

    def __rmul__(self, other: N | int) -> Self:
        return self._own(other) * self

    def __truediv__(self, other: Self | N | int) -> Self:
        other = self._own(other)
        if other._is_constant(1):
            return self
        text = f"{self._inside(PRODUCT)} / {other._inside(ATOM)}"
        return type(self)(self.value / other.value, text, QUOTIENT)

    def __rtruediv__(self, other: N | int) -> Self:
        return self._own(other) / self

    def exp(self) -> Self:
        return type(self)(exp(self.value), f"exp({self.text})")

    def expm1(self) -> Self:
        return type(self)(expm1(self.value), f"(exp({self.text}) - 1)")

    def log(self) -> Self:
        return type(self)(log(self.value), f"ln({self.text})")

    def log1p(self) -> Self:
        return type(self)(log1p(self.value), f"ln(1 + {self._inside(SUM)})")

    def sqrt(self) -> Self:
        return type(self)(sqrt(self.value), f"√({self.text})")

    def _own(self, other: Self | N | int) -> Self:
        return other if isinstance(other, type(self)) else self.lift(cast(Constant, other))

    def _is_constant(self, plain: int) -> bool:
        value: object = self.value
        return self.lifted and value == plain

    def _inside(self, strength: int) -> str:
        """The text as part of a formula that holds together by `strength`."""
        loose = self.strength < strength or self.text.startswith("-")
        return f"({self.text})" if loose or ("/" in self.text and strength == ATOM) else self.text
