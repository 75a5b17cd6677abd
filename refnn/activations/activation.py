"""Activations: what a unit does with its pre-activation z. Without them, layers collapse into one.

    a = f(z)        dz = f'(z) da

elementwise, but for softmax, whose Jacobian is full. In code x is z and y is a. Each is right over
the whole range of its number type: nothing overflows, no tail is lost, NaN in gives NaN out. At
their kink ReLU and LeakyReLU take the derivative of the left side (0 and alpha), which is one
element of the subdifferential.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from refnn.batch import Rows
from refnn.layer import Layer
from refnn.scalar import N


class Activation(Layer[Any]):
    """A layer without parameters, as wide as its rows, for every number type."""

    @abstractmethod
    def forward(self, x: Rows[N]) -> list[list[N]]:
        """a = f(z)."""

    @abstractmethod
    def input_gradient(self, x: Rows[N], y: Rows[N], dy: Rows[N]) -> list[list[N]]:
        """dz = (∂a/∂z)ᵀ da."""
