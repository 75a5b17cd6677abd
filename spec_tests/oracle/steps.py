"""The parameters after several steps of gradient descent, and the losses on the way.

Every step starts from what the one before left, with its rounding: the parameters are balls too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import localcontext
from typing import Any, NamedTuple

from spec_tests.cases.case import Case, Dense
from spec_tests.declaration import Declaration
from spec_tests.formulas.ball import Ball
from spec_tests.oracle.ball_network import Parameters
from spec_tests.oracle.expected import DIGITS, Expected, Pairs, as_decimal
from spec_tests.oracle.oracle import Oracle


class Trained(NamedTuple):
    """losses: of each batch, summed over its samples, just before its update."""

    parameters: Pairs
    losses: list[Expected]


def train(
    case: Case,
    declaration: Declaration,
    rate: float,
    batches: Sequence[Sequence[int]],
    parameters: Sequence[Parameters] | None = None,
) -> Trained:
    """One step for each batch, a list of places of rows. Raises Kink on a kink, or near one.

    `parameters` are balls where training goes on from parameters that were shown.
    """
    after, losses = as_they_are(case.dense), []
    for batch in batches:
        part = case.with_rows([case.inputs[b] for b in batch], [case.targets[b] for b in batch])
        dense = [layer_of(*pair, layer) for pair, layer in zip(after, case.dense, strict=True)]
        oracle = Oracle(replace(part, dense=dense), declaration, parameters=parameters)
        oracle.refuse_kinks()
        losses.append(_summed(oracle.loss, len(batch) if case.loss.batch == "mean" else 1))
        after = oracle.stepped(rate)
        parameters = [
            (_balls(weights), None if bias is None else _balls([bias])[0])
            for weights, bias in after
        ]
    return Trained(after, losses)


def as_they_are(dense: Sequence[Dense]) -> Pairs:
    """The parameters, expected to be what they are."""

    def row(numbers: Sequence[float]) -> list[Expected]:
        return [Expected(number, 0.0) for number in numbers]

    return [
        ([row(w) for w in layer.weights], None if layer.bias is None else row(layer.bias))
        for layer in dense
    ]


def layer_of(weights: Any, bias: Any, layer: Dense) -> Dense:
    """The layer with these parameters: numbers of 50 digits, in the place of floats."""
    b = None if bias is None else [number.value for number in bias]
    return Dense([[number.value for number in row] for row in weights], b, layer.activation)


def _summed(loss: Expected, samples: int) -> Expected:
    with localcontext(DIGITS):
        return Expected(as_decimal(loss.value) * samples, loss.bound * samples)


def _balls(rows: list[list[Expected]]) -> list[list[Ball]]:
    return [[Ball(float(number.value), number.bound) for number in row] for row in rows]
