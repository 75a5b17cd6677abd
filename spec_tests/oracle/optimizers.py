"""The rules of the optimizers, restated: w after each of a list of gradients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import localcontext

from spec_tests.oracle.ball import Arithmetic
from spec_tests.oracle.oracle import DIGITS, Expected
from spec_tests.oracle.tracked import Tracked

Rule = Callable[[Tracked, Tracked, int], Tracked]
DEFAULTS = {
    "sgd": {},
    "momentum": {"mu": 0.9},
    "nesterov": {"mu": 0.9},
    "rmsprop": {"rho": 0.9, "epsilon": 1e-8},
    "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
}


def trajectory(
    arithmetic: Arithmetic,
    name: str,
    options: dict[str, float],
    w: float,
    gradients: Sequence[float],
    decays: bool,
) -> list[Expected]:
    """One parameter after each of its gradients; `decays` where it is a weight, not a bias."""
    numbers = {**DEFAULTS[name], **options}
    known = {key: Tracked.constant(arithmetic, value) for key, value in numbers.items()}
    zero, one = (Tracked.given(arithmetic, n) for n in (0, 1))
    rule = _Rule(name, known, zero, one)
    current, after = Tracked.given(arithmetic, w), []
    with localcontext(DIGITS):
        for t, number in enumerate(gradients, 1):
            g = Tracked.given(arithmetic, number)
            if decays and numbers.get("weight_decay"):
                g = g + known["weight_decay"] * current
            # Where η stands in the velocity, or 1 - η λ before w, both are rounded once more.
            current = (current - known["lr"] * rule.direction(g, t).loosened(2)).loosened(2)
            after.append(Expected(current.value, current.ball.radius))
    return after


class _Rule:
    """w' = w - η · direction, with the running averages v and s."""

    def __init__(self, name: str, known: dict[str, Tracked], zero: Tracked, one: Tracked) -> None:
        self.name = name
        self.known = known
        self.one = one
        self.v = self.s = zero

    def direction(self, g: Tracked, t: int) -> Tracked:
        known, one = self.known, self.one
        if self.name == "sgd":
            return g
        if self.name in ("momentum", "nesterov"):
            self.v = known["mu"] * self.v + g
            return self.v if self.name == "momentum" else g + known["mu"] * self.v
        if self.name == "rmsprop":
            rho = known["rho"]
            self.s = rho * self.s + (one - rho) * (g * g)
            return g / (self.s.sqrt() + known["epsilon"])
        beta1, beta2 = known["beta1"], known["beta2"]
        self.v = beta1 * self.v + (one - beta1) * g
        self.s = beta2 * self.s + (one - beta2) * (g * g)
        m = self.v / (one - _power(beta1, t))
        root = (self.s / (one - _power(beta2, t))).sqrt()
        return m / (root + known["epsilon"])


def _power(x: Tracked, n: int) -> Tracked:
    result = x
    for _ in range(n - 1):
        result = result * x
    return result
