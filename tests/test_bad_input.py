"""What does not fit is refused, with its place and both shapes, before anything has changed."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from refnn import (
    MSE,
    SGD,
    FCLayer,
    Huber,
    Identity,
    LeakyReLU,
    Model,
    ReLU,
    ShapeError,
    Sigmoid,
    Softmax,
    SquaredError,
    Tanh,
)
from tests.strategies import HALF

X, T = [[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
LAYER = FCLayer([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [0.5, 1.5, 2.5])

# (x, what is said of it): wrong wherever a batch of 2 numbers a row is asked for.
BAD_INPUTS: list[tuple[Any, type[Exception], str]] = [
    ([], ShapeError, "x is empty, should have at least one row"),
    (None, ShapeError, "x is None, should be a list of rows"),
    (3.0, ShapeError, "x is 3.0, should be a list of rows"),
    ([1.0, 2.0], ShapeError, "x[0] is 1.0, should be a row of numbers"),
    ([[], []], ShapeError, "x[0] has 0 numbers, should have 2"),
    ([[1.0], [2.0]], ShapeError, "x[0] has 1 number, should have 2"),
    ([[1.0, 2.0, 3.0]] * 2, ShapeError, "x[0] has 3 numbers, should have 2"),
    ([[1.0, 2.0], [3.0]], ShapeError, "x[1] has 1 number, should have 2"),
    ([[1.0, 2.0], ["3", 4.0]], TypeError, "x[1][0] is '3', should be a number"),
    ([[1.0, 2.0], [3.0, True]], TypeError, "x[1][1] is True, should be a number"),
    ([[None, 2.0], [3.0, 4.0]], TypeError, "x[0][0] is None, should be a number"),
    ([[1j, 2.0], [3.0, 4.0]], TypeError, "x[0][0] is 1j, should be a number"),
    ([[[1.0], 2.0], [3.0, 4.0]], TypeError, "x[0][0] is [1.0], should be a number"),
    (["ab", "cd"], TypeError, "x[0][0] is 'a', should be a number"),
]
BAD_TARGETS: list[tuple[Any, type[Exception], str]] = [
    ([], ShapeError, "t is empty, should have at least one row"),
    (T[:1], ShapeError, "x has 2 rows, t has 1: should be the same"),
    ([*T, *T], ShapeError, "x has 2 rows, t has 4: should be the same"),
    ([[1.0, 2.0]] * 2, ShapeError, "t[0] has 2 numbers, should have 3"),
    ([[1.0, 2.0, 3.0, 4.0]] * 2, ShapeError, "t[0] has 4 numbers, should have 3"),
    ([[1.0, 2.0, 3.0], [4.0]], ShapeError, "t[1] has 1 number, should have 3"),
    ([[1.0, "2", 3.0]] * 2, TypeError, "t[0][1] is '2', should be a number"),
]


def said(message: str) -> str:
    """The pattern of exactly this message."""
    return f"^{re.escape(message)}$"


def model() -> Model[float]:
    return Model([LAYER, ReLU(), FCLayer([[1.0] * 3] * 3, None), Tanh()])


def train(subject: Model[float], x: Any = X, t: Any = T, **how: Any) -> None:
    subject.train(x, t, **{"epochs": 1, "batch_size": 1, "optimizer": SGD(1), **how})


def assert_refused(error: type[Exception], message: str, *uses: Callable[[Any], Any]) -> None:
    """Each use of a model says `message`, and leaves the model as it was."""
    for use in uses:
        subject = model()
        before = deepcopy(subject)
        with pytest.raises(error, match=said(message)):
            use(subject)
        assert subject == before


@pytest.mark.parametrize(("x", "error", "message"), BAD_INPUTS, ids=repr)
def test_inputs_that_do_not_fit_are_refused(x: Any, error: type[Exception], message: str) -> None:
    """By every use of a model."""
    assert_refused(
        error,
        message,
        lambda m: m.predict(x),
        lambda m: m.evaluate(x, T),
        lambda m: m.gradients(x, T),
        lambda m: train(m, x),
    )


@pytest.mark.parametrize(("t", "error", "message"), BAD_TARGETS, ids=repr)
def test_targets_that_do_not_fit_are_refused(t: Any, error: type[Exception], message: str) -> None:
    """By every use of a model that has targets."""
    assert_refused(
        error,
        message,
        lambda m: m.evaluate(X, t),
        lambda m: m.gradients(X, t),
        lambda m: train(m, t=t),
    )


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf], ids=repr)
def test_training_data_is_finite(value: float) -> None:
    """NaN and infinities are refused, by their place, before anything is learned from them."""
    message = f"is {value}, should be a finite number"
    assert_refused(ValueError, f"x[1][0] {message}", lambda m: train(m, [X[0], [value, 1.0]]))
    assert_refused(ValueError, f"t[1][2] {message}", lambda m: train(m, t=[T[0], [1, 2, value]]))


@pytest.mark.parametrize("value", [math.nan, math.inf], ids=repr)
def test_trained_parameters_are_finite(value: float) -> None:
    """A parameter that is none is refused by its place."""
    message = f"layers[1].bias[0] is {value}, should be a finite number"
    with pytest.raises(ValueError, match=said(message)):
        train(Model([LAYER, FCLayer([[1.0] * 3] * 3, [value, 1.0, 1.0])]))


@pytest.mark.parametrize("value", [0, -1, True, 1.5, "2", None], ids=repr)
def test_a_batch_size_is_a_whole_number_of_at_least_1(value: Any) -> None:
    """Anything else is refused."""
    message = f"batch_size is {value!r}, should be a whole number >= 1"
    assert_refused(ValueError, message, lambda m: train(m, batch_size=value))


@pytest.mark.parametrize("value", [-1, True, 1.5, "2", None], ids=repr)
def test_a_number_of_epochs_is_a_whole_number_of_at_least_0(value: Any) -> None:
    """Anything else is refused."""
    message = f"epochs is {value!r}, should be a whole number >= 0"
    assert_refused(ValueError, message, lambda m: train(m, epochs=value))


def test_a_learning_rate_that_the_numbers_cannot_hold_is_refused() -> None:
    """It is not rounded."""
    message = "the constant 1/3 is not exactly a float"
    assert_refused(ValueError, message, lambda m: train(m, optimizer=SGD(HALF / 3 * 2)))


@pytest.mark.parametrize(
    ("weights", "bias", "message"),
    [
        ([], None, "weights is empty, should have at least one row"),
        ([[]], None, "weights[0] has 0 numbers, should have some"),
        ([[1.0], [1.0, 2.0]], None, "weights[1] has 2 numbers, should have 1"),
        ([1.0, 2.0], None, "weights[0] is 1.0, should be a row of numbers"),
        ([[1.0]], [1.0, 2.0], "bias has 2 numbers, should have 1"),
        ([[1.0], [2.0]], [1.0], "bias has 1 number, should have 2"),
    ],
    ids=repr,
)
def test_parameters_that_do_not_fit_make_no_layer(weights: Any, bias: Any, message: str) -> None:
    """Ragged, empty or flat weights, and a bias of another length."""
    with pytest.raises(ShapeError, match=said(message)):
        FCLayer(weights, bias)


@pytest.mark.parametrize(
    ("layers", "error", "message"),
    [
        ([], ShapeError, "layers is empty, should have at least one layer"),
        (
            [LAYER, ReLU(), FCLayer([[1.0, 2.0]], None)],
            ShapeError,
            "layers[2] takes 2 inputs, layers[0] gives 3",
        ),
        ([FCLayer([["a"]], None)], TypeError, "layers[0].weights[0][0] is 'a', should be a number"),
        (
            [ReLU(), FCLayer([[1.0], [2.0]], [1.0, None])],
            TypeError,
            "layers[1].bias[1] is None, should be a number",
        ),
    ],
    ids=repr,
)
def test_layers_that_do_not_fit_make_no_model(
    layers: Any, error: type[Exception], message: str
) -> None:
    """No layers, neighbours of different width, and parameters that are no numbers."""
    with pytest.raises(error, match=said(message)):
        Model(layers)


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda: LAYER.forward([[1.0]]), "x[0] has 1 number, should have 2"),
        (lambda: LAYER.input_gradient(X, T, X), "dy[0] has 2 numbers, should have 3"),
        (lambda: LAYER.parameter_gradient(T, T, T), "x[0] has 3 numbers, should have 2"),
        (lambda: LAYER.parameter_gradient(X, T, X), "dy[0] has 2 numbers, should have 3"),
        (
            lambda: LAYER.parameter_gradient(X, T, T[:1]),
            "x has 2 rows, dy has 1: should be the same",
        ),
        *(
            (
                lambda activation=activation: activation.input_gradient(X, X, T),
                "x is 2 x 2, dy is 2 x 3: should be the same",
            )
            for activation in (Identity(), ReLU(), LeakyReLU(), Sigmoid())
        ),
        (lambda: Sigmoid().input_gradient(X, T, X), "y is 2 x 3, dy is 2 x 2: should be the same"),
        (lambda: Softmax().input_gradient(X, X, T), "y is 2 x 2, dy is 2 x 3: should be the same"),
        (lambda: MSE().value(X, T), "y is 2 x 2, t is 2 x 3: should be the same"),
        (lambda: MSE().gradient(T[:1], T), "y is 1 x 3, t is 2 x 3: should be the same"),
        (lambda: MSE().value([], []), "y is empty, should have at least one row"),
        (lambda: MSE().value([[1.0], [1.0, 2.0]], T), "y[1] has 2 numbers, should have 1"),
    ],
)
def test_a_part_refuses_rows_that_do_not_fit(use: Callable[[], Any], message: str) -> None:
    """Layers and losses used by themselves broadcast nothing and cut nothing off."""
    with pytest.raises(ShapeError, match=said(message)):
        use()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SquaredError(1, "max"), "batch is 'max', should be 'mean' or 'sum'"),
        (lambda: Huber(1, "mean", "none"), "outputs is 'none', should be 'mean' or 'sum'"),
        (lambda: Huber(0), "delta is 0, should be greater than 0"),
        (lambda: Huber(math.nan), "delta is nan, should be greater than 0"),
    ],
)
def test_a_loss_states_a_reduction_that_there_is(make: Callable[[], Any], message: str) -> None:
    """A mean or a sum, and a kink that is one."""
    with pytest.raises(ValueError, match=said(message)):
        make()


def test_an_activation_has_no_parameters_to_replace() -> None:
    """It says so by its name."""
    with pytest.raises(TypeError, match=said("ReLU has no parameters")):
        ReLU().with_parameters(LAYER.parameters)
