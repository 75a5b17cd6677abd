"""The same training step on micrograd (PyPI, 0.1.0), where every number is a node of a graph."""

from __future__ import annotations

from typing import Any

from benchmarks.problem import Dense, Problem

try:
    from micrograd.engine import Value
    from micrograd.nn import MLP
except ImportError:
    INSTALLED = False
else:
    INSTALLED = True

MISSING = "micrograd is not installed, so it does not take part: pip install micrograd"


def build(network: list[Dense]) -> Any:
    """micrograd's MLP (ReLU in all layers but the last) with the numbers of `network`."""
    perceptron = MLP(len(network[0][0][0]), [len(bias) for _, bias in network])
    for layer, (weights, bias) in zip(perceptron.layers, network):
        for neuron, row, b in zip(layer.neurons, weights, bias):
            neuron.b.data = b
            for value, w in zip(neuron.w, row):
                value.data = w
    return perceptron


def network_of(perceptron: Any) -> list[Dense]:
    """The weights and biases of an MLP, as plain numbers."""
    return [
        (
            [[w.data for w in neuron.w] for neuron in layer.neurons],
            [neuron.b.data for neuron in layer.neurons],
        )
        for layer in perceptron.layers
    ]


def step(perceptron: Any, problem: Problem) -> None:
    """One step of gradient descent on the whole batch, in place."""
    errors = []
    for x, t in zip(problem.inputs, problem.targets):
        y = perceptron([Value(v) for v in x])
        outputs = y if isinstance(y, list) else [y]
        errors.append(sum((a - b) ** 2 for a, b in zip(outputs, t)))
    one = problem.learning_rate / problem.learning_rate
    loss = sum(errors) * (one / (len(problem.inputs) * len(problem.targets[0])))
    perceptron.zero_grad()
    loss.backward()
    for parameter in perceptron.parameters():
        parameter.data -= problem.learning_rate * parameter.grad
