"""Losses on balls: how far a correct loss, and its gradient, may be from the exact ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from refnn.activations.smooth import sigmoid, softplus
from refnn.losses import Loss
from spec_tests.oracle.ball import Arithmetic, Ball, exactly, is_positive

Balls = list[Ball]
ONE, NOTHING = Ball(1.0, 0.0), Ball(0.0, 0.0)


def loss_gradient(ar: Arithmetic, loss: Loss, y: Balls, t: Sequence[float], n: int) -> Balls:
    """dL/dy of one row; n is the divisor of the means."""
    if type(loss).__name__ == "SoftmaxCrossEntropy":
        p = ar.softmax(y)
        whole = ar.total(exactly(t))
        slopes = [_softmax_slope(ar, a, b, whole) for a, b in zip(p, t, strict=True)]
    else:
        slopes = [_slope(ar, loss, a, b) for a, b in zip(y, t, strict=True)]
    return [ar.rounded(s.middle / n, s.radius / n, 3, s.most / n) for s in slopes]


def _softmax_slope(ar: Arithmetic, p: Ball, t: float, whole: Ball) -> Ball:
    slope = ar.difference(ar.product(p, whole), Ball(t, 0.0))
    return ar.rounded(slope.middle, slope.radius, 4, whole.most + abs(t))


def _slope(ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
    target = Ball(t, 0.0)
    residual = ar.difference(y, target)
    match type(loss).__name__:
        case "SquaredError":
            return ar.product(ar.constant(2 * float(loss.factor)), residual)
        case "AbsoluteError":
            return Ball(1.0 if is_positive(residual) else -1.0, 0.0)
        case "Huber":
            delta = float(loss.delta)
            return Ball(max(-delta, min(delta, residual.middle)), residual.radius + ar.u * delta)
        case "BinaryCrossEntropy":
            left = ar.quotient(Ball(1 - t, ar.u), ar.difference(ONE, y)) if t != 1 else NOTHING
            return ar.difference(left, ar.quotient(target, y) if t else NOTHING)
        case "BinaryCrossEntropyWithLogits":
            slope = ar.difference(ar.function(sigmoid(y.middle), 0.25, y), target)
            return ar.rounded(slope.middle, slope.radius, 4 + ar.ulps, 1 + abs(t))
    return ar.quotient(Ball(-t, 0.0), y) if t else NOTHING


def loss_value(ar: Arithmetic, loss: Loss, y: list[Balls], t: list[list[float]], n: int) -> Ball:
    """L of a batch, with n the divisor of its means."""
    rows = zip(y, t, strict=True)
    value = ar.total([ball for row, targets in rows for ball in _terms(ar, loss, row, targets)])
    return ar.rounded(value.middle / n, value.radius / n, 4, value.most / n)


def _terms(ar: Arithmetic, loss: Any, y: Balls, t: Sequence[float]) -> Balls:
    name = type(loss).__name__
    if name == "SoftmaxCrossEntropy":
        top = max(ball.middle for ball in y)
        whole = top + math.log(sum(math.exp(ball.middle - top) for ball in y))
        # A power and a logarithm have their ulps, and the logarithm is one of at most len(y).
        size = 1 + abs(top) + math.log(len(y))
        radius = max(ball.radius for ball in y) + ar.u * (2 * ar.ulps + len(y) + 2) * size
        terms = [ar.difference(Ball(whole, radius + ar.u * abs(whole)), ball) for ball in y]
        return [ar.product(Ball(b, 0.0), term) for b, term in zip(t, terms, strict=True)]
    return [_term(ar, loss, a, b) for a, b in zip(y, t, strict=True)]


def _term(ar: Arithmetic, loss: Any, y: Ball, t: float) -> Ball:
    target = Ball(t, 0.0)
    residual = ar.difference(y, target)
    match type(loss).__name__:
        case "SquaredError":
            square = ar.product(residual, residual)
            return ar.product(ar.constant(float(loss.factor)), square)
        case "AbsoluteError":
            return Ball(abs(residual.middle), residual.radius)
        case "Huber":
            delta = ar.constant(float(loss.delta))
            distance = Ball(abs(residual.middle), residual.radius)
            if distance.middle < delta.middle:
                return ar.product(Ball(0.5, 0.0), ar.product(distance, distance))
            half = Ball(delta.middle / 2, delta.radius)
            return ar.product(delta, ar.difference(distance, half))
        case "BinaryCrossEntropy":
            parts = [_minus_log(ar, t, y), _minus_log(ar, 1 - t, ar.difference(ONE, y))]
            return ar.total(parts)
        case "BinaryCrossEntropyWithLogits":
            z = Ball(y.middle, y.radius)
            size = (1 + abs(t)) * (z.most + 1)
            value = t * softplus(-z.middle) + (1 - t) * softplus(z.middle)
            # Two functions, as in ln(1 + e^-|z|).
            return ar.rounded(value, (1 + 2 * abs(t)) * z.radius, 4 + 2 * ar.ulps, size)
    return _minus_log(ar, t, y)


def _minus_log(ar: Arithmetic, weight: float, p: Ball) -> Ball:
    if not weight:
        return NOTHING
    least = p.middle - 2 * p.radius
    if not least > 0:
        return Ball(math.nan, math.inf)
    value = ar.function(math.log(p.middle), 1 / least, p)
    return ar.product(Ball(-weight, ar.u), value)
