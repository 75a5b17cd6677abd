"""Functions of a number: exponential, logarithm, root and a quotient that knows infinity.

On float they are libm's, on Decimal correct to the context's digits, on a Carrier its own methods.
A type that cannot do one says which type can.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, getcontext, localcontext
from typing import cast

from refnn.scalar.arithmetic import constant, is_zero
from refnn.scalar.number import Carrier, N, pivot


def quotient(a: N, b: N) -> N:
    """a / b; for b = 0 what IEEE 754 says (an infinity, or NaN), where the type has those."""
    if not is_zero(b):
        return a / b
    return constant(math.nan, b) if is_zero(a) else a * constant(math.inf, b)


def exp(x: N) -> N:
    """e^x."""
    return _apply("exp", math.exp, Decimal.exp, x)


def expm1(x: N) -> N:
    """e^x - 1, also precise near x = 0."""
    return _apply("expm1", math.expm1, _decimal_expm1, x)


def log(x: N) -> N:
    """ln x, with ln 0 = -infinity. ValueError for x < 0."""
    if pivot(x) < 0:
        raise ValueError(f"ln of {pivot(x)}: should be of a number from 0 on")
    return _apply("log", lambda v: math.log(v) if v else -math.inf, Decimal.ln, x)


def log1p(x: N) -> N:
    """ln(1 + x), also precise near x = 0, with ln 0 = -infinity. ValueError for x < -1."""
    if pivot(x) < -1:
        raise ValueError(f"ln of 1 + {pivot(x)}: should be of a number from 0 on")
    return _apply("log1p", lambda v: math.log1p(v) if v != -1 else -math.inf, _decimal_log1p, x)


def sqrt(x: N) -> N:
    """The square root of x >= 0."""
    return _apply("sqrt", math.sqrt, Decimal.sqrt, x)


def _apply(
    name: str, on_float: Callable[[float], float], on_decimal: Callable[[Decimal], Decimal], x: N
) -> N:
    result: object
    if isinstance(x, float | int):
        result = on_float(x)
    elif isinstance(x, Decimal):
        result = on_decimal(x)
    elif isinstance(x, Carrier):
        result = getattr(x, name)()
    else:
        kind = type(x).__name__
        raise TypeError(f"{name} of a {kind} is not a {kind}: use float or Decimal")
    return cast(N, result)


def _decimal_expm1(x: Decimal) -> Decimal:
    return _decimal_near_zero(x, lambda v: v.exp() - 1)


def _decimal_log1p(x: Decimal) -> Decimal:
    return _decimal_near_zero(x, lambda v: (1 + v).ln())


def _decimal_near_zero(x: Decimal, function: Callable[[Decimal], Decimal]) -> Decimal:
    """f(x) for an f with f(x) = x + O(x²) that is computed beside 1, where digits cancel."""
    lost = -x.adjusted()
    if x == 0 or lost > getcontext().prec:
        return +x
    with localcontext() as context:
        context.prec += max(lost, 0) + 2
        result = function(x)
    return +result
