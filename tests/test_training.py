"""Training: epochs of batches, each a gradient and then an update."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refnn import SGD, FCLayer, Model, Momentum, ReLU
from tests.case import Case, leaves, parameters
from tests.strategies import HALF, QUARTER, training_cases
from tests.witness import batches_seen

batch_sizes = st.integers(1, 6)


def train(case: Case, **how: Any) -> list[Any]:
    """The losses of the epochs; the case's model is trained."""
    how = {"epochs": 1, "batch_size": 2, "optimizer": SGD(QUARTER), **how}
    return case.model.train(case.x, case.t, **how).losses


def descended(
    case: Case, batch_size: int, momentum: Fraction | int = 0
) -> tuple[list[Any], Fraction]:
    """What an epoch is by hand: the parameters after it, and the sum of its samples' losses."""
    model, seen = case.model, Fraction(0)
    velocity = [Fraction(0) for _ in leaves(parameters(model))]
    for start in range(0, len(case.x), batch_size):
        x, t = case.x[start : start + batch_size], case.t[start : start + batch_size]
        loss, gradient = model.gradients(x, t)
        seen += loss * (len(x) if model.loss.batch == "mean" else 1)
        velocity = [momentum * v + g for v, g in zip(velocity, leaves(gradient), strict=True)]
        step = map(QUARTER.__mul__, velocity)
        model = model.cast(lambda w, step=step: w - next(step))
    return leaves(parameters(model)), seen


@given(training_cases(), batch_sizes)
def test_an_epoch_is_a_step_down_the_gradient_of_each_batch(case: Case, batch_size: int) -> None:
    """w' = w - η g for one batch after the other, the last one as short as it is.

    The loss of the epoch is the mean over the samples, each seen just before its update.
    """
    expected, seen = descended(case, batch_size)
    assert train(case, batch_size=batch_size) == [seen / len(case.x)]
    assert leaves(parameters(case.model)) == expected


@given(training_cases(), batch_sizes)
def test_the_loss_of_an_epoch_is_the_mean_over_its_samples(case: Case, batch_size: int) -> None:
    """With nothing learned it is the loss of the whole data, however that is cut into batches."""
    samples = len(case.x) if case.model.loss.batch == "sum" else 1
    assert (
        train(case, optimizer=SGD(0), epochs=2, batch_size=batch_size) == [case.loss / samples] * 2
    )


@given(training_cases())
def test_a_batch_larger_than_the_data_is_the_data(case: Case) -> None:
    """batch_size > N works as N does."""
    other = Case(Model(case.model.layers, case.model.loss), case.x, case.t)
    assert train(case, batch_size=100) == train(other, batch_size=len(case.x))
    assert leaves(parameters(case.model)) == leaves(parameters(other.model))


@given(training_cases())
def test_no_epochs_teach_nothing(case: Case) -> None:
    """epochs=0 leaves the layers as they are, and there is no loss to report."""
    before = list(case.model.layers)
    assert train(case, epochs=0) == []
    assert case.model.layers == before


@given(training_cases())
def test_epochs_follow_on_one_another(case: Case) -> None:
    """Two epochs of plain descent are one, and then another."""
    other = Case(Model(case.model.layers, case.model.loss), case.x, case.t)
    together = train(case, epochs=2, batch_size=5)
    assert together == train(other, batch_size=5) + train(other, batch_size=5)
    assert leaves(parameters(case.model)) == leaves(parameters(other.model))


@pytest.mark.parametrize("batch_size", [1, 2, 3, 5, 6, 7, 100])
def test_an_epoch_sees_every_sample_once_with_its_target(batch_size: int) -> None:
    """In the given order, whether the batch size divides the number of samples or not."""
    batches = batches_seen(7, epochs=2, batch_size=batch_size)
    assert [*chain(*batches)] == [*range(7)] * 2
    short = [7 % batch_size] if 7 % batch_size else []
    assert [*map(len, batches)] == ([batch_size] * (7 // batch_size) + short) * 2


def test_each_epoch_is_reported_when_it_ends() -> None:
    """on_epoch is called with 1, 2, ... and the losses of the history."""
    reports: list[tuple[int, Fraction]] = []
    model = Model([FCLayer([[HALF]], None)])
    history = model.train(
        [[HALF]],
        [[QUARTER]],
        epochs=3,
        batch_size=1,
        optimizer=SGD(QUARTER),
        on_epoch=lambda epoch, loss: reports.append((epoch, loss)),
    )
    assert reports == [*enumerate(history.losses, start=1)]


def test_the_input_gradient_of_the_first_layer_is_not_computed() -> None:
    """Nobody uses it; that of every later layer is computed once a batch."""
    asked = []

    class Counting(FCLayer[Fraction]):
        def input_gradient(self, x: Any, y: Any, dy: Any) -> Any:
            asked.append(self.outputs)
            return super().input_gradient(x, y, dy)

    layers = [Counting([[HALF]] * 3, None), ReLU(), Counting([[HALF] * 3] * 2, None)]
    Model(layers).gradients([[HALF]], [[HALF, QUARTER]])
    assert asked == [2]


def test_a_layer_is_handed_back_what_it_took_and_gave() -> None:
    """Backward gets the x and y of the forward pass of its own layer, and a dy of y's shape."""

    class Checking(FCLayer[Fraction]):
        def parameter_gradient(self, x: Any, y: Any, dy: Any) -> Any:
            assert y == self.forward(x)
            assert [*map(len, dy)] == [*map(len, y)]
            return super().parameter_gradient(x, y, dy)

    layers = [Checking([[HALF]] * 3, None), ReLU(), Checking([[HALF] * 3] * 2, [HALF] * 2)]
    Model(layers).gradients([[HALF], [QUARTER]], [[HALF, QUARTER]] * 2)


@given(training_cases())
def test_an_optimizer_remembers_nothing_between_trainings(case: Case) -> None:
    """The first step of each training starts from a velocity of 0, so it is plain descent."""
    optimizer = Momentum(QUARTER, HALF)
    for _ in range(2):
        expected, _ = descended(case, len(case.x))
        train(case, optimizer=optimizer, batch_size=len(case.x))
        assert leaves(parameters(case.model)) == expected


@given(training_cases(), batch_sizes)
def test_layers_do_not_share_the_state_of_the_optimizer(case: Case, batch_size: int) -> None:
    """Momentum moves each parameter by its own gradients alone."""
    expected, _ = descended(case, batch_size, HALF)
    train(case, optimizer=Momentum(QUARTER, HALF), batch_size=batch_size)
    assert leaves(parameters(case.model)) == expected
