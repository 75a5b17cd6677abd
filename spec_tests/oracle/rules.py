"""The rules of the optimizers, restated: the parameters after each of a list of gradients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import localcontext

from spec_tests.formulas.ball import Arithmetic
from spec_tests.oracle.expected import DIGITS, Expected
from spec_tests.oracle.tracked import Tracked

DEFAULTS: dict[str, dict[str, float]] = {
    "sgd": {},
    "momentum": {"mu": 0.9},
    "nesterov": {"mu": 0.9},
    "rmsprop": {"rho": 0.9, "epsilon": 1e-8},
    "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
}


def trajectories(
    arithmetic: Arithmetic,
    name: str,
    options: dict[str, float],
    parameters: Sequence[tuple[float, bool]],
    gradients: Sequence[Sequence[float]],
) -> list[list[Expected]]:
    """All parameters after each step; each is (w, whether it decays), with its own gradients."""
    numbers = {**DEFAULTS[name], "weight_decay": 0.0, **options}
    with localcontext(DIGITS):
        constants = {key: Tracked.constant(arithmetic, value) for key, value in numbers.items()}
        zero, one = (Tracked.given(arithmetic, n) for n in (0, 1))
        step = _Step(constants, one, dict.fromkeys(("beta1", "beta2"), one))
        states = [_State(zero, zero) for _ in parameters]
        current = [Tracked.given(arithmetic, w) for w, _ in parameters]
        after = []
        for slopes in gradients:
            step.advance()
            for k, number in enumerate(slopes):
                w, g = current[k], Tracked.given(arithmetic, number)
                if parameters[k][1] and numbers["weight_decay"]:
                    g = g + constants["weight_decay"] * w
                direction = DIRECTIONS[name](step, states[k], g)
                # Where η stands in the velocity, or 1 - η λ before w, both are rounded once more:
                # v' = μ v - η g, w' = w + v'; and w' = w (1 - η λ) - η g.
                current[k] = (w - constants["lr"] * direction.loosened(2)).loosened(2)
            after.append([Expected(w.value, w.ball.radius) for w in current])
    return after


@dataclass
class _State:
    """The running averages of one parameter: of its gradients, and of their squares."""

    v: Tracked
    s: Tracked


class _Step:
    """What all parameters share in one step: the constants, and 1 - β^t."""

    def __init__(
        self, constants: dict[str, Tracked], one: Tracked, powers: dict[str, Tracked]
    ) -> None:
        self.constants = constants
        self.one = one
        self.rest = {key: one - c for key, c in constants.items()}
        self.powers = powers
        self.corrections: dict[str, Tracked] = {}

    def advance(self) -> None:
        for key, power in self.powers.items():
            if key in self.constants:
                self.powers[key] = power * self.constants[key]
                # Others call pow, which is an elementary function.
                ulps = self.one.arithmetic.ulps
                self.corrections[key] = self.one - self.powers[key].loosened(ulps)


def _sgd(step: _Step, state: _State, g: Tracked) -> Tracked:
    return g


def _momentum(step: _Step, state: _State, g: Tracked) -> Tracked:
    state.v = step.constants["mu"] * state.v + g
    return state.v


def _nesterov(step: _Step, state: _State, g: Tracked) -> Tracked:
    return g + step.constants["mu"] * _momentum(step, state, g)


def _rmsprop(step: _Step, state: _State, g: Tracked) -> Tracked:
    state.s = step.constants["rho"] * state.s + step.rest["rho"] * (g * g)
    return g / (state.s.sqrt() + step.constants["epsilon"])


def _adam(step: _Step, state: _State, g: Tracked) -> Tracked:
    constants, rest, corrections = step.constants, step.rest, step.corrections
    state.v = constants["beta1"] * state.v + rest["beta1"] * g
    state.s = constants["beta2"] * state.s + rest["beta2"] * (g * g)
    root = (state.s / corrections["beta2"]).sqrt()
    return state.v / corrections["beta1"] / (root + constants["epsilon"])


DIRECTIONS: dict[str, Callable[[_Step, _State, Tracked], Tracked]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "rmsprop": _rmsprop,
    "adam": _adam,
}
"""The d of w' = w - η d."""
