"""A problem: a network, a batch and a learning rate, drawn once, for all contestants alike.

Every number is a multiple of a power of two, so the same problem can be written in floats, for the
clock, or in fractions, to check that contestants agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any, TypeAlias

from refnn import FCLayer, Model, ReLU
from refnn.layer import Layer

# A dense layer as contestants know it: weights (outputs x inputs) and bias.
Dense: TypeAlias = tuple[list[list[Any]], list[Any]]

LEARNING_RATE = Fraction(1, 64)
GRID = 256


@dataclass(frozen=True)
class Problem:
    """A network of fully connected layers with ReLU between them, and one batch to train it on."""

    network: list[Dense]
    inputs: list[list[Any]]
    targets: list[list[Any]]
    learning_rate: Any


def draw(widths: tuple[int, ...], batch: int, number: type = float, seed: int = 0) -> Problem:
    """Weights in ±1/√inputs, targets and biases in ±1/2, inputs in ±1, as `number`s."""
    rng = Random(seed)

    def row(length: int, scale: float) -> list[Any]:
        return [number(round(rng.uniform(-scale, scale) * GRID) / GRID) for _ in range(length)]

    network = [
        ([row(inputs, inputs**-0.5) for _ in range(outputs)], row(outputs, 0.5))
        for inputs, outputs in pairwise(widths)
    ]
    inputs = [row(widths[0], 1) for _ in range(batch)]
    targets = [row(widths[-1], 0.5) for _ in range(batch)]
    return Problem(network, inputs, targets, number(LEARNING_RATE))


def reference(network: list[Dense]) -> Model[Any]:
    """The same network as a refnn.Model, with the mean squared error."""
    layers: list[Layer[Any]] = []
    for weights, bias in network:
        layers += [FCLayer(weights, bias), ReLU()]
    return Model(layers[:-1])


def network_of(model: Model[Any]) -> list[Dense]:
    """The weights and biases of a model's dense layers."""
    found = [layer.parameters for layer in model.layers]
    return [(p.weights, p.bias) for p in found if p is not None and p.bias is not None]
