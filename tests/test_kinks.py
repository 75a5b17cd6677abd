"""At a kink the derivative is chosen: 0 for ReLU, alpha for LeakyReLU, 0 for the absolute error."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from refnn import AbsoluteError, Huber, LeakyReLU, ReLU
from tests.strategies import QUARTER, RATIONAL_LOSSES, quarters, rows


@pytest.mark.parametrize(
    ("activation", "slope"),
    [(ReLU(), 0), (LeakyReLU(QUARTER), QUARTER), (LeakyReLU(Fraction(5, 4)), Fraction(5, 4))],
    ids=repr,
)
@given(upstream=rows(1, 3, quarters(-9, 9)))
def test_at_0_an_activation_has_the_slope_of_its_left_side(
    activation: Any, slope: Fraction, upstream: list[list[Fraction]]
) -> None:
    """dz = slope · da at z = 0, whatever the sign of da, and on the left of 0 as well."""
    z = [[Fraction(0), Fraction(-1, 10**50), Fraction(-9)]]
    a = activation.forward(z)
    assert activation.input_gradient(z, a, upstream) == [[slope * d for d in upstream[0]]]


def test_an_absolute_error_of_0_has_slope_0() -> None:
    """|r|' = 0 at r = 0, and the sign of r beside it."""
    y = [[Fraction(0), Fraction(1, 10**50), Fraction(-1, 10**50)]]
    t = [[Fraction(0)] * 3]
    assert AbsoluteError("sum", "sum").gradient(y, t) == [[0, 1, -1]]


def test_the_two_sides_of_huber_meet_in_value_and_slope() -> None:
    """At |r| = delta: ℓ = delta²/2 and ℓ' = ±delta by either formula."""
    loss, y, t = Huber(QUARTER, "sum", "sum"), [[QUARTER, -QUARTER]], [[Fraction(0)] * 2]
    assert loss.value(y, t) == QUARTER**2
    assert loss.gradient(y, t) == [[QUARTER, -QUARTER]]


@pytest.mark.parametrize("loss", RATIONAL_LOSSES, ids=repr)
def test_a_loss_of_0_has_gradient_0(loss: Any) -> None:
    """Where every output is its target, there is nothing to learn."""
    y = [[Fraction(1), Fraction(-2)], [Fraction(0), Fraction(3)]]
    assert loss.value(y, y) == 0
    assert loss.gradient(y, y) == [[0, 0], [0, 0]]
