"""The fully connected layer: every output is a weighted sum of all inputs, plus a bias.

    y = W x + b             y_j = Σ_i W_ji x_i + b_j                    for each row x
    dx = Wᵀ dy              dW = Σ_rows dy xᵀ        db = Σ_rows dy

W is outputs x inputs (Goodfellow, Bengio, Courville: Deep Learning, 2016, chapter 6). All are
dot products of rows: X Wᵀ, dY W, dYᵀ X. Nothing is divided by the batch here: a mean is the loss's.
Derived in docs/pages/learn: equations (3.4), (3.12), (3.13), (3.14).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import cast

from refnn.batch import Rows, ShapeError, check_kind, check_row, check_rows
from refnn.initializers import Glorot, Initializer
from refnn.layer import Layer, Parameters
from refnn.scalar import N, dot, total


@dataclass(frozen=True)
class FCLayer(Layer[N]):
    """y = W x + b. dW = dy xᵀ, db = dy, dx = Wᵀ dy.

    weights: outputs x inputs; bias: outputs numbers, or None for no bias. Both are copied.
    """

    weights: Sequence[Sequence[N]]
    bias: Sequence[N] | None

    def __post_init__(self) -> None:
        check_rows("weights", self.weights)
        object.__setattr__(self, "weights", [list(row) for row in self.weights])
        if self.bias is not None:
            check_row("bias", self.bias, self.outputs)
            object.__setattr__(self, "bias", list(self.bias))

    @staticmethod
    def random(
        inputs: int,
        outputs: int,
        rng: Random,
        initializer: Initializer | None = None,
        bias: bool = True,
    ) -> FCLayer[float]:
        """Weights drawn by `initializer` (Glorot where none is given), biases 0."""
        check_kind("rng", rng, Random, "a random.Random")
        if isinstance(initializer, type):
            raise TypeError(f"initializer is the class {initializer.__name__}, should be an object")
        weights = (initializer or Glorot())(inputs, outputs, rng)
        check_rows("the initializer's weights", weights, inputs)
        return FCLayer(weights, [0.0] * outputs if bias else None)

    @property
    def inputs(self) -> int:
        return len(self.weights[0])

    @property
    def outputs(self) -> int:
        return len(self.weights)

    @property
    def parameters(self) -> Parameters[N]:
        """The weights and the bias themselves, not copies: to be read only."""
        return Parameters(cast(list[list[N]], self.weights), cast(list[N] | None, self.bias))

    def with_parameters(self, parameters: Parameters[N]) -> FCLayer[N]:
        return type(self)(*parameters)

    def forward(self, x: Rows[N]) -> list[list[N]]:
        """y = W x + b. x: B x inputs. y: B x outputs."""
        check_rows("x", x, self.inputs)
        if self.bias is None:
            return [[dot(w, row) for w in self.weights] for row in x]
        return [[dot(w, row) + b for w, b in zip(self.weights, self.bias)] for row in x]

    def input_gradient(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> list[list[N]]:
        """dx = Wᵀ dy. dy: B x outputs. dx: B x inputs."""
        check_rows("dy", dy, self.outputs)
        columns = list(zip(*self.weights))
        return [[dot(d, w) for w in columns] for d in dy]

    def parameter_gradient(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> Parameters[N]:
        """dW = dYᵀ X and db = the column sums of dY, both summed over the batch."""
        check_rows("x", x, self.inputs)
        check_rows("dy", dy, self.outputs)
        if len(x) != len(dy):
            raise ShapeError(f"x has {len(x)} rows, dy has {len(dy)}: should be the same")
        x_columns, dy_columns = list(zip(*x)), list(zip(*dy))
        weights = [[dot(d, column) for column in x_columns] for d in dy_columns]
        bias = None if self.bias is None else [total(d) for d in dy_columns]
        return Parameters(weights, bias)
