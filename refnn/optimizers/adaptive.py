"""Optimizers with a step size for each parameter, from the running mean s of its squared gradient.

    RMSProp  s' = ρ s + (1 - ρ) g²          Tieleman & Hinton 2012
    Adam     m' = β₁ m + (1 - β₁) g         Kingma & Ba 2015
             s' = β₂ s + (1 - β₂) g²
             m̂ = m' / (1 - β₁ᵗ), ŝ = s' / (1 - β₂ᵗ): without the bias of starting at 0

ε stands outside the root. Derived in docs/pages/learn: equations (8.7) to (8.15).
"""

from __future__ import annotations

from dataclasses import dataclass

from refnn.optimizers.optimizer import Averages, Optimizer, Rule
from refnn.scalar import Constant, N, constant, power, sqrt


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """s' = ρ s + (1 - ρ) g², w' = w - η g / (√s' + ε)."""

    rho: Constant = 0.9
    epsilon: Constant = 1e-8

    averages = 1
    rates = ("rho",)

    def rule(self, like: N, step: int) -> Rule[N]:
        lr, rho, epsilon = (constant(c, like) for c in (self.lr, self.rho, self.epsilon))

        def row(w: list[N], g: list[N], averages: Averages[N]) -> tuple[list[N], Averages[N]]:
            s = [rho * a + (1 - rho) * b * b for a, b in zip(averages[0], g)]
            return [a - lr * b / (sqrt(c) + epsilon) for a, b, c in zip(w, g, s)], [s]

        return row


@dataclass(frozen=True)
class Adam(Optimizer):
    """m' = β₁ m + (1 - β₁) g, s' = β₂ s + (1 - β₂) g², w' = w - η m̂ / (√ŝ + ε)."""

    beta1: Constant = 0.9
    beta2: Constant = 0.999
    epsilon: Constant = 1e-8

    averages = 2
    rates = ("beta1", "beta2")

    def rule(self, like: N, step: int) -> Rule[N]:
        lr, epsilon = constant(self.lr, like), constant(self.epsilon, like)
        beta1, beta2 = constant(self.beta1, like), constant(self.beta2, like)
        m_scale, s_scale = 1 - power(beta1, step), 1 - power(beta2, step)

        def row(w: list[N], g: list[N], averages: Averages[N]) -> tuple[list[N], Averages[N]]:
            m = [beta1 * a + (1 - beta1) * b for a, b in zip(averages[0], g)]
            s = [beta2 * a + (1 - beta2) * b * b for a, b in zip(averages[1], g)]
            moved = [
                a - lr * (b / m_scale) / (sqrt(c / s_scale) + epsilon) for a, b, c in zip(w, m, s)
            ]
            return moved, [m, s]

        return row
