"""Back-propagation: the chain rule from the last layer to the first.

    forward     x_1 = x,    x_(l+1) = f_l(x_l),    y = x_(n+1)
    backward    dy = ∂L/∂y,    (dx_l, dθ_l) = backward of layer l at (x_l, x_(l+1), dx_(l+1))

(Rumelhart, Hinton, Williams 1986). Every x_l has a row for each sample, so each sample meets its
own activations. The dx of the first layer that learns is used by nobody and is not computed.
Derived in docs/pages/learn: equations (5.20) to (5.23).
"""

from __future__ import annotations

from collections.abc import Sequence

from refnn.batch import Rows
from refnn.layer import Layer, Parameters
from refnn.losses import Loss
from refnn.scalar import N


def trace(layers: Sequence[Layer[N]], x: Rows[N]) -> list[Rows[N]]:
    """[x_1, ..., x_n, y]: the input of every layer, and the output of the last."""
    passed = [x]
    for layer in layers:
        passed.append(layer.forward(passed[-1]))
    return passed


def gradients(
    layers: Sequence[Layer[N]], loss: Loss, x: Rows[N], t: Rows[N]
) -> tuple[N, list[Parameters[N] | None]]:
    """(L, [dθ of each layer, or None where it has no parameters])."""
    passed = trace(layers, x)
    y = passed[-1]
    value, dy = loss.value(y, t), loss.gradient(y, t)
    found: list[Parameters[N] | None] = [None] * len(layers)
    learning = [i for i, layer in enumerate(layers) if layer.parameters is not None]
    if learning:
        first = learning[0]
        for i in range(len(layers) - 1, first, -1):
            dy, found[i] = layers[i].backward(passed[i], passed[i + 1], dy)
        found[first] = layers[first].parameter_gradient(passed[first], passed[first + 1], dy)
    return value, found
