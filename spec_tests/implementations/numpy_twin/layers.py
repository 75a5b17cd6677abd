"""What a layer is, and the fully connected one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import numpy.typing as npt

from spec_tests.implementations.numpy_twin.arrays import ROWS, Array, array, silent


class Parameters(NamedTuple):
    """What a layer learns. weights: outputs x inputs. bias: outputs, or None without one."""

    weights: Array
    bias: Array | None


class Layer(ABC):
    """y = f(x). dx = (∂y/∂x)ᵀ dy, dθ = (∂y/∂θ)ᵀ dy. Nothing is remembered between the two."""

    parameters: Parameters | None = None

    @abstractmethod
    def forward(self, x: Array) -> Array: ...

    @abstractmethod
    def input_gradient(self, x: Array, y: Array, dy: Array) -> Array: ...

    def parameter_gradient(self, x: Array, y: Array, dy: Array) -> Parameters | None:
        return None

    def backward(self, x: Array, y: Array, dy: Array) -> tuple[Array, Parameters | None]:
        return self.input_gradient(x, y, dy), self.parameter_gradient(x, y, dy)


class FCLayer(Layer):
    """y = W x + b. dW = Σ_rows dy xᵀ, db = Σ_rows dy, dx = Wᵀ dy.

    weights: outputs x inputs; bias: outputs numbers, or None. Arrays are held, not copied.
    """

    def __init__(self, weights: npt.ArrayLike, bias: npt.ArrayLike | None) -> None:
        self.weights = array("weights", weights, ROWS)
        self.outputs, self.inputs = self.weights.shape
        self.dtype = self.weights.dtype
        self.bias = None if bias is None else array("bias", bias, (self.outputs,), self.dtype)
        self.parameters = Parameters(self.weights, self.bias)

    @silent
    def forward(self, x: Array) -> Array:
        y: Array = array("x", x, (None, self.inputs), self.dtype) @ self.weights.T
        if self.bias is not None:
            y += self.bias
        return y

    @silent
    def input_gradient(self, x: Array, y: Array, dy: Array) -> Array:
        return array("dy", dy, (None, self.outputs), self.dtype) @ self.weights

    @silent
    def parameter_gradient(self, x: Array, y: Array, dy: Array) -> Parameters:
        x = array("x", x, (None, self.inputs), self.dtype)
        dy = array("dy", dy, (len(x), self.outputs), self.dtype)
        return Parameters(dy.T @ x, None if self.bias is None else dy.sum(axis=0))
