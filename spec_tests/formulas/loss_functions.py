"""The losses, restated: what each is, and how far a right value and a right gradient may be from
it. A new one is a class and a row of the table below.

Each maps the outputs y and targets t of one row to terms, which sum to the row's loss before any
mean, in any number type. Nothing of refnn's losses is used but what they declare.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from refnn.activations.smooth import sigmoid, softplus
from refnn.losses import (
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    Huber,
    Loss,
    SoftmaxCrossEntropy,
    SquaredError,
)
from refnn.scalar import exp, log, pivot
from spec_tests.formulas.activation_functions import NOTHING, ONE, log_of_one_more, softmax_balls
from spec_tests.formulas.ball import Arithmetic, Ball, exactly, is_positive
from spec_tests.formulas.dyadic import is_dyadic, is_held_exactly

Row = Sequence[Any]
Balls = list[Ball]
Number = Callable[[Any], Any]
"""Makes a constant of the number type in use."""


class LossFunction(ABC):
    """ℓ(y, t) of a row. `loss` is what refnn calls so, with its constants."""

    title: str
    """In the ids of clauses: LOSS-HUBER-VALUE."""
    after: tuple[str, ...] | None = None
    """The activations that give its probabilities; None: any."""
    targets = "numbers"
    """Or shares, each from 0 to 1; or distributions, which sum to 1."""
    fewest_outputs = 1
    keeps_scores_near = False
    """Of scores 745 apart one has probability 0: LOSS-PRECISION looks there, and no other."""

    def is_exact(self, loss: Any) -> bool:
        """Whether nothing rounds on the grid: it is rational, with constants of few bits."""
        return False

    def edges(self, loss: Any, smooth: bool) -> list[float]:
        """The y - t at which it changes its formula: those of its kinks, and the `smooth` ones."""
        return []

    @abstractmethod
    def terms(self, loss: Any, y: Row, t: Row, number: Number) -> list[Any]: ...

    @abstractmethod
    def balls(self, ar: Arithmetic, loss: Any, y: Balls, t: Sequence[float]) -> Balls:
        """What anyone may hold for them, and below for their derivatives in y."""

    @abstractmethod
    def slopes(self, ar: Arithmetic, loss: Any, y: Balls, t: Sequence[float]) -> Balls: ...


class _OutputByOutput(LossFunction):
    """Each term is of one output alone."""

    @abstractmethod
    def term(self, loss: Any, y: Any, t: Any, number: Number) -> Any: ...

    @abstractmethod
    def ball(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball: ...

    @abstractmethod
    def slope(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball: ...

    def terms(self, loss: Any, y: Row, t: Row, number: Number) -> list[Any]:
        return [self.term(loss, a, b, number) for a, b in zip(y, t, strict=True)]

    def balls(self, ar: Arithmetic, loss: Any, y: Balls, t: Sequence[float]) -> Balls:
        return [self.ball(ar, loss, a, b) for a, b in zip(y, t, strict=True)]

    def slopes(self, ar: Arithmetic, loss: Any, y: Balls, t: Sequence[float]) -> Balls:
        return [self.slope(ar, loss, a, b) for a, b in zip(y, t, strict=True)]


class _Squared(_OutputByOutput):
    title = "SQUARED"

    def is_exact(self, loss: Any) -> bool:
        return is_held_exactly(loss.factor)

    def term(self, loss: Any, y: Any, t: Any, number: Number) -> Any:
        return (y - t) * (y - t) * number(loss.factor)

    def ball(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
        residual = _residual(ar, y, t)
        return ar.product(ar.constant(float(loss.factor)), ar.product(residual, residual))

    def slope(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
        return ar.product(ar.constant(2 * float(loss.factor)), _residual(ar, y, t))


class _Absolute(_OutputByOutput):
    title = "ABSOLUTE"

    def is_exact(self, loss: Any) -> bool:
        return True

    def edges(self, loss: Any, smooth: bool) -> list[float]:
        return [0.0]

    def term(self, loss: Any, y: Any, t: Any, number: Number) -> Any:
        return _size(y, t)

    def ball(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
        residual = _residual(ar, y, t)
        return Ball(abs(residual.middle), residual.radius)

    def slope(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
        return Ball(1.0 if is_positive(_residual(ar, y, t)) else -1.0, 0.0)


class _Huber(_OutputByOutput):
    title = "HUBER"

    def is_exact(self, loss: Any) -> bool:
        return is_dyadic(loss.delta)

    def edges(self, loss: Any, smooth: bool) -> list[float]:
        return [-float(loss.delta), float(loss.delta)] if smooth else []

    def term(self, loss: Any, y: Any, t: Any, number: Number) -> Any:
        size, delta = _size(y, t), number(loss.delta)
        return size * size / 2 if pivot(size) <= delta else delta * (size - delta / 2)

    def ball(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
        residual, delta = _residual(ar, y, t), ar.constant(float(loss.delta))
        size = Ball(abs(residual.middle), residual.radius)
        if size.middle < delta.middle:
            return ar.product(Ball(0.5, 0.0), ar.product(size, size))
        half = Ball(delta.middle / 2, delta.radius)
        return ar.product(delta, ar.difference(size, half))

    def slope(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
        residual, d = _residual(ar, y, t), float(loss.delta)
        return Ball(max(-d, min(d, residual.middle)), residual.radius + ar.u * d)


class _Binary(_OutputByOutput):
    title = "BCE"
    after = ("sigmoid", "softmax")
    targets = "shares"

    def term(self, loss: Any, y: Any, t: Any, number: Number) -> Any:
        return _times_log(t, y) + _times_log(1 - t, 1 - y)

    def ball(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
        return ar.total([_minus_log(ar, t, y), _minus_log(ar, 1 - t, ar.difference(ONE, y))])

    def slope(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
        # 1 - t rounds once.
        left = ar.quotient(Ball(1 - t, ar.u), ar.difference(ONE, y)) if t != 1 else NOTHING
        return ar.difference(left, ar.quotient(Ball(t, 0.0), y) if t else NOTHING)


class _BinaryLogits(_OutputByOutput):
    title = "BCE-LOGITS"
    targets = "shares"

    def term(self, loss: Any, y: Any, t: Any, number: Number) -> Any:
        hit = t * log_of_one_more(-y) if t else 0 * y
        return hit + (1 - t) * log_of_one_more(y) if t != 1 else hit

    def ball(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
        size = (1 + abs(t)) * (y.most + 1)
        value = t * softplus(-y.middle) + (1 - t) * softplus(y.middle)
        # Two functions, as in ln(1 + e^-|z|), and four roundings: of 1 - t, products and sum.
        return ar.rounded(value, (1 + 2 * abs(t)) * y.radius, 4 + 2 * ar.ulps, size)

    def slope(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
        slope = ar.difference(ar.function(sigmoid(y.middle), 0.25, y), Ball(t, 0.0))
        # (1 - t) σ(z) - t σ(-z): two functions in the place of one, and four roundings.
        return ar.rounded(slope.middle, slope.radius, 4 + ar.ulps, 1 + abs(t))


class _CrossEntropy(_OutputByOutput):
    title = "CE"
    after = ("softmax",)
    targets = "distributions"
    fewest_outputs = 2

    def term(self, loss: Any, y: Any, t: Any, number: Number) -> Any:
        return _times_log(t, y)

    def ball(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
        return _minus_log(ar, t, y)

    def slope(self, ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
        return ar.quotient(Ball(-t, 0.0), y) if t else NOTHING


class _SoftmaxCrossEntropy(LossFunction):
    """t_k (ln Σ e^(z_j) - z_k), or -t_k ln p_k of the softmax p, as many write it."""

    title = "SOFTMAX-CE"
    keeps_scores_near = True
    targets = "distributions"
    fewest_outputs = 2

    def terms(self, loss: Any, y: Row, t: Row, number: Number) -> list[Any]:
        top = max(pivot(z) for z in y)
        powers = [exp(z - top) for z in y]
        whole = top + log(sum(powers[1:], powers[0]))
        return [b * (whole - z) for z, b in zip(y, t, strict=True)]

    def balls(self, ar: Arithmetic, loss: Any, y: Balls, t: Sequence[float]) -> Balls:
        top = max(ball.middle for ball in y)
        whole = top + math.log(sum(math.exp(ball.middle - top) for ball in y))
        highest = max(ball.most for ball in y)
        # A power and a logarithm have their ulps, the n powers are added, and the shift by the
        # largest is subtracted and added again; the logarithm is one of at most n.
        size = 1 + highest + math.log(len(y))
        radius = max(ball.radius for ball in y) + ar.u * (2 * ar.ulps + len(y) + 2) * size
        direct = Ball(whole, radius + ar.u * abs(whole))
        terms = []
        for p, z, weight in zip(softmax_balls(ar, y), y, t, strict=True):
            term = ar.difference(direct, z)
            through = ar.function(term.middle, 1.0, Ball(term.middle, _log_radius(ar, p)))
            best = Ball(term.middle, max(term.radius, through.radius))
            terms.append(ar.product(Ball(weight, 0.0), best) if weight else NOTHING)
        return terms

    def slopes(self, ar: Arithmetic, loss: Any, y: Balls, t: Sequence[float]) -> Balls:
        """p Σt - t. Or, with no digit lost, p (Σt - t) - t (1 - p): four roundings of its parts."""
        whole, found = ar.total(exactly(t)), []
        for p, b in zip(softmax_balls(ar, y), t, strict=True):
            slope = ar.difference(ar.product(p, whole), Ball(b, 0.0))
            size = whole.most * p.most + abs(b)
            found.append(ar.rounded(slope.middle, slope.radius, 4, size))
        return found


def _residual(ar: Arithmetic, y: Ball, t: float) -> Ball:
    return ar.difference(y, Ball(t, 0.0))


def _size(y: Any, t: Any) -> Any:
    """|y - t|."""
    return y - t if pivot(y) > t else t - y if pivot(y) < t else 0 * y


def _times_log(weight: Any, p: Any) -> Any:
    """-weight · ln p, where nothing of no weight is counted."""
    return -(weight * log(p)) if weight else 0 * p


def _minus_log(ar: Arithmetic, weight: float, p: Ball) -> Ball:
    """-weight ln p; the weight may be 1 - t, which rounds once."""
    if not weight:
        return NOTHING
    least = p.middle - 2 * p.radius
    if not least > 0:
        return Ball(math.nan, math.inf)
    value = ar.function(math.log(p.middle), 1 / least, p)
    return ar.product(Ball(-weight, ar.u), value)


def _log_radius(ar: Arithmetic, p: Ball) -> float:
    """How far ln p may be off where p is computed first.

    Near the smallest subnormal number p keeps no digit, but then it is one of a few multiples of
    it: at 0 the loss would be infinite, for scores that are not.
    """
    radius = p.radius - ar.tiny + ar.subnormal
    least = max(p.middle - 2 * radius, ar.subnormal)
    return math.log((max(p.middle, ar.subnormal) + 2 * radius) / least)


LOSSES: dict[type[Loss], LossFunction] = {
    SquaredError: _Squared(),
    AbsoluteError: _Absolute(),
    Huber: _Huber(),
    BinaryCrossEntropy: _Binary(),
    BinaryCrossEntropyWithLogits: _BinaryLogits(),
    CrossEntropy: _CrossEntropy(),
    SoftmaxCrossEntropy: _SoftmaxCrossEntropy(),
}


def function_of(loss: Loss) -> LossFunction:
    """TypeError where the suite does not know it."""
    for kind, function in LOSSES.items():
        if isinstance(loss, kind):
            return function
    raise TypeError(f"{loss!r} is no loss that the suite knows")
