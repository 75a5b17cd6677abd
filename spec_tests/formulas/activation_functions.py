"""The activations, restated: what each is, and how far right code may be from it. A new one is a
class and a row of the table below.

A formula is generic in the number type, so that it runs on floats (exact on the grid), on decimals,
and on tapes of both. Nothing of refnn's layers is used.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from refnn.activations.smooth import sigmoid, softplus
from refnn.scalar import exp, log, pivot
from spec_tests.formulas.ball import Arithmetic, Ball, is_positive

Row = Sequence[Any]
Balls = list[Ball]
NOTHING, ONE = Ball(0.0, 0.0), Ball(1.0, 0.0)


class Slopes(NamedTuple):
    """What is declared of relu and leaky_relu: the slope of the latter below 0, and those at 0."""

    alpha: Any
    at_zero: Mapping[str, Any]


class Units(NamedTuple):
    """How units are computed on balls. `exact` says that nothing rounds: then a unit may be on its
    kink."""

    arithmetic: Arithmetic
    slopes: Slopes
    exact: bool

    def side(self, z: Ball) -> int:
        """On which side of its kink a unit is; 0: on it. Raises Kink where rounding decides."""
        if self.exact and z.middle == 0:
            return 0
        return 1 if is_positive(z) else -1


class Activation(ABC):
    """a = f(z) of a row of units."""

    is_piecewise = False
    """Linear but for a kink: so nothing rounds on the grid."""
    has_kink = False
    is_monotone = True
    keeps_its_tail = False
    """Near e^z in the left tail, and to be right there relative to itself."""
    equals_z_far_out = False
    """From z = 1000 on, f(z) is z in every format."""
    low, high = -math.inf, math.inf
    """From where to where its values are."""

    @abstractmethod
    def row(self, z: Row, slopes: Slopes) -> list[Any]:
        """f(z) of a row."""

    @abstractmethod
    def balls(self, units: Units, z: Balls) -> Balls:
        """What anyone may hold for it."""

    @abstractmethod
    def back(self, units: Units, z: Balls, a: Balls, da: Balls) -> Balls:
        """∂L/∂z of a row, from its ∂L/∂a."""


class _UnitByUnit(Activation):
    """Each unit is a function of its own z alone."""

    @abstractmethod
    def formula(self, z: Any, slopes: Slopes) -> Any:
        """f(z)."""

    @abstractmethod
    def ball(self, units: Units, z: Ball) -> Ball:
        """What anyone may hold for f(z)."""

    @abstractmethod
    def slope(self, units: Units, z: Ball, a: Ball) -> Ball:
        """f'(z), as it is computed from a or from z, whichever is less precise."""

    def row(self, z: Row, slopes: Slopes) -> list[Any]:
        return [self.formula(number, slopes) for number in z]

    def balls(self, units: Units, z: Balls) -> Balls:
        return [self.ball(units, ball) for ball in z]

    def back(self, units: Units, z: Balls, a: Balls, da: Balls) -> Balls:
        rows = zip(z, a, da, strict=True)
        return [units.arithmetic.product(self.slope(units, ball, y), d) for ball, y, d in rows]


class _Identity(_UnitByUnit):
    is_piecewise = equals_z_far_out = True

    def formula(self, z: Any, slopes: Slopes) -> Any:
        return z

    def ball(self, units: Units, z: Ball) -> Ball:
        return z

    def slope(self, units: Units, z: Ball, a: Ball) -> Ball:
        return ONE


class _LeakyReLU(_UnitByUnit):
    is_piecewise = has_kink = True
    name = "leaky_relu"

    def below(self, slopes: Slopes) -> Any:
        return slopes.alpha

    def formula(self, z: Any, slopes: Slopes) -> Any:
        plain = pivot(z)
        if plain > 0:
            return z
        return z * (slopes.at_zero[self.name] if plain == 0 else self.below(slopes))

    def ball(self, units: Units, z: Ball) -> Ball:
        ar = units.arithmetic
        return z if units.side(z) > 0 else ar.product(ar.constant(units.slopes.alpha), z)

    def slope(self, units: Units, z: Ball, a: Ball) -> Ball:
        side, slopes = units.side(z), units.slopes
        if side > 0:
            return ONE
        return units.arithmetic.constant(self.below(slopes) if side else slopes.at_zero[self.name])


class _ReLU(_LeakyReLU):
    name = "relu"
    equals_z_far_out = True
    low = 0.0

    def below(self, slopes: Slopes) -> Any:
        return 0

    def ball(self, units: Units, z: Ball) -> Ball:
        return z if units.side(z) > 0 else NOTHING


class _Sigmoid(_UnitByUnit):
    keeps_its_tail = True
    low, high = 0.0, 1.0

    def formula(self, z: Any, slopes: Slopes) -> Any:
        e, negative = half_powers(z)
        return e / (1 + e) if negative else 1 / (1 + e)

    def ball(self, units: Units, z: Ball) -> Ball:
        return units.arithmetic.function(sigmoid(z.middle), 0.25, z)

    def slope(self, units: Units, z: Ball, a: Ball) -> Ball:
        ar = units.arithmetic
        return ar.product(a, ar.difference(ONE, a))


class _Tanh(_UnitByUnit):
    low, high = -1.0, 1.0

    def formula(self, z: Any, slopes: Slopes) -> Any:
        e, negative = half_powers(2 * z)
        return (e - 1) / (e + 1) if negative else (1 - e) / (1 + e)

    def ball(self, units: Units, z: Ball) -> Ball:
        return units.arithmetic.function(math.tanh(z.middle), 1, z)

    def slope(self, units: Units, z: Ball, a: Ball) -> Ball:
        # Three forms are right: 1 - a², 1 / cosh² z, and 4 σ(2z) σ(-2z). The last loses most: each
        # of its two functions errs by its ulps, and 4 times both products is at most 4 ulps. Three
        # roundings come on top. No form is steeper than 2 |a|.
        ar, inherited = units.arithmetic, 2 * a.most * z.radius
        return ar.rounded(1 - a.middle * a.middle, inherited, 4 * ar.ulps + 3, 1 + inherited)


class _Softplus(_UnitByUnit):
    keeps_its_tail = equals_z_far_out = True
    low = 0.0

    def formula(self, z: Any, slopes: Slopes) -> Any:
        return log_of_one_more(z)

    def ball(self, units: Units, z: Ball) -> Ball:
        return units.arithmetic.function(softplus(z.middle), 1, z)

    def slope(self, units: Units, z: Ball, a: Ball) -> Ball:
        # Of 1 - e^-a both a and the power are off by their ulps, and the difference rounds.
        ar, inherited = units.arithmetic, 0.25 * z.radius
        return ar.rounded(sigmoid(z.middle), inherited, 2 * ar.ulps + 1, 1 + inherited)


class _Softmax(Activation):
    is_monotone = False
    low, high = 0.0, 1.0

    def row(self, z: Row, slopes: Slopes) -> list[Any]:
        top = max(map(pivot, z))
        powers = [exp(number - top) for number in z]
        whole = sum(powers[1:], powers[0])
        return [power / whole for power in powers]

    def balls(self, units: Units, z: Balls) -> Balls:
        return softmax_balls(units.arithmetic, z)

    def back(self, units: Units, z: Balls, a: Balls, da: Balls) -> Balls:
        ar = units.arithmetic
        mean = ar.dot(a, da)
        dz = [ar.product(p, ar.difference(d, mean)) for p, d in zip(a, da, strict=True)]
        # In Σ_j (p_k p_j) d_j it is p_k p_j that may underflow, and d_j may be large.
        lost = ar.tiny * sum(d.most for d in da)
        return [ar.rounded(d.middle, d.radius + lost, 0, 0) for d in dz]


def half_powers(z: Any) -> tuple[Any, bool]:
    """e^-|z|, which is at most 1, and whether z is negative."""
    negative = pivot(z) < 0
    return exp(z if negative else -z), negative


def log_of_one_more(z: Any) -> Any:
    """ln(1 + e^z)."""
    e, negative = half_powers(z)
    return log(1 + e) if negative else z + log(1 + e)


def softmax_balls(ar: Arithmetic, z: Sequence[Ball]) -> Balls:
    """e^(z_k) / Σ e^(z_j): an error e of an exponent is a factor e^e of the power.

    Or e^(z_k - ln Σ e^(z_j)): then a logarithm, of at most ln n, stands between two powers.
    """
    top = max(ball.middle for ball in z)
    highest = max(ball.most for ball in z)
    # Numerator and denominator each inherit one radius, and the middle is off by another.
    spread = 4 * max(ball.radius for ball in z)
    # The power above, the power below, and the logarithm of the second form.
    functions = (2 + max(1.0, math.log(len(z)))) * ar.ulps
    powers = [math.exp(ball.middle - top) for ball in z]
    whole = sum(powers)
    result = []
    for power, ball in zip(powers, z, strict=True):
        p = power / whole
        # z - top rounds a number of at most |z| + |top|, above and below; then n - 1 additions,
        # the quotient, and what a shift by another number than the largest adds.
        roundings = 2 * (ball.most + highest + len(z) + 3) + functions
        exponent = spread + roundings * ar.u
        inherited = p * math.expm1(exponent) if exponent < 1 else math.inf
        result.append(ar.rounded(p, inherited, 1, p))
    return result


ACTIVATIONS: dict[str, Activation] = {
    "identity": _Identity(),
    "relu": _ReLU(),
    "leaky_relu": _LeakyReLU(),
    "sigmoid": _Sigmoid(),
    "tanh": _Tanh(),
    "softplus": _Softplus(),
    "softmax": _Softmax(),
}
"""From the plainest on, which a report prefers."""
