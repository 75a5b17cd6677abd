"""Piecewise linear activations: rational, so exact on fractions, with a kink at 0.

Derived in docs/pages/learn: equations (2.4) to (2.9).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from refnn.activations.activation import Activation
from refnn.batch import Rows, check_rows, check_same_shape, number_type
from refnn.scalar import Constant, N, constant, typical, zero


@dataclass(frozen=True)
class Identity(Activation):
    """a = z. a' = 1."""

    def forward(self, x: Rows[N]) -> list[list[N]]:
        check_rows("x", x)
        return [list(row) for row in x]

    def input_gradient(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> list[list[N]]:
        check_same_shape("x", x, "dy", dy)
        return [list(row) for row in dy]


@dataclass(frozen=True)
class ReLU(Activation):
    """a = max(0, z). a' = 1 for z > 0, 0 for z <= 0.

    (Nair & Hinton 2010.)
    """

    def forward(self, x: Rows[N]) -> list[list[N]]:
        check_rows("x", x)
        nothing = zero(typical(chain.from_iterable(x)))
        return [[nothing if z <= nothing else z for z in row] for row in x]

    def input_gradient(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> list[list[N]]:
        check_same_shape("x", x, "dy", dy)
        nothing = zero(typical(chain.from_iterable(x)))
        return [
            [nothing if z <= nothing else d for z, d in zip(z_row, d_row, strict=True)]
            for z_row, d_row in zip(x, dy, strict=True)
        ]


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """a = z for z > 0, alpha z for z <= 0. a' = 1, alpha.

    (Maas, Hannun, Ng 2013.)
    """

    alpha: Constant = 0.01

    def __post_init__(self) -> None:
        number_type(self.alpha, "alpha")

    def forward(self, x: Rows[N]) -> list[list[N]]:
        check_rows("x", x)
        alpha = constant(self.alpha, typical(chain.from_iterable(x)))
        return [[alpha * z if z <= 0 else z for z in row] for row in x]

    def input_gradient(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> list[list[N]]:
        check_same_shape("x", x, "dy", dy)
        alpha = constant(self.alpha, typical(chain.from_iterable(x)))
        return [
            [alpha * d if z <= 0 else d for z, d in zip(z_row, d_row, strict=True)]
            for z_row, d_row in zip(x, dy, strict=True)
        ]
