"""What any correct implementation may deviate: one forward and one backward pass on balls.

Only radii are taken from here. The numbers in the middle come from `forward`, on other grounds;
that both agree is one of the suite's own tests.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from refnn.activations.smooth import sigmoid, softplus
from spec_tests.cases.case import Case, Dense
from spec_tests.oracle.ball import Arithmetic, Ball, exactly, is_positive

Balls = list[Ball]
Parameters = tuple[list[Balls], Balls | None]
NOTHING, ONE = Ball(0.0, 0.0), Ball(1.0, 0.0)


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

    `exact` says that nothing rounds in it: then a unit may be on its kink, with the slope that
    `at_zero` declares. `parameters` are balls where training has moved them from those of the case.
    """

    def __init__(
        self,
        case: Case,
        arithmetic: Arithmetic,
        alpha: float,
        at_zero: Mapping[str, float],
        parameters: Sequence[Parameters],
        exact: bool = False,
    ) -> None:
        self.case = case
        self.arithmetic = arithmetic
        self.alpha = alpha
        self.at_zero = at_zero
        self.parameters = parameters
        self.exact = exact
        self.a: list[list[Balls]] = [[exactly(row) for row in case.inputs]]
        self.z: list[list[Balls]] = []
        for layer, (weights, bias) in zip(case.dense, parameters, strict=True):
            extra = [[b] for b in bias] if bias else [[]] * len(weights)
            z = [
                [arithmetic.dot(w, row, b) for w, b in zip(weights, extra, strict=True)]
                for row in self.a[-1]
            ]
            self.z.append(z)
            self.a.append([self._activate(layer.activation, row) for row in z])

    def _activate(self, name: str, z: Balls) -> Balls:
        if name == "softmax":
            return self.arithmetic.softmax(z)
        return [self._activate_one(name, ball) for ball in z]

    def _activate_one(self, name: str, z: Ball) -> Ball:
        m, ar = z.middle, self.arithmetic
        match name:
            case "identity":
                return z
            case "relu":
                return z if self._side(z) > 0 else NOTHING
            case "leaky_relu":
                return z if self._side(z) > 0 else ar.product(ar.constant(self.alpha), z)
            case "sigmoid":
                return ar.function(sigmoid(m), 0.25, z)
            case "tanh":
                return ar.function(math.tanh(m), 1, z)
        return ar.function(softplus(m), 1, z)

    def _side(self, z: Ball) -> int:
        """On which side of its kink a unit is; 0: on it. Raises Kink where rounding decides."""
        if self.exact and z.middle == 0:
            return 0
        return 1 if is_positive(z) else -1

    def _back(self, name: str, z: Balls, a: Balls, da: Balls) -> Balls:
        ar = self.arithmetic
        if name == "softmax":
            mean = ar.dot(a, da)
            dz = [ar.product(p, ar.difference(d, mean)) for p, d in zip(a, da, strict=True)]
            # In Σ_j (p_k p_j) d_j it is p_k p_j that may underflow, and d_j may be large.
            lost = ar.tiny * sum(d.most for d in da)
            return [ar.rounded(d.middle, d.radius + lost, 0, 0) for d in dz]
        return [
            ar.product(self._slope(name, ball, y), d) for ball, y, d in zip(z, a, da, strict=True)
        ]

    def _slope(self, name: str, z: Ball, a: Ball) -> Ball:
        """f'(z), as it is computed from a or from z, whichever is less precise."""
        ar = self.arithmetic
        match name:
            case "identity":
                return ONE
            case "relu" | "leaky_relu":
                side = self._side(z)
                below = 0.0 if name == "relu" else self.alpha
                return ONE if side > 0 else ar.constant(below if side else self.at_zero[name])
            case "sigmoid":
                return ar.product(a, ar.difference(ONE, a))
            case "tanh":
                # Of 4 σ(2z) σ(-2z) each factor is off by its ulps, and both add up to 4; 1 - a² and
                # 1 / cosh² z lose half of that, and round three times. None is steeper than 2 |a|.
                inherited = 2 * a.most * z.radius
                return ar.rounded(
                    1 - a.middle * a.middle, inherited, 4 * ar.ulps + 3, 1 + inherited
                )
        # Of 1 - e^-a both a and the power are off by their ulps, and the difference rounds.
        inherited = 0.25 * z.radius
        return ar.rounded(sigmoid(z.middle), inherited, 2 * ar.ulps + 1, 1 + inherited)

    def backward(self, dy: Sequence[Balls]) -> Deltas:
        """∂L/∂z of every layer, from ∂L/∂y."""
        d = list(dy)
        layers: list[list[Balls]] = []
        for i in range(len(self.case.dense) - 1, -1, -1):
            name = self.case.dense[i].activation
            rows = zip(self.z[i], self.a[i + 1], d, strict=True)
            d = [self._back(name, z, a, da) for z, a, da in rows]
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
