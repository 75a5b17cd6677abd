"""The expected numbers, from the forward pass alone, on dual numbers.

One pass of a row carries a vector of tangents, one for each pre-activation z of each unit of each
layer and for each input: the derivative of the row's loss in all of them. Since z = W x + b,

    ∂L/∂W_ji = Σ_rows ∂L/∂z_j · x_i        ∂L/∂b_j = Σ_rows ∂L/∂z_j

which is the tangent of W_ji itself: a pass is linear in its seed, and W_ji moves z_j by x_i. No
backward pass takes part, neither refnn's nor any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from refnn import Dual
from spec_tests.cases.case import Dense
from spec_tests.oracle.formulas import activate


class Vector:
    """A tangent in several directions at once: adds, and is scaled by numbers."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Any]) -> None:
        self.parts = parts

    def __add__(self, other: Vector) -> Vector:
        return Vector([a + b for a, b in zip(self.parts, other.parts, strict=True)])

    def __sub__(self, other: Vector) -> Vector:
        return Vector([a - b for a, b in zip(self.parts, other.parts, strict=True)])

    def __neg__(self) -> Vector:
        return Vector([-a for a in self.parts])

    def __mul__(self, scale: Any) -> Vector:
        return Vector([a * scale for a in self.parts])

    __rmul__ = __mul__

    def __truediv__(self, scale: Any) -> Vector:
        return Vector([a / scale for a in self.parts])


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
    alpha: Any,
    at_zero: Mapping[str, Any],
    inputs: bool = False,
) -> RowDerivative:
    """The row x, with the derivative of output_loss(y) in every z, and in x where `inputs` says."""
    seeds = len(x) * inputs + sum(len(layer.weights) for layer in dense)
    nothing = x[0] * 0
    one = nothing + 1
    place = 0

    def seeded(value: Any) -> Dual[Any]:
        nonlocal place
        parts = [nothing] * seeds
        parts[place] = one
        place += 1
        if not isinstance(value, Dual):
            return Dual(value, Vector(parts))
        return Dual(value.value, value.tangent + Vector(parts))

    row: list[Any] = [seeded(value) for value in x] if inputs else list(x)
    a, z = [list(x)], []
    for layer in dense:
        before = [seeded(v) for v in _affine(layer, row)]
        row = activate(layer.activation, before, alpha, at_zero)
        z.append([v.value for v in before])
        a.append([v.value for v in row])
    loss = output_loss(row)
    slopes = iter(loss.tangent.parts)
    dx = [next(slopes) for _ in x] if inputs else []
    dz = [[next(slopes) for _ in layer.weights] for layer in dense]
    return RowDerivative(a, z, loss.value, dz, dx)


def _affine(layer: Dense, x: Sequence[Any]) -> list[Any]:
    result = []
    for j, weights in enumerate(layer.weights):
        terms = [v * w for w, v in zip(weights, x, strict=True)]
        if layer.bias is not None:
            terms.append(layer.bias[j])
        result.append(sum(terms[1:], terms[0]))
    return result
