"""The expected numbers, from the forward formulas alone, differentiated on a tape.

Of each row the tape gives the derivative of its loss in every pre-activation z and every input.
Since z = W x + b,

    ∂L/∂W_ji = Σ_rows ∂L/∂z_j · x_i        ∂L/∂b_j = Σ_rows ∂L/∂z_j

No backward pass that somebody wrote takes part, neither refnn's nor any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from spec_tests.cases.case import Dense
from spec_tests.formulas.activation_functions import ACTIVATIONS, Slopes
from spec_tests.oracle.tape import Taped, sweep, weighted_sum


class RowDerivative(NamedTuple):
    """Of one row: a[0] is x, a[l + 1] and z[l] belong to layer l, dz[l] is ∂(row's loss)/∂z[l]."""

    a: list[list[Any]]
    z: list[list[Any]]
    loss: Any
    dz: list[list[Any]]
    dx: list[Any]


def differentiate(
    dense: Sequence[Dense],
    x: Sequence[Any],
    output_loss: Callable[[Sequence[Any]], Any],
    slopes: Slopes,
) -> RowDerivative:
    """The row x, with the derivative of output_loss(y) in every z and in x."""
    tape: list[Taped] = []
    inputs = [Taped(tape, value) for value in x]
    a: list[Sequence[Taped]] = [inputs]
    z: list[list[Taped]] = []
    for layer in dense:
        bias = layer.bias or [0] * len(layer.weights)
        z.append([weighted_sum(a[-1], w, b) for w, b in zip(layer.weights, bias, strict=True)])
        a.append(ACTIVATIONS[layer.activation].row(z[-1], slopes))
    loss = output_loss(a[-1])
    sweep(loss)
    found = RowDerivative(
        [[v.value for v in row] for row in a],
        [[v.value for v in row] for row in z],
        loss.value,
        [[v.slope for v in row] for row in z],
        [v.slope for v in inputs],
    )
    # Numbers and their tape hold each other: without this they would wait for the collector.
    tape.clear()
    return found
