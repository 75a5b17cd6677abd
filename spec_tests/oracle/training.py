"""The parameters after several steps of gradient descent, and the losses on the way.

Every step starts from what the one before left, with its rounding: the parameters are balls too.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any, NamedTuple

from spec_tests.cases.case import Case, Dense
from spec_tests.declaration import Declaration
from spec_tests.oracle.ball import Arithmetic, Ball
from spec_tests.oracle.ball_losses import loss_gradient, loss_value
from spec_tests.oracle.ball_network import BallNetwork, Parameters, exact_parameters
from spec_tests.oracle.formulas import divisor, row_loss
from spec_tests.oracle.forward import RowDerivative, differentiate
from spec_tests.oracle.oracle import DIGITS, Expected, Pairs, as_decimal, gradient_of


class Trained(NamedTuple):
    """losses: of each batch, summed over its samples, just before its update."""

    parameters: Pairs
    losses: list[Expected]


def train(
    case: Case, declaration: Declaration, rate: float, batches: Sequence[Sequence[int]]
) -> Trained:
    """One step for each batch, a list of places of rows. Raises Kink as the balls do."""
    arithmetic = Arithmetic(declaration.dtype, declaration.ulps)
    dense = [_in_decimals(layer) for layer in case.dense]
    balls = exact_parameters(case)
    losses = []
    with localcontext(DIGITS):
        for batch in batches:
            part = case.with_rows([case.inputs[b] for b in batch], [case.targets[b] for b in batch])
            n = divisor(case.loss, len(batch), len(case.targets[0]))
            rows = _differentiate(part, dense, declaration)
            network = BallNetwork(part, arithmetic, declaration.leaky_relu_alpha, balls)
            y, t = network.a[-1], part.targets
            loss = loss_value(arithmetic, case.loss, y, t, n)
            samples = len(batch) if case.loss.batch == "mean" else 1
            value = sum((row.loss for row in rows), Decimal(0)) / n * samples
            losses.append(Expected(value, loss.radius * samples))
            dy = [loss_gradient(arithmetic, case.loss, *row, n) for row in zip(y, t, strict=True)]
            slopes = network.backward(dy)
            found = zip(slopes.weights, slopes.bias, strict=True)
            balls = [_moved(arithmetic, rate, *p) for p in zip(balls, found, strict=True)]
            dense = [_stepped(layer, rate, rows, i, n) for i, layer in enumerate(dense)]
    return Trained(_pairs(dense, balls), losses)


def _in_decimals(layer: Dense) -> Dense:
    weights: Any = [[Decimal(w) for w in row] for row in layer.weights]
    bias: Any = layer.bias and [Decimal(b) for b in layer.bias]
    return Dense(weights, bias, layer.activation)


def _differentiate(part: Case, dense: list[Dense], declaration: Declaration) -> list[RowDerivative]:
    alpha = Decimal(declaration.leaky_relu_alpha)
    at_zero = {"relu": Decimal(declaration.relu_derivative_at_zero), "leaky_relu": alpha}

    def row(x: Sequence[float], t: Sequence[float]) -> RowDerivative:
        targets = [Decimal(v) for v in t]
        inputs = [Decimal(v) for v in x]

        def loss(y: Sequence[Any]) -> Any:
            return row_loss(part.loss, y, targets, as_decimal)

        return differentiate(dense, inputs, loss, alpha, at_zero)

    return [row(x, t) for x, t in zip(part.inputs, part.targets, strict=True)]


def _stepped(layer: Dense, rate: float, rows: list[RowDerivative], i: int, n: int) -> Dense:
    dw, db = gradient_of(rows, i, n)
    eta = Decimal(rate)
    weights: Any = [
        [w - eta * g for w, g in zip(*pair, strict=True)]
        for pair in zip(layer.weights, dw, strict=True)
    ]
    bias: Any = layer.bias and [b - eta * g for b, g in zip(layer.bias, db, strict=True)]
    return Dense(weights, bias, layer.activation)


def _moved(ar: Arithmetic, rate: float, parameters: Parameters, slopes: Any) -> Parameters:
    eta = ar.constant(rate)

    def step(w: Ball, g: Ball) -> Ball:
        return ar.difference(w, ar.product(eta, g))

    (weights, bias), (dw, db) = parameters, slopes
    moved = [
        [step(w, g) for w, g in zip(*pair, strict=True)] for pair in zip(weights, dw, strict=True)
    ]
    return moved, bias and [step(b, g) for b, g in zip(bias, db, strict=True)]


def _pairs(dense: list[Dense], balls: list[Parameters]) -> Pairs:
    pairs: Pairs = []
    for layer, (weights, bias) in zip(dense, balls, strict=True):
        rows = [
            [Expected(w, ball.radius) for w, ball in zip(*row, strict=True)]
            for row in zip(layer.weights, weights, strict=True)
        ]
        own = None
        if layer.bias is not None and bias is not None:
            own = [Expected(b, ball.radius) for b, ball in zip(layer.bias, bias, strict=True)]
        pairs.append((rows, own))
    return pairs
