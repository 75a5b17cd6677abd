"""Dual numbers: v + v' ε with ε² = 0 differentiates whatever is computed with it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from refnn import Dual, derivative
from refnn.scalar import exp, expm1, log, log1p, sqrt
from tests.digits import STEP, hundred_digits, same_to_50_digits
from tests.strategies import HALF, decimal, quarters

Function = Callable[[Any], Any]

# f and f', for x > 0.
RATIONAL: list[tuple[Function, Function]] = [
    (lambda x: x + x, lambda x: 2),
    (lambda x: x + 3, lambda x: 1),
    (lambda x: HALF + x, lambda x: 1),
    (lambda x: 2 * x - x, lambda x: 1),
    (lambda x: x - HALF, lambda x: 1),
    (lambda x: 3 - x, lambda x: -1),
    (lambda x: -x, lambda x: -1),
    (lambda x: x * x * x, lambda x: 3 * x**2),
    (lambda x: x * HALF, lambda x: HALF),
    (lambda x: 3 * x, lambda x: 3),
    (lambda x: x / (x + 1), lambda x: 1 / (x + 1) ** 2),
    (lambda x: x / 3, lambda x: Fraction(1, 3)),
    (lambda x: HALF / x, lambda x: -HALF / x**2),
]


@pytest.mark.parametrize(("f", "slope"), RATIONAL)
@given(x=quarters(1, 40))
def test_the_derivative_of_a_rational_function_is_exact(
    f: Function, slope: Function, x: Fraction
) -> None:
    """Sums, differences, products and quotients, of dual numbers and of plain ones."""
    assert derivative(f, x) == slope(x)
    assert f(Dual(x, HALF)) == Dual(f(x), slope(x) * HALF)


@pytest.mark.parametrize("f", [exp, expm1, log, log1p, sqrt])
@given(x=quarters(1, 40).map(decimal))
def test_the_derivative_of_a_function_is_its_central_difference(f: Function, x: Decimal) -> None:
    """To 50 digits."""
    with hundred_digits():
        difference = (f(x + STEP) - f(x - STEP)) / (2 * STEP)
        assert same_to_50_digits([derivative(f, x)], [difference])
        assert f(Dual(x, Decimal(1))).value == f(x)


@given(quarters(-9, 9))
def test_a_dual_of_duals_is_a_second_derivative(x: Fraction) -> None:
    """f'' of x³ is 6 x."""
    assert derivative(lambda y: derivative(lambda z: z * z * z, y), x) == 6 * x


def test_a_dual_number_is_its_value_where_its_tangent_is_0() -> None:
    """Equal to a plain number, and with the same hash; unequal with any other tangent."""
    assert Dual(HALF, 0) == HALF == Dual(HALF, Fraction(0))
    assert hash(Dual(HALF, 0)) == hash(HALF)
    assert Dual(HALF, 1) != HALF
    assert Dual(HALF, 1) == Dual(HALF, 1) != Dual(HALF, 2)
    assert hash(Dual(HALF, 1)) == hash(Dual(HALF, 1))


def test_a_dual_number_shows_value_and_tangent() -> None:
    """As it is written."""
    assert repr(Dual(1, 2)) == "Dual(1, 2)"


def test_a_function_that_ignores_its_argument_has_no_derivative() -> None:
    """A plain result tells nothing, so it is refused."""
    with pytest.raises(TypeError, match=r"^f\(3\) is 7, should be made from its argument$"):
        derivative(lambda x: 7, 3)
