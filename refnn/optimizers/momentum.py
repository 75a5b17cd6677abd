"""Gradient descent, plain and with a velocity v that carries on (η outside of it).

Polyak 1964; Nesterov 1983; in the form that PyTorch's SGD documents. Derived in docs/pages/learn:
equations (7.2), (7.3), (8.1), (8.2), (8.6).
"""

from __future__ import annotations

from dataclasses import dataclass

from refnn.optimizers.optimizer import Averages, Optimizer, Rule
from refnn.scalar import Constant, N, constant


@dataclass(frozen=True)
class SGD(Optimizer):
    """w' = w - η g."""

    def rule(self, like: N, step: int) -> Rule[N]:
        lr = constant(self.lr, like)
        return lambda w, g, _: ([a - lr * b for a, b in zip(w, g)], [])


@dataclass(frozen=True)
class Momentum(Optimizer):
    """v' = μ v + g, w' = w - η v'."""

    mu: Constant = 0.9

    averages = 1
    rates = ("mu",)

    def rule(self, like: N, step: int) -> Rule[N]:
        lr, mu = constant(self.lr, like), constant(self.mu, like)

        def row(w: list[N], g: list[N], averages: Averages[N]) -> tuple[list[N], Averages[N]]:
            v = [mu * a + b for a, b in zip(averages[0], g)]
            return [a - lr * b for a, b in zip(w, v)], [v]

        return row


@dataclass(frozen=True)
class Nesterov(Momentum):
    """v' = μ v + g, w' = w - η (g + μ v')."""

    def rule(self, like: N, step: int) -> Rule[N]:
        lr, mu = constant(self.lr, like), constant(self.mu, like)

        def row(w: list[N], g: list[N], averages: Averages[N]) -> tuple[list[N], Averages[N]]:
            v = [mu * a + b for a, b in zip(averages[0], g)]
            return [a - lr * (b + mu * c) for a, b, c in zip(w, g, v)], [v]

        return row
