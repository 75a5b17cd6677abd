"""Three ways to the gradient of a case's loss: by its parameters, then by its inputs."""

from __future__ import annotations

from fractions import Fraction
from itertools import count, pairwise
from typing import Any

from refnn import AbsoluteError, Dual, Huber, LeakyReLU, ReLU
from refnn.backpropagation import trace
from refnn.scalar import constant
from tests.case import Case, leaves


def reverse_gradient(case: Case) -> list[Any]:
    """By back-propagation."""
    _, by_parameters = case.model.gradients(case.x, case.t)
    passed = trace(case.model.layers, case.x)
    by_input = case.model.loss.gradient(passed[-1], case.t)
    for layer, (x, y) in reversed(list(zip(case.model.layers, pairwise(passed)))):
        by_input = layer.input_gradient(x, y, by_input)
    return leaves([by_parameters, by_input])


def dual_gradient(case: Case) -> list[Any]:
    """By dual numbers, one seed a variable: the forward pass alone."""
    return [_seeded(case, k).loss.tangent for k in range(case.variables)]


def central_difference(case: Case, k: int, step: Any) -> Any:
    """(L(v + step) - L(v - step)) / (2 step), where v is variable number k."""
    return (shifted(case, k, step).loss - shifted(case, k, -step).loss) / (2 * step)


def shifted(case: Case, k: int, step: Any) -> Case:
    """The case with `step` added to its number k."""
    place = count()
    return case.map(lambda v: v + step if next(place) == k else v)


def _seeded(case: Case, k: int) -> Case:
    place = count()
    return case.map(lambda v: Dual(v, constant(int(next(place) == k), v)))


def sides(case: Case) -> list[int]:
    """On which side of each kink the case lies: -1 or 1, or 0 for on the kink.

    A parameter or input moves every pre-activation and output along a straight line as long as no
    kink is crossed, so two cases on the same sides have no kink between them.
    """
    passed = trace(case.model.layers, case.x)
    distances = []
    for layer, z in zip(case.model.layers, passed):
        if isinstance(layer, ReLU | LeakyReLU):
            distances += leaves(z)
    residuals = [y - t for y, t in zip(leaves(passed[-1]), leaves(case.t), strict=True)]
    loss = case.model.loss
    if isinstance(loss, AbsoluteError):
        distances += residuals
    if isinstance(loss, Huber):
        distances += [r + kink for r in residuals for kink in (loss.delta, -loss.delta)]
    return [(d > 0) - (d < 0) for d in distances]


def step_across_no_kink(case: Case, k: int) -> Fraction:
    """A step by which number k can move up and down and the case stays on the same sides."""
    here, step = sides(case), Fraction(1)
    while not sides(shifted(case, k, step)) == here == sides(shifted(case, k, -step)):
        step /= 2
    return step
