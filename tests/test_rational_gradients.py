"""Fully connected layers, ReLU and rational losses: the gradient is a fraction, so it is exact."""

from hypothesis import assume, given

from tests.case import Case
from tests.gradients import (
    central_difference,
    dual_gradient,
    reverse_gradient,
    sides,
    step_across_no_kink,
)
from tests.strategies import cases


@given(cases())
def test_the_reverse_gradient_is_the_dual_gradient(case: Case) -> None:
    """Off the kinks, back-propagation and dual numbers give the same fractions."""
    assume(0 not in sides(case))
    assert reverse_gradient(case) == dual_gradient(case)


@given(cases())
def test_the_dual_gradient_is_the_central_difference(case: Case) -> None:
    """L is at most quadratic in one variable between kinks, where a central difference is exact."""
    assume(0 not in sides(case))
    assert dual_gradient(case) == [
        central_difference(case, k, step_across_no_kink(case, k)) for k in range(case.variables)
    ]


def test_most_cases_have_a_gradient_to_get_wrong() -> None:
    """More than half of all cases lie off the kinks and have a gradient that is not all 0."""
    tells = []

    @given(cases())
    def look_at(case: Case) -> None:
        tells.append(0 not in sides(case) and any(reverse_gradient(case)))

    look_at()
    assert sum(tells) > len(tells) / 2
