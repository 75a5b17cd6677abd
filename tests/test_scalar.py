"""What a number must do beyond + - * /."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refnn import Dual
from refnn.scalar import (
    dot,
    exp,
    expm1,
    is_finite,
    is_zero,
    log,
    log1p,
    pivot,
    power,
    quotient,
    sqrt,
    total,
    typical,
    zero,
)
from refnn.scalar.arithmetic import _dot
from tests.digits import hundred_digits, same_to_50_digits
from tests.strategies import HALF, QUARTER, decimal, quarters

fractions = st.lists(quarters(-9, 9), min_size=1, max_size=5)


@pytest.mark.parametrize("dot", [dot, _dot])
@given(data=st.data())
def test_dot_is_the_sum_of_products(dot: Callable[..., Any], data: st.DataObject) -> None:
    """p · q = Σ p_i q_i, and rows of different length have none."""
    p = data.draw(fractions)
    q = data.draw(st.lists(quarters(-9, 9), min_size=len(p), max_size=len(p)))
    assert dot(p, q) == sum(p[i] * q[i] for i in range(len(p)))
    with pytest.raises(ValueError):
        dot(p, [*q, HALF])


@given(fractions)
def test_total_is_the_sum(numbers: list[Fraction]) -> None:
    """Σ of at least one number."""
    assert total(numbers) == sum(numbers)


@given(quarters(-9, 9), st.integers(0, 40))
def test_power_is_repeated_multiplication(x: Fraction, n: int) -> None:
    """xⁿ, also for n = 0, which gives 1."""
    assert power(x, n) == x**n


@given(quarters(-9, 9), quarters(-9, 9))
def test_quotient_divides(a: Fraction, b: Fraction) -> None:
    """a / b wherever b is not 0."""
    assert b == 0 or quotient(a, b) == a / b


@pytest.mark.parametrize("number", [float, Decimal])
def test_a_quotient_by_0_is_infinite_with_the_sign_of_its_numerator(number: Any) -> None:
    """±1 / 0 = ±∞, where the type has infinities."""
    assert quotient(number(1), number(0)) == number("inf")
    assert quotient(number(-1), number(0)) == number("-inf")


@pytest.mark.parametrize("number", [float, Decimal])
def test_0_by_0_is_not_a_number(number: Any) -> None:
    """0 / 0 = NaN, where the type has it."""
    result = quotient(number(0), number(0))
    assert type(result) is number
    assert math.isnan(result)


@pytest.mark.parametrize(
    ("function", "near_zero"), [(expm1, lambda x: x.exp() - 1), (log1p, lambda x: (1 + x).ln())]
)
@given(exponent=st.integers(-500, 2), digits=st.integers(-99, 99))
def test_near_0_no_digit_of_a_decimal_is_lost(
    function: Any, near_zero: Any, exponent: int, digits: int
) -> None:
    """e^x - 1 and ln(1 + x) are right to all digits of the context but the last."""
    x = Decimal(digits).scaleb(exponent - 2)
    if 1 + x <= 0:
        return
    result = function(x)
    with localcontext(prec=600):
        assert abs(result - near_zero(x)) <= abs(result).scaleb(-27)


@pytest.mark.parametrize("number", [float, Decimal])
def test_the_logarithm_of_0_is_minus_infinity(number: Any) -> None:
    """ln 0 = -∞, by either function."""
    assert log(number(0)) == log1p(number(-1)) == number("-inf")


@given(quarters(1, 99).map(decimal))
def test_functions_of_a_decimal_undo_each_other(x: Decimal) -> None:
    """ln e^x = x, ln(1 + (e^x - 1)) = x, (√x)² = x, to 50 digits."""
    with hundred_digits():
        assert same_to_50_digits([log(exp(x)), log1p(expm1(x)), sqrt(x) * sqrt(x)], [x] * 3)


@pytest.mark.parametrize("x", [0.25, 1, 3.5])
def test_functions_of_a_float_are_those_of_the_standard_library(x: float) -> None:
    """Bit by bit, and an int counts as a float."""
    for function in (exp, expm1, log, log1p, sqrt):
        assert function(x) == getattr(math, function.__name__)(x)


@pytest.mark.parametrize("like", [2, 2.0, HALF, Decimal(2), Dual(HALF, HALF)], ids=repr)
def test_zero_is_of_the_type_of_its_example(like: Any) -> None:
    """0 of that type, which is finite and is 0."""
    assert type(zero(like)) is type(like)
    assert zero(like) == 0 and is_zero(zero(like)) and is_finite(zero(like))
    assert not is_zero(like)


@given(st.lists(st.sampled_from([1, 0, -2, HALF, QUARTER]), min_size=1, max_size=4))
def test_the_typical_number_is_the_first_that_is_no_int(numbers: list[Any]) -> None:
    """It shows the type of all, as an int fits every type."""
    assert typical(numbers) == next((n for n in numbers if n not in (1, 0, -2)), numbers[-1])


@pytest.mark.parametrize("number", [float, Decimal, lambda text: Dual(float(text), 0.0)])
@pytest.mark.parametrize("text", ["inf", "-inf", "nan"])
def test_infinities_and_nan_are_not_finite(number: Any, text: str) -> None:
    """For every type that has them, under a carrier as well."""
    assert not is_finite(number(text))


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
@given(a=quarters(-2, 2), b=quarters(-2, 2))
def test_a_carrier_compares_as_the_number_that_it_carries(
    compare: Callable[[Any, Any], bool], a: Fraction, b: Fraction
) -> None:
    """Whatever its payload is, with carriers and with plain numbers, at any depth."""
    carrier = Dual(Dual(a, HALF), Dual(QUARTER, HALF))
    assert pivot(carrier) == a
    assert compare(carrier, b) == compare(a, b)
    assert compare(b, carrier) == compare(b, a)
    assert compare(carrier, Dual(b, HALF)) == compare(a, b)
