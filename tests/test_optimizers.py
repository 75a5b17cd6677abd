"""Optimizers: the update of each, restated for one parameter w with gradients g_1, g_2, ..."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from refnn import SGD, Adam, Momentum, Nesterov, Parameters, RMSProp, ShapeError
from refnn.optimizers import Optimizer
from tests.case import leaves
from tests.digits import hundred_digits, same_to_50_digits
from tests.strategies import HALF, QUARTER, decimal, names

LR, RATE, SLOW_RATE, EPSILON = HALF, QUARTER, Fraction(7, 8), Fraction(3, 16)


def sgd(w: Any, gradients: Iterable[Any]) -> Iterator[Any]:
    for g in gradients:
        w -= LR * g
        yield w


def momentum(w: Any, gradients: Iterable[Any]) -> Iterator[Any]:
    v = Fraction(0)
    for g in gradients:
        v = RATE * v + g
        w -= LR * v
        yield w


def nesterov(w: Any, gradients: Iterable[Any]) -> Iterator[Any]:
    v = Fraction(0)
    for g in gradients:
        v = RATE * v + g
        w -= LR * (g + RATE * v)
        yield w


def rmsprop(w: Any, gradients: Iterable[Any]) -> Iterator[Any]:
    lr, rho, epsilon = map(decimal, (LR, RATE, EPSILON))
    s = Decimal(0)
    for g in gradients:
        s = rho * s + (1 - rho) * g**2
        w -= lr * g / (s.sqrt() + epsilon)
        yield w


def adam(w: Any, gradients: Iterable[Any]) -> Iterator[Any]:
    lr, beta1, beta2, epsilon = map(decimal, (LR, RATE, SLOW_RATE, EPSILON))
    m = s = Decimal(0)
    for t, g in enumerate(gradients, start=1):
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g**2
        unbiased_m, unbiased_s = m / (1 - beta1**t), s / (1 - beta2**t)
        w -= lr * unbiased_m / (unbiased_s.sqrt() + epsilon)
        yield w


Formula = Callable[[Any, Iterable[Any]], Iterator[Any]]
RATIONAL: list[tuple[Optimizer, Formula]] = [
    (SGD(LR), sgd),
    (Momentum(LR, RATE), momentum),
    (Nesterov(LR, RATE), nesterov),
]
ADAPTIVE: list[tuple[Optimizer, Formula]] = [
    (RMSProp(LR, RATE, EPSILON), rmsprop),
    (Adam(LR, RATE, SLOW_RATE, EPSILON), adam),
]
KINDS: list[Any] = [SGD, Momentum, Nesterov, RMSProp, Adam]


def parameters(rng: Random, number: Callable[[Fraction], Any]) -> list[Parameters[Any]]:
    """Those of two layers of different shape: 3 x 2 with biases, 1 x 3 without."""

    def draw(width: int) -> list[Any]:
        return [number(Fraction(rng.randint(-8, 8), 4)) for _ in range(width)]

    return [Parameters([draw(2) for _ in range(3)], draw(3)), Parameters([draw(3)], None)]


def course(number: Callable[[Fraction], Any]) -> tuple[list[Any], list[list[Any]]]:
    """Where the two layers start, and 5 gradients."""
    rng = Random(1)
    return parameters(rng, number), [parameters(rng, number) for _ in range(5)]


def trajectory(optimizer: Optimizer, layers: list[Any], gradients: list[list[Any]]) -> list[Any]:
    """All parameters after each step."""
    states: list[Any] = [None for _ in layers]
    path = []
    for gradient in gradients:
        moved = [optimizer.update(*given) for given in zip(layers, gradient, states, strict=True)]
        layers, states = [layer for layer, _ in moved], [state for _, state in moved]
        path.append(leaves(layers))
    return path


def restated(formula: Formula, layers: list[Any], gradients: list[list[Any]]) -> list[Any]:
    """The same, parameter by parameter."""
    courses = zip(leaves(layers), zip(*map(leaves, gradients)), strict=True)
    return [[*after] for after in zip(*(formula(w, slopes) for w, slopes in courses))]


@pytest.mark.parametrize(("optimizer", "formula"), RATIONAL, ids=names(RATIONAL))
def test_a_rational_optimizer_follows_its_formula(optimizer: Optimizer, formula: Formula) -> None:
    """Each parameter takes the path of its own gradients, exactly."""
    start, gradients = course(Fraction)
    assert trajectory(optimizer, start, gradients) == restated(formula, start, gradients)


@pytest.mark.parametrize(("optimizer", "formula"), ADAPTIVE, ids=names(ADAPTIVE))
def test_an_adaptive_optimizer_follows_its_formula(optimizer: Optimizer, formula: Formula) -> None:
    """Each parameter takes the path of its own gradients, to 50 digits."""
    start, gradients = course(decimal)
    with hundred_digits():
        found, expected = (
            trajectory(optimizer, start, gradients),
            restated(formula, start, gradients),
        )
        assert same_to_50_digits(leaves(found), leaves(expected))


@pytest.mark.parametrize("g", [Decimal(-3), Decimal("0.001")])
def test_adams_first_step_has_no_bias(g: Decimal) -> None:
    """It is η g / (|g| + ε), whatever the rates are, as the averages are those of one gradient."""
    with hundred_digits():
        moved, _ = Adam(LR, SLOW_RATE, RATE, EPSILON).update(
            Parameters([[Decimal(1)]], None), Parameters([[g]], None)
        )
        expected = 1 - decimal(LR) * g / (abs(g) + decimal(EPSILON))
        assert same_to_50_digits(moved.weights[0], [expected])


@pytest.mark.parametrize("kind", KINDS)
def test_weight_decay_is_a_gradient_of_weights_and_not_of_biases(kind: Any) -> None:
    """A decay of λ adds λ w to the gradient of each weight: that of L + λ/2 ‖W‖²."""
    decaying, plain, decay = kind(LR, weight_decay=EPSILON), kind(LR), decimal(EPSILON)
    [layer, _], gradients = course(decimal)
    state = None
    with hundred_digits():
        for gradient, _ in gradients:
            pairs = zip(layer.weights, gradient.weights, strict=True)
            slopes = [[g + decay * w for w, g in zip(*pair, strict=True)] for pair in pairs]
            decayed, _ = decaying.update(layer, gradient, state)
            layer, state = plain.update(layer, Parameters(slopes, gradient.bias), state)
            assert same_to_50_digits(leaves(decayed), leaves(layer))


@pytest.mark.parametrize("kind", KINDS)
def test_a_learning_rate_of_0_changes_nothing(kind: Any) -> None:
    """η = 0 leaves all parameters as they are, in spite of any decay."""
    start, gradients = course(decimal)
    assert trajectory(kind(0, weight_decay=LR), start, gradients) == [leaves(start)] * 5


@pytest.mark.parametrize("kind", KINDS)
def test_an_optimizer_is_a_value(kind: Any) -> None:
    """Equal options make equal optimizers, and a path does not depend on the paths before it."""
    optimizer, (start, gradients) = kind(LR), course(float)
    first = trajectory(optimizer, start, gradients)
    assert trajectory(optimizer, start, gradients) == first
    assert optimizer == kind(LR) != kind(QUARTER)
    with pytest.raises(AttributeError):
        optimizer.lr = 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("option", ["lr", "weight_decay"])
@pytest.mark.parametrize("value", [-1, -0.5, math.inf, math.nan, Decimal("-0.1")], ids=repr)
def test_every_optimizer_refuses_a_rate_that_is_none(kind: Any, option: str, value: Any) -> None:
    """lr and weight_decay are finite and not negative."""
    message = re.escape(f"{option} is {value}, should be a finite number >= 0")
    with pytest.raises(ValueError, match=f"^{message}$"):
        kind(**{"lr": 1, option: value})


@pytest.mark.parametrize(
    ("kind", "option"),
    [(Momentum, "mu"), (Nesterov, "mu"), (RMSProp, "rho"), (Adam, "beta1"), (Adam, "beta2")],
)
def test_a_running_average_forgets(kind: Any, option: str) -> None:
    """Its rate is below 1."""
    with pytest.raises(ValueError, match=f"^{option} is 1, should be less than 1$"):
        kind(LR, **{option: 1})


@pytest.mark.parametrize("value", ["0.1", None, True], ids=repr)
def test_an_option_is_a_number(value: Any) -> None:
    """Nothing is taken for a number that is none."""
    with pytest.raises(TypeError, match=f"^lr is {value!r}, should be a number$"):
        SGD(value)


def test_a_gradient_has_the_shape_of_its_parameters() -> None:
    """ShapeError, naming both shapes, where it has not, and where a bias lacks its gradient."""
    layer = Parameters([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0])
    for gradient, what in [
        (Parameters([[1.0], [1.0]], [1.0, 1.0]), "weights is 2 x 2, their gradient is 2 x 1"),
        (Parameters([[1.0, 1.0]], [1.0, 1.0]), "weights is 2 x 2, their gradient is 1 x 2"),
        (Parameters([[1.0, 1.0]] * 3, None), "weights is 2 x 2, their gradient is 3 x 2"),
        (Parameters([[1.0, 1.0]] * 2, None), "parameters is 3 x 2, their gradient is 2 x 2"),
    ]:
        message = f"^the {what}: should be the same$"
        with pytest.raises(ShapeError, match=message):
            SGD(LR).update(layer, gradient)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_a_state_belongs_to_one_layer(kind: Any) -> None:
    """The state of a layer of another shape is refused."""
    narrow, wide = Parameters([[1.0, 2.0]], None), Parameters([[1.0, 2.0, 3.0]], None)
    _, state = kind(LR).update(narrow, narrow)
    averages = 2 if kind is Adam else 1
    shapes = f"the state is {averages} x 2, its parameters is {averages} x 3"
    with pytest.raises(ShapeError, match=f"^{shapes}: should be the same$"):
        kind(LR).update(wide, wide, state)
