"""Smooth activations and losses: the gradient is not rational, so it is checked to 50 digits."""

from hypothesis import given

from tests.case import Case
from tests.digits import STEP, hundred_digits, same_to_50_digits
from tests.gradients import central_difference, dual_gradient, reverse_gradient
from tests.strategies import smooth_cases


@given(smooth_cases())
def test_the_reverse_gradient_is_the_dual_gradient(case: Case) -> None:
    """Back-propagation and dual numbers give the same 50 digits."""
    with hundred_digits():
        assert same_to_50_digits(reverse_gradient(case), dual_gradient(case))


@given(smooth_cases())
def test_the_dual_gradient_is_the_central_difference(case: Case) -> None:
    """Dual numbers give the 50 digits of the central difference."""
    with hundred_digits():
        differences = [central_difference(case, k, STEP) for k in range(case.variables)]
        assert same_to_50_digits(dual_gradient(case), differences)


def test_most_cases_have_a_gradient_to_get_wrong() -> None:
    """More than half of all cases have a gradient that is not all 0."""
    tells = []

    @given(smooth_cases())
    def look_at(case: Case) -> None:
        with hundred_digits():
            tells.append(
                not same_to_50_digits(gradient := reverse_gradient(case), [0] * len(gradient))
            )

    look_at()
    assert sum(tells) > len(tells) / 2
