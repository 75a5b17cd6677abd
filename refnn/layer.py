"""A layer is a value: it holds parameters, or nothing, and its functions are pure.

    y  = f(x)                                  forward
    dx = (∂y/∂x)ᵀ dy,  dθ = (∂y/∂θ)ᵀ dy        backward, where dv means ∂L/∂v

Nothing is remembered between the two: `x` and `y` of the forward pass are handed back to the
backward pass, so no cache can be stale. All of x, y, dx, dy are batches of rows.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from refnn.batch import Rows
from refnn.scalar import N, Number

M = TypeVar("M", bound=Number)


class Parameters(NamedTuple, Generic[N]):
    """What a layer learns, or anything of the same shape (a gradient, a velocity).

    weights: outputs x inputs. bias: outputs, or None for a layer without one.
    """

    weights: list[list[N]]
    bias: list[N] | None

    @property
    def rows(self) -> list[list[N]]:
        """The rows of the weights, then the bias, if there is one."""
        return [*self.weights] if self.bias is None else [*self.weights, self.bias]

    def with_rows(self, rows: Sequence[list[M]]) -> Parameters[M]:
        """Parameters of this shape, from other rows."""
        outputs = len(self.weights)
        return Parameters(list(rows[:outputs]), None if self.bias is None else rows[outputs])

    def names(self) -> list[str]:
        """The name of each row: weights[0], weights[1], ..., bias."""
        names = [f"weights[{j}]" for j in range(len(self.weights))]
        return names if self.bias is None else [*names, "bias"]


class Layer(ABC, Generic[N]):
    """A layer for numbers of the type N. The simplest one gives `forward` and `input_gradient`.

    One that learns gives `parameters`, `with_parameters` and `parameter_gradient` too; one that is
    particular about widths gives `inputs` and `outputs`.
    """

    @property
    def inputs(self) -> int | None:
        """The width of its rows, or None where any will do and y is as wide as x."""
        return None

    @property
    def outputs(self) -> int | None:
        """The width of y, or None where it is that of x."""
        return None

    @property
    def parameters(self) -> Parameters[N] | None:
        """What it learns, or None where it learns nothing."""
        return None

    def with_parameters(self, parameters: Parameters[N]) -> Layer[N]:
        """A layer like this one with other parameters."""
        raise TypeError(f"{type(self).__name__} has no parameters")

    @abstractmethod
    def forward(self, x: Rows[N]) -> list[list[N]]:
        """y = f(x), row by row."""

    @abstractmethod
    def input_gradient(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> list[list[N]]:
        """dx, shaped like x."""

    def parameter_gradient(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> Parameters[N] | None:
        """dθ, shaped like the parameters and summed over the batch; None without parameters."""
        return None

    def backward(
        self, x: Rows[N], y: Rows[N], dy: Rows[N]
    ) -> tuple[list[list[N]], Parameters[N] | None]:
        """(dx, dθ)."""
        return self.input_gradient(x, y, dy), self.parameter_gradient(x, y, dy)
