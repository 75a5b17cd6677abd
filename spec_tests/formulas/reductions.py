"""From the terms of rows to the loss of a batch: L = Σ_rows Σ_k ℓ / n, by the declared means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from refnn.losses import Loss
from spec_tests.formulas.ball import Arithmetic, Ball
from spec_tests.formulas.loss_functions import Balls, Number, Row, function_of


def divisor(loss: Loss, batch: int, outputs: int) -> int:
    """n of the means."""
    return (batch if loss.batch == "mean" else 1) * (outputs if loss.outputs == "mean" else 1)


def row_loss(loss: Loss, y: Row, t: Row, number: Number) -> Any:
    """Σ ℓ over the outputs of one row."""
    terms = function_of(loss).terms(loss, y, t, number)
    return sum(terms[1:], terms[0])


def loss_gradient(ar: Arithmetic, loss: Loss, y: Balls, t: Sequence[float], n: int) -> Balls:
    """dL/dy of one row.

    Three roundings: 1/n, or 1/B and 1/K, and the product with each.
    """
    slopes = function_of(loss).slopes(ar, loss, y, t)
    return [ar.rounded(s.middle / n, s.radius / n, 3, s.most / n) for s in slopes]


def loss_value(ar: Arithmetic, loss: Loss, y: list[Balls], t: list[list[float]], n: int) -> Ball:
    """L of a batch.

    Four roundings: 1/B and 1/K, and the product with each.
    """
    function = function_of(loss)
    rows = [function.balls(ar, loss, *pair) for pair in zip(y, t, strict=True)]
    value = ar.total([term for row in rows for term in row])
    return ar.rounded(value.middle / n, value.radius / n, 4, value.most / n)
