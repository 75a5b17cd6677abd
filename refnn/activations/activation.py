"""Activations: what a unit does with its pre-activation z. Without them, layers collapse into one.

    a = f(z)        dz = f'(z) da

elementwise, but for softmax, whose Jacobian is full. In code x is z and y is a. Each is right over
the whole range of its number type: nothing overflows, no tail is lost, NaN in gives NaN out. At
their kink ReLU and LeakyReLU take the derivative of the left side (0 and alpha), which is one
element of the subdifferential.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from refnn.batch import Rows
from refnn.layer import Parameters
from refnn.scalar import N


class Activation(ABC):
    """What all activations share: they have no parameters and keep the width."""

    inputs = None
    outputs = None
    parameters = None

    def with_parameters(self, parameters: Parameters[N]) -> Activation:
        raise ValueError(f"{type(self).__name__} has no parameters")

    @abstractmethod
    def forward(self, x: Rows[N]) -> list[list[N]]:
        """a = f(z)."""

    @abstractmethod
    def input_gradient(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> list[list[N]]:
        """dz = (∂a/∂z)ᵀ da."""

    def parameter_gradient(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> None:
        return None

    def backward(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> tuple[list[list[N]], None]:
        return self.input_gradient(x, y, dy), None
