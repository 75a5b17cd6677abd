"""What any correct implementation may deviate: one forward and one backward pass on balls.

Only radii are taken from here. The numbers in the middle come from `forward`, on other grounds;
that both agree is one of the suite's own tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from spec_tests.cases.case import Case, Dense
from spec_tests.formulas.activation_functions import ACTIVATIONS, ONE, Balls, Units
from spec_tests.formulas.ball import Arithmetic, Ball, exactly

Parameters = tuple[list[Balls], Balls | None]


class Deltas(NamedTuple):
    """∂L/∂z of each layer, and ∂L/∂x, row by row."""

    layers: list[list[Balls]]
    inputs: list[Balls]


def handed_over(dense: Sequence[Dense]) -> list[Parameters]:
    """The parameters, which everybody holds as they are."""
    return _parameters(dense, 0.0)


def shown(dense: Sequence[Dense], arithmetic: Arithmetic) -> list[Parameters]:
    """The parameters that were shown after training.

    What is held may have more digits, of which these are the rounding.
    """
    return _parameters(dense, arithmetic.u)


def _parameters(dense: Sequence[Dense], share: float) -> list[Parameters]:
    def row(numbers: Sequence[float]) -> Balls:
        return [Ball(number, share * abs(number)) for number in numbers]

    return [
        ([row(w) for w in layer.weights], None if layer.bias is None else row(layer.bias))
        for layer in dense
    ]


class BallNetwork:
    """The network of a case, on balls, in the format of the implementation.

    `parameters` are balls where training has moved them from those of the case.
    """

    def __init__(self, case: Case, units: Units, parameters: Sequence[Parameters]) -> None:
        self.case = case
        self.units = units
        self.arithmetic = arithmetic = units.arithmetic
        self.parameters = parameters
        self.a: list[list[Balls]] = [[exactly(row) for row in case.inputs]]
        self.z: list[list[Balls]] = []
        for layer, (weights, bias) in zip(case.dense, parameters, strict=True):
            extra = [[b] for b in bias] if bias else [[]] * len(weights)
            z = [
                [arithmetic.dot(w, row, b) for w, b in zip(weights, extra, strict=True)]
                for row in self.a[-1]
            ]
            self.z.append(z)
            activation = ACTIVATIONS[layer.activation]
            self.a.append([activation.balls(self.units, row) for row in z])

    def backward(self, dy: Sequence[Balls]) -> Deltas:
        """∂L/∂z of every layer, from ∂L/∂y."""
        d = list(dy)
        layers: list[list[Balls]] = []
        for i in range(len(self.case.dense) - 1, -1, -1):
            activation = ACTIVATIONS[self.case.dense[i].activation]
            rows = zip(self.z[i], self.a[i + 1], d, strict=True)
            d = [activation.back(self.units, z, a, da) for z, a, da in rows]
            layers.insert(0, d)
            columns = list(zip(*self.parameters[i][0], strict=True))
            d = [[self.arithmetic.dot(row, w) for w in columns] for row in d]
        return Deltas(layers, d)

    def gradients(self, deltas: Deltas) -> list[tuple[list[Balls], Balls]]:
        """[(dW, db), ...]: Σ_b δ_b x_bᵀ and Σ_b δ_b."""
        ar, found = self.arithmetic, []
        for rows, inputs in zip(deltas.layers, self.a, strict=False):
            delta, x = list(zip(*rows, strict=True)), list(zip(*inputs, strict=True))
            weights = [[ar.dot(dj, xi) for xi in x] for dj in delta]
            found.append((weights, [ar.total(dj) for dj in delta]))
        return found

    def descended(self, deltas: Deltas, rate: float) -> list[Parameters]:
        """The parameters after a step with that learning rate."""
        ar, moved = self.arithmetic, []
        eta, ones = ar.constant(rate), [ONE] * len(self.case.inputs)
        layers = zip(self.parameters, deltas.layers, self.a, strict=False)
        for (weights, bias), rows, inputs in layers:
            delta, x = list(zip(*rows, strict=True)), list(zip(*inputs, strict=True))
            w = [
                [ar.descended(w, eta, dj, xi) for w, xi in zip(row, x, strict=True)]
                for row, dj in zip(weights, delta, strict=True)
            ]
            b = bias and [ar.descended(b, eta, dj, ones) for b, dj in zip(bias, delta, strict=True)]
            moved.append((w, b))
        return moved
