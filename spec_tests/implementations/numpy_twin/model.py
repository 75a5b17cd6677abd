"""Layers in a row, with a loss: prediction, gradients, training."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from random import Random
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from spec_tests.implementations.numpy_twin.arrays import Array, array
from spec_tests.implementations.numpy_twin.layers import FCLayer, Layer, Parameters
from spec_tests.implementations.numpy_twin.losses import MSE, Loss
from spec_tests.implementations.numpy_twin.optimizers import Optimizer, State


class History(NamedTuple):
    """losses: the mean loss over the samples of each epoch, each seen just before its update."""

    losses: list[Any]


class Model:
    """y = f_n(... f_1(x)), L = loss(y, t). Training replaces its layers and never edits one."""

    def __init__(self, layers: Sequence[Layer], loss: Loss | None = None) -> None:
        self.layers, self.loss = list(layers), loss or MSE()
        if not self.layers:
            raise ValueError("layers is empty, should have at least one layer")
        dense = [layer for layer in layers if isinstance(layer, FCLayer)]
        for below, above in itertools.pairwise(dense):
            array("weights", above.weights, (None, below.outputs), below.dtype)
        self.inputs = dense[0].inputs if dense else None
        self.dtype = dense[0].dtype if dense else None

    def trace(self, x: npt.ArrayLike) -> list[Array]:
        """[x_1, ..., x_n, y]: the input of every layer, and the output of the last."""
        passed = [array("x", x, (None, self.inputs), self.dtype)]
        for layer in self.layers:
            passed.append(layer.forward(passed[-1]))
        return passed

    def predict(self, x: npt.ArrayLike) -> Array:
        """y, B x outputs. x: B x inputs."""
        return self.trace(x)[-1]

    def evaluate(self, x: npt.ArrayLike, t: npt.ArrayLike) -> Any:
        """L, the loss of the whole batch."""
        return self.loss.value(self.predict(x), t)

    def gradients(self, x: npt.ArrayLike, t: npt.ArrayLike) -> tuple[Any, list[Parameters | None]]:
        """(L, dθ of each layer). The dx of the first layer that learns is not computed."""
        passed = self.trace(x)
        loss, dy = self.loss.both(passed[-1], t)
        found: list[Parameters | None] = [None] * len(self.layers)
        learning = [i for i, layer in enumerate(self.layers) if layer.parameters]
        for i in range(len(self.layers) - 1, learning[0] if learning else len(self.layers), -1):
            dy, found[i] = self.layers[i].backward(passed[i], passed[i + 1], dy)
        for i in learning[:1]:
            found[i] = self.layers[i].parameter_gradient(passed[i], passed[i + 1], dy)
        return loss, found

    def train(
        self,
        x: npt.ArrayLike,
        t: npt.ArrayLike,
        *,
        epochs: int,
        batch_size: int,
        optimizer: Optimizer,
        shuffle: Random | None = None,
    ) -> History:
        """Train on all samples in each epoch, in the given order or in one that `shuffle` draws."""
        if epochs < 0 or batch_size < 1:
            raise ValueError(f"{epochs} epochs of batches of {batch_size}: should be >= 0, >= 1")
        x = array("x", x, (None, self.inputs), self.dtype)
        t = array("t", t, (len(x), None), x.dtype)
        if not (np.isfinite(x).all() and np.isfinite(t).all()):
            raise ValueError("x or t has a number that is not finite")
        states: list[State | None] = [None] * len(self.layers)
        history = History([])
        for _ in range(epochs):
            order, whole = list(range(len(x))), 0
            if shuffle is not None:
                shuffle.shuffle(order)
            for start in range(0, len(x), batch_size):
                batch = order[start : start + batch_size]
                loss, found = self.gradients(x[batch], t[batch])
                whole += loss * len(batch) if self.loss.batch == "mean" else loss
                for i, (layer, gradient) in enumerate(zip(self.layers, found)):
                    if layer.parameters and gradient:
                        moved, states[i] = optimizer.update(layer.parameters, gradient, states[i])
                        self.layers[i] = FCLayer(*moved)
                    found[i] = None
            history.losses.append(whole / len(x))
        return history
