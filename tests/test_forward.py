"""What the layers compute: each formula restated, number by number."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from refnn import FCLayer, Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Softplus, Tanh
from tests.case import Case, leaves
from tests.digits import hundred_digits, same_to_50_digits
from tests.strategies import QUARTER, cases, decimal, names, quarters, rows

PIECEWISE = [
    (Identity(), lambda z: z),
    (ReLU(), lambda z: max(0, z)),
    (LeakyReLU(QUARTER), lambda z: z if z > 0 else z / 4),
    (LeakyReLU(Fraction(5, 4)), lambda z: max(z, 0) + min(z, 0) * 5 / 4),
]
SMOOTH = [
    (Sigmoid(), lambda z: 1 / (1 + (-z).exp())),
    (Tanh(), lambda z: (z.exp() - (-z).exp()) / (z.exp() + (-z).exp())),
    (Softplus(), lambda z: (1 + z.exp()).ln()),
]
Function = Callable[[Any], Any]


@given(cases())
def test_a_fully_connected_output_is_the_weighted_sum_of_its_inputs(case: Case) -> None:
    """y_j = Σ_i W_ji x_i + b_j, for each row of the batch."""
    layer = case.model.layers[0]
    assert isinstance(layer, FCLayer)
    assert layer.forward(case.x) == [
        [
            sum(layer.weights[j][i] * row[i] for i in range(layer.inputs))
            + (layer.bias[j] if layer.bias else 0)
            for j in range(layer.outputs)
        ]
        for row in case.x
    ]


@pytest.mark.parametrize(("activation", "formula"), PIECEWISE, ids=names(PIECEWISE))
@given(z=rows(2, 3, quarters(-9, 9)))
def test_a_piecewise_activation_is_its_formula(
    activation: Any, formula: Function, z: list[list[Fraction]]
) -> None:
    """a = f(z), number by number, exactly."""
    assert activation.forward(z) == [[formula(number) for number in row] for row in z]


@pytest.mark.parametrize(("activation", "formula"), SMOOTH, ids=names(SMOOTH))
@given(z=rows(2, 3, quarters(-99, 99).map(decimal)))
def test_a_smooth_activation_is_its_formula(
    activation: Any, formula: Function, z: list[list[Decimal]]
) -> None:
    """a = f(z), number by number, to 50 digits."""
    with hundred_digits():
        assert same_to_50_digits(leaves(activation.forward(z)), [*map(formula, leaves(z))])


@given(rows(2, 3, quarters(-99, 99).map(decimal)))
def test_softmax_is_its_formula(z: list[list[Decimal]]) -> None:
    """a_k = e^(z_k) / Σ_j e^(z_j) in each row, to 50 digits."""
    with hundred_digits():
        expected = [number.exp() / sum(other.exp() for other in row) for row in z for number in row]
        assert same_to_50_digits(leaves(Softmax().forward(z)), expected)


@given(rows(1, 3, quarters(-99, 99).map(decimal)), quarters(-9999, 9999).map(decimal))
def test_softmax_is_invariant_under_a_shift_of_its_row(z: list[list[Decimal]], c: Decimal) -> None:
    """softmax(z + c) = softmax(z), and it sums to 1, to 50 digits."""
    with hundred_digits():
        a = leaves(Softmax().forward(z))
        shifted = leaves(Softmax().forward([[number + c for number in row] for row in z]))
        assert same_to_50_digits(a, shifted)
        assert same_to_50_digits([sum(a)], [Decimal(1)])


@given(cases())
def test_a_model_is_the_composition_of_its_layers(case: Case) -> None:
    """y = f_n(... f_1(x)), and the loss is that of y."""
    y = case.x
    for layer in case.model.layers:
        y = layer.forward(y)
    assert case.model.predict(case.x) == y
    assert case.model.evaluate(case.x, case.t) == case.model.loss.value(y, case.t)
    assert case.model.gradients(case.x, case.t)[0] == case.model.loss.value(y, case.t)
