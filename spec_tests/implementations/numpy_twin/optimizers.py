"""Optimizers: values, whose state is handed in and out. All averages start at 0."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from spec_tests.implementations.numpy_twin.arrays import Array, array, silent
from spec_tests.implementations.numpy_twin.layers import Parameters


class State(NamedTuple):
    """The steps taken, and the running averages of the weights and of the bias."""

    steps: int
    averages: Sequence[Sequence[Array]]


@dataclass(frozen=True)
class Optimizer(ABC):
    """lr is η. Weight decay λ adds λ w to the gradient of weights, not of biases."""

    lr: float
    weight_decay: float = field(default=0, kw_only=True)

    def __post_init__(self) -> None:
        for name, value in list(vars(self).items()):
            below = math.inf if name in ("lr", "weight_decay", "epsilon") else 1
            if not 0 <= value < below:
                raise ValueError(f"{name} is {value}, should be from 0 to less than {below}")
            object.__setattr__(self, name, float(value))

    @abstractmethod
    def rule(self, step: int, w: Array, g: Array, *averages: Any) -> tuple[Array, ...]:
        """(w', *averages')."""

    @silent
    def update(
        self, parameters: Parameters, gradient: Parameters, state: State | None = None
    ) -> tuple[Parameters, State]:
        """The parameters of one layer after one step; `state` is what the step before returned."""
        steps, averages = state or State(0, [(), ()])
        moved: list[Any] = []
        remembered: list[Sequence[Array]] = []
        for w, g, own, decay in zip(parameters, gradient, averages, (self.weight_decay, 0)):
            if w is not None:
                g, *own = (array("gradient or state", a, w.shape, w.dtype) for a in (g, *own))
                w, *own = self.rule(steps + 1, w, g + decay * w if decay else g, *own)
            moved.append(w)
            remembered.append(own)
        return Parameters(*moved), State(steps + 1, remembered)


class SGD(Optimizer):
    """w' = w - η g, with the w last: NumPy then adds it in place, to the product."""

    def rule(self, step: int, w: Array, g: Array, *averages: Any) -> tuple[Array, ...]:
        return (-self.lr * g + w,)


@dataclass(frozen=True)
class Momentum(Optimizer):
    """v' = μ v + g, w' = w - η v'."""

    mu: float = 0.9

    def rule(self, step: int, w: Array, g: Array, v: Any = 0) -> tuple[Array, ...]:
        v = self.mu * v + g
        return -self.lr * v + w, v


class Nesterov(Momentum):
    """v' = μ v + g, w' = w - η (g + μ v')."""

    def rule(self, step: int, w: Array, g: Array, v: Any = 0) -> tuple[Array, ...]:
        v = self.mu * v + g
        return -self.lr * (self.mu * v + g) + w, v


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """s' = ρ s + (1 - ρ) g², w' = w - η g / (√s' + ε)."""

    rho: float = 0.9
    epsilon: float = 1e-8

    def rule(self, step: int, w: Array, g: Array, s: Any = 0) -> tuple[Array, ...]:
        s = self.rho * s + (1 - self.rho) * g * g
        return w - self.lr * g / (np.sqrt(s) + self.epsilon), s


@dataclass(frozen=True)
class Adam(Optimizer):
    """m' = β₁ m + (1 - β₁) g, s' = β₂ s + (1 - β₂) g², w' = w - η m̂ / (√ŝ + ε)."""

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def rule(self, step: int, w: Array, g: Array, m: Any = 0, s: Any = 0) -> tuple[Array, ...]:
        m = self.beta1 * m + (1 - self.beta1) * g
        s = self.beta2 * s + (1 - self.beta2) * g * g
        unbiased_m, unbiased_s = m / (1 - self.beta1**step), s / (1 - self.beta2**step)
        return w - self.lr * unbiased_m / (np.sqrt(unbiased_s) + self.epsilon), m, s
