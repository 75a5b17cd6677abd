"""The scalar view: a graph of neurons is the network of layers with the same numbers."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refnn import SGD, Dual, FCLayer, Identity, Input, Model, Neuron, ReLU, ShapeError, Tanh
from refnn.backpropagation import trace
from refnn.initializers import Uniform
from refnn.layer import Parameters
from tests.case import Case
from tests.gradients import reverse_gradient
from tests.strategies import cases, quarters


def as_neurons(case: Case) -> list[Neuron[Fraction]]:
    """The output neurons of the graph with the numbers of the case's layers; all fan out."""
    sources = [Input(i) for i in range(len(case.x[0]))]
    layers = iter(case.model.layers)
    for dense, activation in zip(layers, layers):
        bias = dense.bias or [Fraction(0)] * dense.outputs
        sources = [
            Neuron(sources, activation, w, b) for w, b in zip(dense.weights, bias, strict=True)
        ]
    return sources


@given(cases(samples=1))
def test_neurons_compute_what_layers_compute(case: Case) -> None:
    outputs = [neuron.forward(case.x[0]) for neuron in as_neurons(case)]
    assert outputs == case.model.predict(case.x)[0]


@given(cases(samples=1))
def test_neurons_have_the_gradients_of_layers(case: Case) -> None:
    """A neuron before the outputs feeds all of them, so what they send back must add up there."""
    [dy] = case.model.loss.gradient(trace(case.model.layers, case.x)[-1], case.t)
    outputs = as_neurons(case)
    whole = Neuron(outputs, Identity(), dy, Fraction(0))
    dx, gradients = whole.backward(case.x[0], Fraction(1))
    del gradients[whole]
    _, expected = case.model.gradients(case.x, case.t)
    rows = [row for layer in expected if layer for row in layer.weights]
    biases = [b for layer in expected if layer for b in layer.bias or []]
    assert sorted(g.weights[0] for g in gradients.values()) == sorted(rows)
    if biases:
        assert sorted(g.bias[0] for g in gradients.values()) == sorted(biases)
    assert dx == reverse_gradient(case)[-len(dx) :]


@given(st.lists(quarters(-9, 9), min_size=8, max_size=8))
def test_a_neuron_that_feeds_several_others_receives_their_sum(v: list[Fraction]) -> None:
    """Equal to the dual derivative in a graph with fan-out and a connection that skips a layer."""

    def graph(w: object) -> Neuron[object]:
        shared = Neuron([Input(0), Input(1)], ReLU(), [w, v[1]], v[2])
        left = Neuron([shared], ReLU(), [v[3]], v[4])
        right = Neuron([shared, left], Identity(), [v[5], v[6]], v[7])
        return Neuron([left, right, shared, Fraction(1, 2)], Identity(), [1, 1, 1, 1], 0)

    x = [Fraction(3, 4), Fraction(-1, 4)]
    y = graph(v[0])
    dx, gradients = y.backward(x, Fraction(1))
    shared = y.inputs[2]
    by_dual = graph(Dual(v[0], Fraction(1))).forward(x)
    assert gradients[shared].weights[0][0] == by_dual.tangent
    seeds = [[Dual(x[0], Fraction(1)), x[1]], [x[0], Dual(x[1], Fraction(1))]]
    assert dx == [graph(v[0]).forward(seed).tangent for seed in seeds]


def test_new_data_reaches_every_neuron() -> None:
    chain = Neuron([Neuron([Input(0)], ReLU(), [2], 0)], Identity(), [3], 1)
    assert [chain.forward([x]) for x in (1, 2, -1)] == [7, 13, 1]


def test_neurons_learn_by_replaced_parameters() -> None:
    neuron = Neuron([Input(0)], Identity(), [Fraction(1)], Fraction(0))
    _, gradients = neuron.backward([Fraction(2)], Fraction(1))
    neuron.parameters, _ = SGD(Fraction(1, 4)).update(neuron.parameters, gradients[neuron])
    assert (neuron.weights, neuron.bias) == ([Fraction(1, 2)], Fraction(-1, 4))


def test_a_random_neuron_is_a_random_layer_of_one() -> None:
    neuron = Neuron.random([Input(0), Input(1)], Tanh(), Random(1), Uniform(0, 1))
    layer = FCLayer.random(2, 1, Random(1), Uniform(0, 1))
    assert neuron.parameters == layer.parameters
    assert Neuron.random([Input(0)], Tanh(), Random(1)).bias == 0


def test_without_numbers_a_neuron_starts_at_zero() -> None:
    assert Neuron([Input(0), Input(1)], Identity()).forward([2, 3]) == 0


def test_depth_needs_no_recursion() -> None:
    neuron = Neuron([Input(0)], Identity(), [1], 1)
    for _ in range(5000):
        neuron = Neuron([neuron], Identity(), [1], 1)
    assert neuron.forward([0]) == 5001
    assert neuron.backward([0], 1)[0] == [1]


def test_misfits_are_named() -> None:
    with pytest.raises(ShapeError, match="inputs is empty, should have at least one"):
        Neuron([], ReLU())
    with pytest.raises(ShapeError, match=r"weights has 2 numbers, inputs has 1"):
        Neuron([Input(0)], ReLU(), [1, 2])
    with pytest.raises(ShapeError, match=r"x has 3 numbers, should have 2"):
        Neuron([Input(0), Input(1)], ReLU(), [1, 2], 0).forward([1, 2, 3])


def test_a_network_of_neurons_is_a_model() -> None:
    hidden = Neuron([Input(0)], ReLU(), [0.5], 0.25)
    output = Neuron([hidden], Identity(), [2.0], 0.0)
    model = Model([FCLayer(*hidden.parameters), ReLU(), FCLayer(*output.parameters)])
    assert model.predict([[3.0]]) == [[output.forward([3.0])]]


@pytest.mark.parametrize(("position", "error"), [(-1, ValueError), (True, TypeError)])
def test_an_input_has_a_place(position: int, error: type[Exception]) -> None:
    with pytest.raises(error, match=f"^position is {position}, should be "):
        Input(position)


def test_parameters_that_do_not_fit_change_nothing() -> None:
    neuron = Neuron([Input(0)], Identity(), weights=[1], bias=2)
    with pytest.raises(ShapeError, match=r"^the neuron is 2 x 1, its update is 1 x 1"):
        neuron.parameters = Parameters([[5]], None)
    assert neuron.parameters == Parameters([[1]], [2])
