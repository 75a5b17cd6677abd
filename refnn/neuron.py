"""The scalar view: a neuron takes numbers, or other neurons, and gives one number.

    z = Σ_i w_i x_i + b,    a = f(z),    δ = f'(z) da,    dw_i = δ x_i,    db = δ,    dx_i = w_i δ

A neuron that feeds several others receives the sum of what they send back. Neurons with the same
numbers are the same network as `FCLayer`s, and their gradients are the same numbers:

    x = Input(0)
    hidden = [Neuron([x], ReLU(), weights=[1], bias=0), Neuron([x], ReLU(), weights=[-1], bias=0)]
    y = Neuron(hidden, Identity(), weights=[1, 1], bias=0)
    y.forward([-3])                            # 3: the absolute value
    dx, gradients = y.backward([-3], 1)        # [-1], {neuron: Parameters([[dw_1, ...]], [db])}
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeAlias, cast

from refnn.activations import Activation
from refnn.batch import ShapeError, check_same_shape
from refnn.initializers import Glorot, Initializer
from refnn.layer import Parameters
from refnn.scalar import N, dot


@dataclass(frozen=True)
class Input:
    """The number at `position` of the sample x."""

    position: int

    def __post_init__(self) -> None:
        if isinstance(self.position, bool) or not isinstance(self.position, int):
            raise TypeError(f"position is {self.position!r}, should be a whole number")
        if self.position < 0:
            raise ValueError(f"position is {self.position}, should be 0 or more")


class Neuron(Generic[N]):
    """inputs: Input places, neurons, or numbers (constants). weights: one for each, 0 by default.

    The inputs stay; `weights` and `bias` may be replaced, which is how neurons learn.
    """

    def __init__(
        self,
        inputs: Sequence[Source[N]],
        activation: Activation,
        weights: Sequence[N] | None = None,
        bias: N | None = None,
    ) -> None:
        self.inputs = tuple(inputs)
        self.activation = activation
        self.weights = [cast(N, 0)] * len(self.inputs) if weights is None else list(weights)
        self.bias = cast(N, 0) if bias is None else bias
        if not self.inputs:
            raise ShapeError("inputs is empty, should have at least one")
        if len(self.weights) != len(self.inputs):
            raise ShapeError(
                f"weights has {len(self.weights)} numbers, inputs has {len(self.inputs)}: "
                "should be the same"
            )

    @staticmethod
    def random(
        inputs: Sequence[Source[float]],
        activation: Activation,
        rng: Random,
        initializer: Initializer | None = None,
    ) -> Neuron[float]:
        """Weights drawn by `initializer` (Glorot where none is given), bias 0."""
        weights = (initializer or Glorot())(len(inputs), 1, rng)[0]
        return Neuron(inputs, activation, weights, 0.0)

    @property
    def parameters(self) -> Parameters[N]:
        """The weights as one row, and the bias: what an optimizer updates."""
        return Parameters([self.weights], [self.bias])

    @parameters.setter
    def parameters(self, parameters: Parameters[N]) -> None:
        check_same_shape("the neuron", self.parameters.rows, "its update", parameters.rows)
        [self.weights], [self.bias] = parameters.weights, parameters.bias or []

    def forward(self, x: Sequence[N]) -> N:
        """a, the output for the sample x."""
        return self._pass(x)[self][2]

    def backward(self, x: Sequence[N], da: N) -> tuple[list[N], dict[Neuron[N], Parameters[N]]]:
        """(dx, the gradient of every neuron that takes part), for the sample x and da = ∂L/∂a."""
        passed = self._pass(x)
        dx: list[N] = [number * 0 for number in x]
        upstream: dict[Neuron[N], N] = {neuron: z * 0 for neuron, (_, z, _) in passed.items()}
        upstream[self] = da
        gradients: dict[Neuron[N], Parameters[N]] = {}
        for neuron, (values, z, a) in reversed(passed.items()):
            [[delta]] = neuron.activation.input_gradient([[z]], [[a]], [[upstream[neuron]]])
            gradients[neuron] = Parameters([[delta * value for value in values]], [delta])
            for source, weight in zip(neuron.inputs, neuron.weights, strict=True):
                if isinstance(source, Neuron):
                    upstream[source] = upstream[source] + weight * delta
                elif isinstance(source, Input):
                    dx[source.position] = dx[source.position] + weight * delta
        return dx, gradients

    def _pass(self, x: Sequence[N]) -> dict[Neuron[N], tuple[list[N], N, N]]:
        """(inputs, z, a) of every neuron that takes part, each after those that it needs."""
        passed: dict[Neuron[N], tuple[list[N], N, N]] = {}

        def value(source: Source[N]) -> N:
            if isinstance(source, Input):
                return x[source.position]
            return passed[source][2] if isinstance(source, Neuron) else source

        order = self._order()
        places = {s.position for neuron in order for s in neuron.inputs if isinstance(s, Input)}
        if places and len(x) != max(places) + 1:
            raise ShapeError(f"x has {len(x)} numbers, should have {max(places) + 1}")
        for neuron in order:
            values = [value(source) for source in neuron.inputs]
            z = dot(neuron.weights, values) + neuron.bias
            passed[neuron] = values, z, neuron.activation.forward([[z]])[0][0]
        return passed

    def _order(self) -> list[Neuron[N]]:
        """This neuron and all that feed it, each after those that it needs; without recursion."""
        order: dict[Neuron[N], None] = {}
        waiting = [self]
        while waiting:
            neuron = waiting[-1]
            missing = [s for s in neuron.inputs if isinstance(s, Neuron) and s not in order]
            if missing:
                waiting.extend(missing)
            else:
                order[waiting.pop()] = None
        return list(order)


Source: TypeAlias = Input | Neuron[N] | N
