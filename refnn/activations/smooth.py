"""Smooth elementwise activations, given by f(z) and f'(z).

Derived in docs/pages/learn: equations (2.10) to (2.16).
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

from refnn.activations.activation import Activation
from refnn.batch import Rows, check_rows, check_same_shape
from refnn.scalar import N, exp, expm1, log1p, pivot


class Smooth(Activation):
    """An elementwise activation given by f(z) and f'(z); a = f(z) is there to be used again."""

    @abstractmethod
    def function(self, z: N) -> N: ...

    @abstractmethod
    def derivative(self, z: N, a: N) -> N: ...

    def forward(self, x: Rows[N]) -> list[list[N]]:
        check_rows("x", x)
        return [[self.function(z) for z in row] for row in x]

    def input_gradient(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> list[list[N]]:
        check_same_shape("x", x, "dy", dy)
        check_same_shape("y", y, "dy", dy)
        return [
            [self.derivative(z, a) * d for z, a, d in zip(*rows, strict=True)]
            for rows in zip(x, y, dy, strict=True)
        ]


def sigmoid(z: N) -> N:
    """σ(z) = 1 / (1 + e^-z), by the form whose exponent is negative."""
    if pivot(z) >= 0:
        return 1 / (1 + exp(-z))
    e = exp(z)
    return e / (1 + e)


def softplus(z: N) -> N:
    """ln(1 + e^z), by the form whose exponent is negative. Its derivative is σ(z)."""
    if pivot(z) >= 0:
        return z + log1p(exp(-z))
    return log1p(exp(z))


@dataclass(frozen=True)
class Sigmoid(Smooth):
    """a = σ(z). a' = σ(z) (1 - σ(z)) = σ(z) σ(-z).

    The logistic function (Verhulst 1838). The last form keeps the tail where σ(z) rounds to 1.
    """

    def function(self, z: N) -> N:
        return sigmoid(z)

    def derivative(self, z: N, a: N) -> N:
        return a * sigmoid(-z)


@dataclass(frozen=True)
class Tanh(Smooth):
    """a = tanh z = ±(1 - e^-2|z|) / (1 + e^-2|z|). a' = 1 - a² = 4 σ(2z) σ(-2z).

    (For networks: LeCun et al., Efficient BackProp, 1998.)
    """

    def function(self, z: N) -> N:
        if pivot(z) >= 0:
            m = expm1(-2 * z)
            return -m / (m + 2)
        m = expm1(2 * z)
        return m / (m + 2)

    def derivative(self, z: N, a: N) -> N:
        return 4 * sigmoid(2 * z) * sigmoid(-2 * z)


@dataclass(frozen=True)
class Softplus(Smooth):
    """a = ln(1 + e^z). a' = σ(z).

    (Dugas et al. 2001.)
    """

    def function(self, z: N) -> N:
        return softplus(z)

    def derivative(self, z: N, a: N) -> N:
        return sigmoid(z)
