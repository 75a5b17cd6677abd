"""Activations: layers without parameters."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from spec_tests.implementations.numpy_twin.arrays import (
    ROWS,
    Array,
    array,
    sigmoid,
    silent,
    softplus,
    sums,
)
from spec_tests.implementations.numpy_twin.layers import Layer


@dataclass(frozen=True)
class Activation(Layer):
    """a = f(z), dz = chain(z, a, da). At a kink the derivative is that of the left side."""

    @abstractmethod
    def f(self, z: Array) -> Array: ...

    @abstractmethod
    def chain(self, z: Array, a: Array, da: Array) -> Array: ...

    @silent
    def forward(self, x: Array) -> Array:
        return self.f(array("x", x, ROWS))

    @silent
    def input_gradient(self, x: Array, y: Array, dy: Array) -> Array:
        x = array("x", x, ROWS)
        return self.chain(x, array("y", y, x.shape, x.dtype), array("dy", dy, x.shape, x.dtype))


class Identity(Activation):
    """a = z."""

    def f(self, z: Array) -> Array:
        return z.copy()

    def chain(self, z: Array, a: Array, da: Array) -> Array:
        return da.copy()


class ReLU(Activation):
    """a = max(0, z). Of da the bits are multiplied, by 0 or 1, as 0 · ∞ would not be 0."""

    def f(self, z: Array) -> Array:
        return np.maximum(z, 0)

    def chain(self, z: Array, a: Array, da: Array) -> Array:
        bits = da.view(f"i{da.itemsize}")
        return (bits * ~(z <= 0)).view(da.dtype)


@dataclass(frozen=True)
class LeakyReLU(Activation):
    """a = z for z > 0, alpha z for z <= 0. a' = 1, alpha."""

    alpha: float = 0.01

    def f(self, z: Array) -> Array:
        return self.chain(z, z, z)

    def chain(self, z: Array, a: Array, da: Array) -> Array:
        return np.where(z <= 0, float(self.alpha) * da, da)


class Sigmoid(Activation):
    """a = σ(z). a' = σ(z) σ(-z)."""

    def f(self, z: Array) -> Array:
        return sigmoid(z)

    def chain(self, z: Array, a: Array, da: Array) -> Array:
        return a * sigmoid(-z) * da


class Tanh(Activation):
    """a = tanh z. a' = sech² z, where sech z = 2 e^-|z| / (1 + e^-2|z|)."""

    def f(self, z: Array) -> Array:
        return np.tanh(z)

    def chain(self, z: Array, a: Array, da: Array) -> Array:
        e = np.exp(-np.abs(z))
        sech: Array = 2 * e / (1 + e * e)
        return sech**2 * da


class Softplus(Activation):
    """a = ln(1 + e^z). a' = σ(z)."""

    def f(self, z: Array) -> Array:
        return softplus(z)

    def chain(self, z: Array, a: Array, da: Array) -> Array:
        return sigmoid(z) * da


class Softmax(Activation):
    """a_k = e^(z_k) / Σ_j e^(z_j), for each row. dz = a (da - Σ_j a_j da_j)."""

    def f(self, z: Array) -> Array:
        powers: Array = np.exp(z - z.max(axis=1, keepdims=True))
        return powers / sums(powers)

    def chain(self, z: Array, a: Array, da: Array) -> Array:
        dz: Array = a * (da - sums(a * da))
        return dz
