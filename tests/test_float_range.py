"""Floats: nothing overflows, no tail is lost, NaN stays NaN.

How precise a formula is, is derived: each rounding errs by at most u = 2^-53 of its result, libm's
exp, expm1 and log1p by less than 2u (1 ulp), and what a function makes of its argument's error is
its condition number. An error of k·u of a number is at most k of its ulps.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refnn import (
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    FCLayer,
    Huber,
    Identity,
    LeakyReLU,
    Model,
    ReLU,
    Sigmoid,
    Softmax,
    SoftmaxCrossEntropy,
    Softplus,
    SquaredError,
    Tanh,
)
from tests.case import leaves
from tests.digits import ulps
from tests.strategies import magnitudes, names, rows

Function = Callable[[Decimal], Decimal]

# Beside 1, up to 324 digits of the smallest float are lost; the other 60 and more are right.
exactly = partial(localcontext, prec=400)


def sigmoid(z: Decimal) -> Decimal:
    e = (-abs(z)).exp()
    return (Decimal(1) if z >= 0 else e) / (1 + e)


def tanh(z: Decimal) -> Decimal:
    e = (-2 * abs(z)).exp()
    return ((1 - e) / (1 + e)).copy_sign(z)


def softplus(z: Decimal) -> Decimal:
    return max(z, Decimal(0)) + (1 + (-abs(z)).exp()).ln()


def sigmoid_slope(z: Decimal) -> Decimal:
    return sigmoid(z) * sigmoid(-z)


def tanh_slope(z: Decimal) -> Decimal:
    return 4 * sigmoid_slope(2 * z)


# Activation, a with its ulps, a' with its ulps:
#   σ     e 2u, 1 + e u, the quotient u                                           4u, 3u for z >= 0
#   tanh  m 2u with a condition of at most 2, m + 2 u, the quotient u             6u
#   ln(1 + e^z)  e 2u with a condition of at most 1, log1p 2u, the sum u          5u
#   σ(z) σ(-z)   3u, 4u, the product u                                            8u
SMOOTH = [
    (Sigmoid(), sigmoid, 4, sigmoid_slope, 8),
    (Tanh(), tanh, 6, tanh_slope, 8),
    (Softplus(), softplus, 5, sigmoid, 4),
]

# A row of n scores with exact differences: powers 2u, their sum n - 1 more, the quotient u.
SCORES = rows(1, 3, st.integers(-3000, 3000).map(lambda k: k / 4))
SOFTMAX_ULPS = 3 + 4
# -ln p: the powers and the sum of the smaller ones n, log1p 2u, the sum u.
SURPRISE_ULPS = 3 + 3
# p - 1: a difference whose smaller part is at most half, 2 (n + 1) + 3, over the whole, n + 2.
SLOPE_ULPS = 3 * 3 + 7


@pytest.mark.parametrize(("activation", "f", "k", "slope", "slope_k"), SMOOTH, ids=names(SMOOTH))
@given(z=magnitudes())
def test_a_smooth_activation_is_precise_in_both_tails(
    activation: Any, f: Function, k: int, slope: Function, slope_k: int, z: float
) -> None:
    """f(z) and f'(z) are right to the derived ulps, for |z| from 0 to 1e308."""
    [[a]] = activation.forward([[z]])
    [[d]] = activation.input_gradient([[z]], [[a]], [[1.0]])
    with exactly():
        assert ulps(a, f(Decimal(z))) <= k
        assert ulps(d, slope(Decimal(z))) <= slope_k


@given(magnitudes())
def test_a_smooth_activation_stays_in_range(z: float) -> None:
    """0 <= σ <= 1, -1 <= tanh <= 1, softplus >= 0 and >= z, for |z| from 0 to 1e308."""
    assert 0 <= Sigmoid().function(z) <= 1
    assert -1 <= Tanh().function(z) <= 1
    assert max(0, z) <= Softplus().function(z) < math.inf


@given(SCORES)
def test_softmax_is_precise_in_its_tail(z: list[list[float]]) -> None:
    """Each probability is right to the derived ulps, down to the smallest float."""
    with exactly():
        powers = [Decimal(score).exp() for score in z[0]]
        for a, power in zip(Softmax().forward(z)[0], powers):
            assert ulps(a, power / sum(powers)) <= SOFTMAX_ULPS


@given(SCORES, st.integers(0, 2))
def test_softmax_cross_entropy_is_precise_in_both_tails(z: list[list[float]], true: int) -> None:
    """-ln p and its gradient are right to the derived ulps, where p is almost 0 and almost 1."""
    t = [[float(k == true) for k in range(3)]]
    loss = SoftmaxCrossEntropy()
    with exactly():
        powers = [Decimal(score - z[0][true]).exp() for score in z[0]]
        assert ulps(loss.value(z, t), sum(powers).ln()) <= SURPRISE_ULPS
        for k, gradient in enumerate(loss.gradient(z, t)[0]):
            others = sum(powers) - 1 if k == true else powers[k]
            exact = others / sum(powers) * (-1 if k == true else 1)
            assert ulps(gradient, exact) <= SLOPE_ULPS


@given(magnitudes(), st.sampled_from([0.0, 1.0]))
def test_binary_cross_entropy_from_a_logit_is_precise_in_both_tails(z: float, t: float) -> None:
    """softplus(±z) and its gradient keep the ulps of softplus and σ."""
    loss = BinaryCrossEntropyWithLogits()
    sign = 1 if t == 0 else -1
    with exactly():
        assert ulps(loss.value([[z]], [[t]]), softplus(sign * Decimal(z))) <= 5
        assert ulps(loss.gradient([[z]], [[t]])[0][0], sign * sigmoid(sign * Decimal(z))) <= 4


@given(rows(2, 3, magnitudes()), rows(2, 3, st.integers(0, 4).map(lambda k: k / 4)))
def test_nothing_overflows_at_any_score(z: list[list[float]], t: list[list[float]]) -> None:
    """Softmax and the cross-entropies of scores up to 1e308 are in range, and never NaN.

    -ln p is infinite only where the gap between two scores is itself beyond the floats.
    """
    softmax = Softmax()
    a = softmax.forward(z)
    assert all(0 <= p <= 1 for p in leaves(a))
    assert all(-1 <= d <= 1 for d in leaves(softmax.input_gradient(z, a, t)))
    assert BinaryCrossEntropyWithLogits().value(z, t) >= 0
    assert all(-1 <= d <= 1 for d in leaves(BinaryCrossEntropyWithLogits().gradient(z, t)))
    infinite_gap = any(max(row) - min(row) == math.inf for row in z)
    loss = SoftmaxCrossEntropy().value(z, t)
    assert loss >= 0 and (infinite_gap or loss < math.inf)
    assert all(-3 <= d <= 3 for d in leaves(SoftmaxCrossEntropy().gradient(z, t)))


def test_a_class_that_is_ruled_out_counts_for_nothing() -> None:
    """A score of -∞ has probability 0, and leaves loss and gradient of the others as they are."""
    masked, plain = [[0.5, -math.inf, -1.0]], [[0.5, -1.0]]
    t, plain_t = [[0.0, 0.0, 1.0]], [[0.0, 1.0]]
    assert Softmax().forward(masked)[0][1] == 0
    assert SoftmaxCrossEntropy().value(masked, t) == SoftmaxCrossEntropy().value(plain, plain_t)
    first, zero, second = SoftmaxCrossEntropy().gradient(masked, t)[0]
    assert zero == 0
    assert [[first, second]] == SoftmaxCrossEntropy().gradient(plain, plain_t)


@pytest.mark.parametrize(
    "activation",
    [Identity(), ReLU(), LeakyReLU(), Sigmoid(), Tanh(), Softplus(), Softmax()],
    ids=repr,
)
def test_nan_in_is_nan_out_of_an_activation(activation: Any) -> None:
    """What is not a number never becomes one; softmax mixes its row, the others do not."""
    first, second = activation.forward([[math.nan, 1.0]])[0]
    third, fourth = activation.forward([[1.0, math.nan]])[0]
    assert math.isnan(first) and math.isnan(fourth)
    mixes = isinstance(activation, Softmax)
    assert math.isnan(second) == math.isnan(third) == mixes


@pytest.mark.parametrize("t", [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
@pytest.mark.parametrize(
    "loss",
    [
        SquaredError(),
        AbsoluteError(),
        Huber(),
        BinaryCrossEntropy(),
        BinaryCrossEntropyWithLogits(),
        CrossEntropy(),
        SoftmaxCrossEntropy(),
    ],
    ids=repr,
)
@pytest.mark.parametrize("place", [0, 1])
def test_nan_in_is_nan_out_of_a_loss(loss: Any, t: list[float], place: int) -> None:
    """A prediction that is not a number has a loss and a gradient that are not, at any target."""
    y = [0.5, 0.5]
    y[place] = math.nan
    assert math.isnan(loss.value([y], [t]))
    assert math.isnan(loss.gradient([y], [t])[0][place])


def test_nan_in_is_nan_out_of_a_model() -> None:
    """A model may be asked about what is not a number, and may hold it: the answer shows it."""
    x, t = [[1.0, math.nan]], [[1.0, 1.0]]
    for weights, asked in ([[1.0, 0.0]] * 2, x), ([[math.nan, 0.0]] * 2, t):
        model = Model([FCLayer(weights, None), ReLU()])
        loss, [gradient, _] = model.gradients(asked, t)
        assert all(map(math.isnan, leaves([model.predict(asked), loss, gradient])))
