"""Softmax: a row of scores becomes a row of probabilities.

Derived in docs/pages/learn: equations (2.17) to (2.23).
"""

from __future__ import annotations

from dataclasses import dataclass

from refnn.activations.activation import Activation
from refnn.batch import Rows, check_rows, check_same_shape
from refnn.scalar import N, dot, exp, pivot, total


@dataclass(frozen=True)
class Softmax(Activation):
    """a_k = e^(z_k) / Σ_j e^(z_j). dz_k = a_k (da_k - Σ_j a_j da_j).

    For each row; any shift of z leaves it as it is. ∂a_k/∂z_j = a_k ([k = j] - a_j). (Bridle 1990.)
    """

    def forward(self, x: Rows[N]) -> list[list[N]]:
        check_rows("x", x)
        result = []
        for row in x:
            highest = max(map(pivot, row))
            powers = [exp(z - highest) for z in row]
            whole = total(powers)
            result.append([power / whole for power in powers])
        return result

    def input_gradient(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> list[list[N]]:
        check_same_shape("y", y, "dy", dy)
        result = []
        for a_row, d_row in zip(y, dy, strict=True):
            mean = dot(a_row, d_row)
            result.append([a * (d - mean) for a, d in zip(a_row, d_row, strict=True)])
        return result
