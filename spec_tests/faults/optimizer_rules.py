"""Faults of optimizers: the correction, the place of ε, the state, the decay."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from refnn import SGD, Adam, Momentum, Parameters, RMSProp
from refnn.optimizers import State
from spec_tests.faults.fault import fault
from spec_tests.faults.textbook import Textbook

Row = list[float]


class OwnAdam(Textbook):
    """Adam, row by row, with its corrections and its root to get wrong."""

    def corrections(self, optimizer: Any, t: int) -> tuple[float, float]:
        """What m and s are divided by."""
        return 1 - optimizer.beta1**t, 1 - optimizer.beta2**t

    def direction(self, m: float, s: float, epsilon: float) -> float:
        return m / (math.sqrt(s) + epsilon)

    def optimizer_step(
        self, optimizer: Any, parameters: Any, gradient: Any, states: list[Any], i: int
    ) -> tuple[Any, Any]:
        if not isinstance(optimizer, Adam) or optimizer.weight_decay:
            return super().optimizer_step(optimizer, parameters, gradient, states, i)
        rows, slopes = parameters.rows, gradient.rows
        lr, epsilon = float(optimizer.lr), float(optimizer.epsilon)
        beta1, beta2 = float(optimizer.beta1), float(optimizer.beta2)
        state = states[i] or State(0, [[[0.0] * len(row)] * 2 for row in rows])
        m_scale, s_scale = self.corrections(optimizer, state.steps + 1)
        moved, averages = [], []
        for row, g, (m, s) in zip(rows, slopes, state.averages, strict=True):
            m = _mean(m, g, beta1)
            s = _mean(s, [b * b for b in g], beta2)
            averages.append([m, s])
            moved.append(
                [
                    w - lr * self.direction(a / m_scale, b / s_scale, epsilon)
                    for w, a, b in zip(row, m, s, strict=True)
                ]
            )
        return parameters.with_rows(moved), State(state.steps + 1, averages)


def _mean(average: Row, numbers: Row, rate: float) -> Row:
    return [rate * a + (1 - rate) * b for a, b in zip(average, numbers, strict=True)]


@fault("adam-no-power", "optimizer", "optimizer", "Adam divides by 1 - β instead of 1 - βᵗ.")
class AdamNoPower(OwnAdam):
    def corrections(self, optimizer: Any, t: int) -> tuple[float, float]:
        return super().corrections(optimizer, 1)


@fault(
    "adam-step-per-parameter",
    "optimizer",
    "optimizer",
    "Adam's t grows once for each layer instead of once for each step.",
)
class AdamStepPerParameter(OwnAdam):
    def optimize(
        self, name: str, options: dict[str, Any], parameters: Any, gradients: Sequence[Any]
    ) -> Any:
        self.calls = 0
        return super().optimize(name, options, parameters, gradients)

    def corrections(self, optimizer: Any, t: int) -> tuple[float, float]:
        self.calls += 1
        return super().corrections(optimizer, self.calls)


@fault(
    "adam-multiplies-correction",
    "optimizer",
    "optimizer",
    "Adam multiplies by the correction 1 - βᵗ instead of dividing by it.",
)
class AdamMultipliesCorrection(OwnAdam):
    def corrections(self, optimizer: Any, t: int) -> tuple[float, float]:
        m_scale, s_scale = super().corrections(optimizer, t)
        return 1 / m_scale, 1 / s_scale


@fault("epsilon-inside-root", "optimizer", "optimizer", "ε stands inside the root: √(s + ε).")
class EpsilonInsideRoot(OwnAdam):
    def direction(self, m: float, s: float, epsilon: float) -> float:
        return m / math.sqrt(s + epsilon)


@fault(
    "momentum-on-gradient",
    "optimizer",
    "optimizer",
    "The velocity is v + μ g: the momentum stands at the gradient instead of the velocity.",
)
class MomentumOnGradient(Textbook):
    def optimizer_step(
        self, optimizer: Any, parameters: Any, gradient: Any, states: list[Any], i: int
    ) -> tuple[Any, Any]:
        if type(optimizer) is not Momentum or not optimizer.mu:
            return super().optimizer_step(optimizer, parameters, gradient, states, i)
        rows = parameters.rows
        state = states[i] or State(0, [[[0.0] * len(row)] for row in rows])
        moved, averages = [], []
        for row, g, [v] in zip(rows, gradient.rows, state.averages, strict=True):
            v = [a + optimizer.mu * b for a, b in zip(v, g, strict=True)]
            averages.append([v])
            moved.append([w - optimizer.lr * a for w, a in zip(row, v, strict=True)])
        return parameters.with_rows(moved), State(state.steps + 1, averages)


@fault("momentum-reset", "optimizer", "optimizer", "The velocity is set to zero at every step.")
class MomentumReset(Textbook):
    def optimizer_step(
        self, optimizer: Any, parameters: Any, gradient: Any, states: list[Any], i: int
    ) -> tuple[Any, Any]:
        nothing = [None] * len(states) if isinstance(optimizer, Momentum) else states
        return super().optimizer_step(optimizer, parameters, gradient, nothing, i)


@fault(
    "momentum-shared",
    "optimizer",
    "optimizer",
    "All layers share one velocity.",
)
class MomentumShared(Textbook):
    def optimizer_step(
        self, optimizer: Any, parameters: Any, gradient: Any, states: list[Any], i: int
    ) -> tuple[Any, Any]:
        if not isinstance(optimizer, Momentum):
            return super().optimizer_step(optimizer, parameters, gradient, states, i)
        last = states[i - 1]
        shared = last and State(last.steps, _as_shaped(last.averages, parameters.rows))
        own = [shared] * len(states)
        return super().optimizer_step(optimizer, parameters, gradient, own, i)


def _as_shaped(averages: Any, rows: list[Row]) -> list[list[Row]]:
    numbers = [v for own in averages for row in own for v in row]
    return [
        [[numbers[(j + k) % len(numbers)] for k in range(len(row))]] for j, row in enumerate(rows)
    ]


@fault(
    "rate-times-step",
    "optimizer",
    "optimizer",
    "The learning rate of plain gradient descent grows with the number of steps.",
)
class RateTimesStep(Textbook):
    def optimizer_step(
        self, optimizer: Any, parameters: Any, gradient: Any, states: list[Any], i: int
    ) -> tuple[Any, Any]:
        if type(optimizer) is SGD:
            steps = states[i].steps if states[i] else 0
            optimizer = replace(optimizer, lr=optimizer.lr * (steps + 1))
        return super().optimizer_step(optimizer, parameters, gradient, states, i)


@fault("decay-on-bias", "optimizer", "optimizer", "Weight decay pulls the biases to zero too.")
class DecayOnBias(Textbook):
    def optimizer_step(
        self, optimizer: Any, parameters: Any, gradient: Any, states: list[Any], i: int
    ) -> tuple[Any, Any]:
        if optimizer.weight_decay and parameters.bias is not None:
            decay = optimizer.weight_decay
            bias = [g + decay * b for g, b in zip(gradient.bias, parameters.bias, strict=True)]
            gradient = Parameters(gradient.weights, bias)
        return super().optimizer_step(optimizer, parameters, gradient, states, i)


@fault(
    "rmsprop-without-square",
    "optimizer",
    "optimizer",
    "RMSProp's running mean is that of |g| instead of g².",
)
class RMSPropWithoutSquare(Textbook):
    def optimizer_step(
        self, optimizer: Any, parameters: Any, gradient: Any, states: list[Any], i: int
    ) -> tuple[Any, Any]:
        if not isinstance(optimizer, RMSProp) or optimizer.weight_decay:
            return super().optimizer_step(optimizer, parameters, gradient, states, i)
        rows = parameters.rows
        lr, rho, epsilon = (float(c) for c in (optimizer.lr, optimizer.rho, optimizer.epsilon))
        state = states[i] or State(0, [[[0.0] * len(row)] for row in rows])
        moved, averages = [], []
        for row, g, [s] in zip(rows, gradient.rows, state.averages, strict=True):
            s = _mean(s, [abs(b) for b in g], rho)
            averages.append([s])
            moved.append(
                [w - lr * b / (math.sqrt(a) + epsilon) for w, b, a in zip(row, g, s, strict=True)]
            )
        return parameters.with_rows(moved), State(state.steps + 1, averages)


@fault(
    "nesterov-is-momentum",
    "optimizer",
    "optimizer",
    "Nesterov's step is plain momentum: the look ahead is missing.",
)
class NesterovIsMomentum(Textbook):
    def make_optimizer(self, name: str, options: dict[str, Any]) -> Any:
        return super().make_optimizer("momentum" if name == "nesterov" else name, options)
