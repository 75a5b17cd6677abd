"""Layers are values: nothing that a model is asked to do changes what it was given."""

from __future__ import annotations

from copy import deepcopy
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given

from refnn import (
    SGD,
    AbsoluteError,
    Adam,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    FCLayer,
    Huber,
    Identity,
    LeakyReLU,
    Model,
    Momentum,
    Parameters,
    ReLU,
    Sigmoid,
    Softmax,
    SoftmaxCrossEntropy,
    Softplus,
    SquaredError,
    Tanh,
)
from tests.case import Case, leaves, parameters
from tests.strategies import HALF, QUARTER, cases, training_cases

ACTIVATIONS = [Identity, ReLU, LeakyReLU, Sigmoid, Tanh, Softplus, Softmax]
LOSSES = [
    SquaredError,
    AbsoluteError,
    Huber,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    SoftmaxCrossEntropy,
]


@given(cases())
def test_asking_changes_nothing(case: Case) -> None:
    """Predictions, losses and gradients leave layers, inputs and targets as they were."""
    before = deepcopy(case)
    case.model.predict(case.x)
    case.model.evaluate(case.x, case.t)
    case.model.gradients(case.x, case.t)
    assert case == before


@given(cases())
def test_the_same_question_has_the_same_answer(case: Case) -> None:
    """Whatever is asked in between, about other rows and other targets."""

    def answers() -> tuple[Any, ...]:
        return case.model.predict(case.x), case.loss, case.model.gradients(case.x, case.t)

    before = answers()
    other = [[number + 1 for number in row] for row in [*case.x, case.x[0]]]
    case.model.predict(other)
    case.model.gradients(other, [*case.t, case.t[0]])
    assert answers() == before


@given(cases())
def test_an_answer_is_the_callers_own(case: Case) -> None:
    """Editing predictions and gradients changes neither the model nor its inputs."""
    before = deepcopy(case)
    overwrite(case.model.predict(case.x))
    for gradient in case.model.gradients(case.x, case.t)[1]:
        if gradient is not None:
            overwrite(gradient.rows)
    assert case == before


def overwrite(rows: list[list[Any]]) -> None:
    for row in rows:
        row[:] = ["overwritten"] * len(row)


@given(training_cases())
def test_training_changes_the_model_alone(case: Case) -> None:
    """The caller's lists and the layer objects that the model had before stay as they were."""
    layers = list(case.model.layers)
    before = deepcopy((layers, case.x, case.t))
    case.model.train(
        case.x, case.t, epochs=1, batch_size=2, optimizer=Momentum(QUARTER), shuffle=Random(1)
    )
    assert (layers, case.x, case.t) == before


@given(training_cases())
def test_an_update_changes_nothing_that_it_was_given(case: Case) -> None:
    """Parameters, gradient and state go in; new ones come out."""
    layer, optimizer = case.model.layers[0], Momentum(QUARTER, HALF, weight_decay=HALF)
    gradient = Parameters(layer.parameters.weights, layer.parameters.bias)
    _, state = optimizer.update(layer.parameters, gradient)
    before = deepcopy((layer, gradient, state))
    optimizer.update(layer.parameters, gradient, state)
    assert (layer, gradient, state) == before


def test_a_layer_copies_its_parameters() -> None:
    """Later changes to the lists that it was made from are not seen."""
    weights, bias = [[HALF, QUARTER]], [HALF]
    made = FCLayer(weights, bias)
    remade = made.with_parameters(Parameters(weights, bias))
    overwrite([*weights, bias])
    assert made == remade == FCLayer([[HALF, QUARTER]], [HALF])


@pytest.mark.parametrize(
    "value",
    [FCLayer([[HALF]], None), *(kind() for kind in ACTIVATIONS + LOSSES)],
    ids=repr,
)
def test_layers_and_losses_cannot_be_changed(value: Any) -> None:
    """None of their attributes can be set, none added."""
    for name in (*vars(value), "new"):
        with pytest.raises(AttributeError):
            setattr(value, name, 1)


def test_a_model_copies_its_list_of_layers() -> None:
    """Later changes to the list are not seen, and training one model leaves another alone."""
    layers: list[Any] = [FCLayer([[HALF]], None)]
    first, second = Model(layers), Model(layers)
    layers.append(Identity())
    first.train([[HALF]], [[HALF]], epochs=1, batch_size=1, optimizer=SGD(QUARTER))
    assert second.layers == [FCLayer([[HALF]], None)]
    assert first.layers != second.layers


def test_models_do_not_share_an_optimizers_memory() -> None:
    """One optimizer trains two models as two optimizers would."""

    def trained(optimizer: Adam) -> list[float]:
        model = Model([FCLayer([[0.5, -0.25]], [1.0])])
        model.train([[1.0, 2.0]], [[3.0]], epochs=3, batch_size=1, optimizer=optimizer)
        return leaves(parameters(model))

    shared = Adam(0.125)
    assert trained(shared) == trained(shared) == trained(Adam(0.125))


def test_a_cast_model_is_another_model() -> None:
    """model.cast gives new layers of other numbers; the old ones stay."""
    model = Model([FCLayer([[0.5]], [0.25]), Identity()])
    exact = model.cast(Fraction)
    assert exact.layers == [FCLayer([[HALF]], [QUARTER]), Identity()]
    assert model.layers == [FCLayer([[0.5]], [0.25]), Identity()]
    assert {*map(type, leaves(parameters(exact)))} == {Fraction}
    assert {*map(type, leaves(parameters(model)))} == {float}
