"""A number that writes down its formula, in SymPy.

It carries a witness: the point at which comparisons are decided. One witness stands for the whole
region that it lies in, so a formula with kinks is differentiated region by region.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import sympy

from refnn.scalar import Carrier, Constant, constant, exp, expm1, log, log1p, sqrt

Plain = int | float | Fraction | Decimal


class Symbol(Carrier):
    """Symbol(expression, witness). Mixes with plain numbers, which are written down exactly."""

    __slots__ = ("expression", "value")

    def __init__(self, expression: sympy.Expr | str, value: Any) -> None:
        self.expression = (
            sympy.Symbol(expression, real=True) if isinstance(expression, str) else expression
        )
        self.value = value

    def lift(self, plain: Constant) -> Symbol:
        return Symbol(exact(plain), constant(plain, self.value))

    def __add__(self, other: Symbol | Plain) -> Symbol:
        return Symbol(self.expression + exact(other), self.value + _witness(other))

    __radd__ = __add__

    def __sub__(self, other: Symbol | Plain) -> Symbol:
        return Symbol(self.expression - exact(other), self.value - _witness(other))

    def __rsub__(self, other: Plain) -> Symbol:
        return -self + other

    def __neg__(self) -> Symbol:
        return Symbol(-self.expression, -self.value)

    def __mul__(self, other: Symbol | Plain) -> Symbol:
        return Symbol(self.expression * exact(other), self.value * _witness(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Symbol | Plain) -> Symbol:
        return Symbol(self.expression / exact(other), self.value / _witness(other))

    def __rtruediv__(self, other: Plain) -> Symbol:
        return Symbol(exact(other) / self.expression, other / self.value)

    def exp(self) -> Symbol:
        return Symbol(sympy.exp(self.expression), exp(self.value))

    def expm1(self) -> Symbol:
        return Symbol(sympy.exp(self.expression) - 1, expm1(self.value))

    def log(self) -> Symbol:
        return Symbol(sympy.log(self.expression), log(self.value))

    def log1p(self) -> Symbol:
        return Symbol(sympy.log(1 + self.expression), log1p(self.value))

    def sqrt(self) -> Symbol:
        return Symbol(sympy.sqrt(self.expression), sqrt(self.value))

    def __repr__(self) -> str:
        return f"Symbol({self.expression}, {self.value!r})"


def exact(number: Symbol | Plain) -> sympy.Expr:
    """The number, written down."""
    if isinstance(number, Symbol):
        return number.expression
    fraction = Fraction(number)
    return sympy.Rational(fraction.numerator, fraction.denominator)


def _witness(number: Symbol | Plain) -> Any:
    return number.value if isinstance(number, Symbol) else number
