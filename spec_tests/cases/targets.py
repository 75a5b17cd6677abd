"""Targets of a batch, such as the loss wants them: numbers, probabilities, or distributions."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from refnn.losses import Loss
from spec_tests.cases.case import Case, Dense, Matrix
from spec_tests.cases.numbers import Pool, salt
from spec_tests.formulas.loss_functions import function_of

APART = 50
"""A tag that no bias has, which come from the same pool."""
SHARES = (1.0, 0.75, 0.5, 0.625, 0.25)
"""Of the class that a row is of: few bits, so that the shares of a row sum to 1 exactly."""
SATURATED = 1000.0
"""e^-1000 is 0 in every format: so the probability is exactly 0 or 1."""


def targets_of(
    rng: Random, declared: str, pool: Pool, loss: Loss, rows: int, outputs: int
) -> Matrix:
    """`declared` is what an adapter says of its targets: distributions, one-hot rows, or any."""
    kind = function_of(loss).targets
    if kind == "shares":
        hard = declared == "one-hot" or rng.random() < 0.5
        start, turn = salt(rng), salt(rng)
        return [_shares(start + turn * b + 7 * b, outputs, hard) for b in range(rows)]
    if kind == "distributions":
        soft = declared != "one-hot" and rng.random() < 0.5
        start = salt(rng)
        found = [_distribution(start, b, outputs, soft) for b in range(rows)]
        whole = rng.choice((1.0, 0.5, 2.0)) if declared == "any" else 1.0
        return [[whole * share for share in row] for row in found]
    return pool.matrix(APART, rows, outputs)


def _shares(start: int, outputs: int, hard: bool) -> list[float]:
    """Each 0 or 1, or a multiple of 1/64, where 37 is prime to 65 so that all occur."""
    numbers = [37 * (start + k) % 65 for k in range(outputs)]
    return [float(n % 2) if hard else n / 64 for n in numbers]


def _distribution(start: int, b: int, classes: int, soft: bool) -> list[float]:
    """One class, or shares of it and of two others."""
    share = SHARES[(start + b) % len(SHARES)] if soft else 1.0
    row = [0.0] * classes
    for step, part in ((0, share), (1, (1 - share) / 2), (2, (1 - share) / 2)):
        row[(start + b * (b + 1) // 2 + step) % classes] += part
    return row


def with_a_saturated_output(rng: Random, case: Case) -> Case:
    """Of some cross-entropies, one output is 0 or 1 exactly, as its target is; others are live."""
    weights, bias, name = case.dense[-1]
    kind = function_of(case.loss).targets
    if kind == "numbers" or bias is None or len(bias) < 2:
        return case
    if rng.random() < 0.75:
        return case
    k, sign = salt(rng) % len(bias), 1.0
    targets = [list(row) for row in case.targets]
    if kind == "shares" and name != "softmax":
        sign = rng.choice((-1.0, 1.0))
        for row in targets:
            row[k] = float(sign > 0)
    else:
        sign = -1.0
        for row in targets:
            row[(k + 1) % len(bias)] += row[k]
            row[k] = 0.0
    moved = [sign * SATURATED if j == k else b for j, b in enumerate(bias)]
    dense = [*case.dense[:-1], Dense(weights, moved, name)]
    return replace(case, dense=dense, targets=targets)
