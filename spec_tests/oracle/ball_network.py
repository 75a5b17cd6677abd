"""What any correct implementation may deviate: one forward and one backward pass on balls.

Only radii are taken from here. The numbers in the middle come from `forward`, on other grounds;
that both agree is one of the suite's own tests.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from refnn.activations.smooth import sigmoid, softplus
from spec_tests.cases.case import Case
from spec_tests.oracle.ball import Arithmetic, Ball, exactly, is_positive

Balls = list[Ball]
Parameters = tuple[list[Balls], Balls | None]


class Gradients(NamedTuple):
    weights: list[list[Balls]]
    bias: list[Balls]
    inputs: list[Balls]


def exact_parameters(case: Case) -> list[Parameters]:
    """Those of the case, as they were handed over."""
    return [
        (
            [exactly(row) for row in layer.weights],
            None if layer.bias is None else exactly(layer.bias),
        )
        for layer in case.dense
    ]


class BallNetwork:
    """The network of a case, on balls, in the format of the implementation.

    `parameters` are balls where training has moved them from those of the case.
    """

    def __init__(
        self,
        case: Case,
        arithmetic: Arithmetic,
        alpha: float,
        parameters: Sequence[Parameters] | None = None,
    ) -> None:
        self.case = case
        self.arithmetic = arithmetic
        self.alpha = alpha
        own = parameters if parameters is not None else exact_parameters(case)
        self.weights = [weights for weights, _ in own]
        self.a: list[list[Balls]] = [[exactly(row) for row in case.inputs]]
        self.z: list[list[Balls]] = []
        for layer, (weights, bias) in zip(case.dense, own, strict=True):
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
                return z if is_positive(z) else Ball(0.0, 0.0)
            case "leaky_relu":
                return z if is_positive(z) else ar.product(ar.constant(self.alpha), z)
            case "sigmoid":
                return ar.function(sigmoid(m), 0.25, z)
            case "tanh":
                return ar.function(math.tanh(m), 1, z)
        return ar.function(softplus(m), 1, z)

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
        ar, one = self.arithmetic, Ball(1.0, 0.0)
        match name:
            case "identity":
                return one
            case "relu" | "leaky_relu":
                below = Ball(0.0, 0.0) if name == "relu" else ar.constant(self.alpha)
                return one if is_positive(z) else below
            case "sigmoid":
                return ar.product(a, ar.difference(one, a))
            case "tanh":
                # Of 4 σ(2z) σ(-2z) each factor is off by its ulps, and both add up to 4; 1 - a² and
                # 1 / cosh² z lose half of that. None is steeper than 2 |a|.
                inherited = 2 * a.most * z.radius
                return ar.rounded(1 - a.middle * a.middle, inherited, 4 * ar.ulps + 3, 1)
        # Of 1 - e^-a both a and the power are off by their ulps.
        return ar.rounded(sigmoid(z.middle), 0.25 * z.radius, 2 * ar.ulps + 1, 1)

    def backward(self, dy: Sequence[Balls]) -> Gradients:
        ar = self.arithmetic
        d = list(dy)
        weights: list[list[Balls]] = []
        bias: list[Balls] = []
        for i in range(len(self.case.dense) - 1, -1, -1):
            name = self.case.dense[i].activation
            rows = zip(self.z[i], self.a[i + 1], d, strict=True)
            d = [self._back(name, z, a, da) for z, a, da in rows]
            delta, x = list(zip(*d, strict=True)), list(zip(*self.a[i], strict=True))
            weights.insert(0, [[ar.dot(dj, xi) for xi in x] for dj in delta])
            bias.insert(0, [ar.total(dj) for dj in delta])
            columns = list(zip(*self.weights[i], strict=True))
            d = [[ar.dot(row, w) for w in columns] for row in d]
        return Gradients(weights, bias, d)
