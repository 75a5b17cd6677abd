"""Losses on balls: how far a correct loss, and its gradient, may be from the exact ones."""

from __future__ import annotations

import math
from collections.abc import Sequence

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
from spec_tests.oracle.ball import Arithmetic, Ball, exactly, is_positive

Balls = list[Ball]
ONE, HALF, NOTHING = Ball(1.0, 0.0), Ball(0.5, 0.0), Ball(0.0, 0.0)


def loss_gradient(ar: Arithmetic, loss: Loss, y: Balls, t: Sequence[float], n: int) -> Balls:
    """dL/dy of one row; n is the divisor of the means.

    Three roundings: 1/n, or 1/B and 1/K, and the product with each.
    """
    if isinstance(loss, SoftmaxCrossEntropy):
        whole = ar.total(exactly(t))
        slopes = [_softmax_slope(ar, a, b, whole) for a, b in zip(ar.softmax(y), t, strict=True)]
    else:
        slopes = [_slope(ar, loss, a, b) for a, b in zip(y, t, strict=True)]
    return [ar.rounded(s.middle / n, s.radius / n, 3, s.most / n) for s in slopes]


def _softmax_slope(ar: Arithmetic, p: Ball, t: float, whole: Ball) -> Ball:
    """p Σt - t. Or, with no digit lost, p (Σt - t) - t (1 - p): four roundings of its parts."""
    slope = ar.difference(ar.product(p, whole), Ball(t, 0.0))
    return ar.rounded(slope.middle, slope.radius, 4, whole.most * p.most + abs(t))


def _slope(ar: Arithmetic, loss: Loss, y: Ball, t: float) -> Ball:
    target = Ball(t, 0.0)
    residual = ar.difference(y, target)
    match loss:
        case SquaredError(factor=factor):
            return ar.product(ar.constant(2 * float(factor)), residual)
        case AbsoluteError():
            return Ball(1.0 if is_positive(residual) else -1.0, 0.0)
        case Huber(delta=delta):
            d = float(delta)
            return Ball(max(-d, min(d, residual.middle)), residual.radius + ar.u * d)
        case BinaryCrossEntropy():
            # 1 - t rounds once.
            left = ar.quotient(Ball(1 - t, ar.u), ar.difference(ONE, y)) if t != 1 else NOTHING
            return ar.difference(left, ar.quotient(target, y) if t else NOTHING)
        case BinaryCrossEntropyWithLogits():
            slope = ar.difference(ar.function(sigmoid(y.middle), 0.25, y), target)
            # (1 - t) σ(z) - t σ(-z): two functions in the place of one, and four roundings.
            return ar.rounded(slope.middle, slope.radius, 4 + ar.ulps, 1 + abs(t))
        case CrossEntropy():
            return ar.quotient(Ball(-t, 0.0), y) if t else NOTHING
    raise TypeError(f"{loss!r} is no loss that the suite knows")


def loss_value(ar: Arithmetic, loss: Loss, y: list[Balls], t: list[list[float]], n: int) -> Ball:
    """L of a batch, with n the divisor of its means.

    Four roundings: 1/B and 1/K, and the product with each.
    """
    rows = zip(y, t, strict=True)
    value = ar.total([ball for row, targets in rows for ball in _terms(ar, loss, row, targets)])
    return ar.rounded(value.middle / n, value.radius / n, 4, value.most / n)


def _terms(ar: Arithmetic, loss: Loss, y: Balls, t: Sequence[float]) -> Balls:
    if isinstance(loss, SoftmaxCrossEntropy):
        return _softmax_terms(ar, y, t)
    return [_term(ar, loss, a, b) for a, b in zip(y, t, strict=True)]


def _softmax_terms(ar: Arithmetic, y: Balls, t: Sequence[float]) -> Balls:
    """t_k (ln Σ e^(z_j) - z_k), or -t_k ln p_k of the softmax p, as many write it."""
    top = max(ball.middle for ball in y)
    whole = top + math.log(sum(math.exp(ball.middle - top) for ball in y))
    highest = max(ball.most for ball in y)
    # A power and a logarithm have their ulps, the n powers are added, and the shift by the largest
    # is subtracted and added again; the logarithm is one of at most n.
    size = 1 + highest + math.log(len(y))
    radius = max(ball.radius for ball in y) + ar.u * (2 * ar.ulps + len(y) + 2) * size
    direct = Ball(whole, radius + ar.u * abs(whole))
    terms = []
    for p, z, weight in zip(ar.softmax(y), y, t, strict=True):
        term = ar.difference(direct, z)
        through = ar.function(term.middle, 1.0, Ball(term.middle, _log_radius(ar, p)))
        best = Ball(term.middle, max(term.radius, through.radius))
        terms.append(ar.product(Ball(weight, 0.0), best) if weight else NOTHING)
    return terms


def _log_radius(ar: Arithmetic, p: Ball) -> float:
    """How far ln p may be off where p is computed first.

    Near the smallest subnormal number p keeps no digit, but then it is one of a few multiples of
    it: at 0 the loss would be infinite, for scores that are not.
    """
    radius = p.radius - ar.tiny + ar.subnormal
    least = max(p.middle - 2 * radius, ar.subnormal)
    return math.log((max(p.middle, ar.subnormal) + 2 * radius) / least)


def _term(ar: Arithmetic, loss: Loss, y: Ball, t: float) -> Ball:
    residual = ar.difference(y, Ball(t, 0.0))
    distance = Ball(abs(residual.middle), residual.radius)
    match loss:
        case SquaredError(factor=factor):
            return ar.product(ar.constant(float(factor)), ar.product(residual, residual))
        case AbsoluteError():
            return distance
        case Huber(delta=d):
            delta = ar.constant(float(d))
            if distance.middle < delta.middle:
                return ar.product(HALF, ar.product(distance, distance))
            half = Ball(delta.middle / 2, delta.radius)
            return ar.product(delta, ar.difference(distance, half))
        case BinaryCrossEntropy():
            return ar.total([_minus_log(ar, t, y), _minus_log(ar, 1 - t, ar.difference(ONE, y))])
        case BinaryCrossEntropyWithLogits():
            size = (1 + abs(t)) * (y.most + 1)
            value = t * softplus(-y.middle) + (1 - t) * softplus(y.middle)
            # Two functions, as in ln(1 + e^-|z|), and four roundings: of 1 - t, products and sum.
            return ar.rounded(value, (1 + 2 * abs(t)) * y.radius, 4 + 2 * ar.ulps, size)
        case CrossEntropy():
            return _minus_log(ar, t, y)
    raise TypeError(f"{loss!r} is no loss that the suite knows")


def _minus_log(ar: Arithmetic, weight: float, p: Ball) -> Ball:
    """-weight ln p; the weight may be 1 - t, which rounds once."""
    if not weight:
        return NOTHING
    least = p.middle - 2 * p.radius
    if not least > 0:
        return Ball(math.nan, math.inf)
    value = ar.function(math.log(p.middle), 1 / least, p)
    return ar.product(Ball(-weight, ar.u), value)
