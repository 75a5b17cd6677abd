"""A model is a list of layers and a loss.

    y = f_n(... f_2(f_1(x)))        L = loss(y, t)

Training replaces its layers, step by step (see `training`); it never edits one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Generic, cast

from refnn.backpropagation import gradients, trace
from refnn.batch import Row, Rows, ShapeError, check_kind, check_numbers, check_rows, named_rows
from refnn.layer import Layer, M, Parameters
from refnn.losses import MSE, Loss
from refnn.optimizers import Optimizer, State
from refnn.scalar import N, total, typical
from refnn.training import History, batches, step


@dataclass
class Model(Generic[N]):
    """layers: at least one, each as wide as the one before it gives. The list is copied."""

    layers: Sequence[Layer[N]]
    loss: Loss = field(default_factory=MSE)

    def __post_init__(self) -> None:
        check_kind("layers", self.layers, Sequence, "a list of layers")
        if not self.layers:
            raise ShapeError("layers is empty, should have at least one layer")
        self.layers = list(self.layers)
        for i, layer in enumerate(self.layers):
            check_kind(f"layers[{i}]", layer, Layer, "a layer, such as ReLU()")
        check_kind("loss", self.loss, Loss, "a loss, such as MSE()")
        wide = [(i, layer) for i, layer in enumerate(self.layers) if layer.inputs is not None]
        for (i, below), (j, above) in itertools.pairwise(wide):
            if below.outputs != above.inputs:
                raise ShapeError(
                    f"layers[{j}] takes {above.inputs} inputs, layers[{i}] gives {below.outputs}"
                )
        check_numbers(self.parameter_rows())

    @property
    def inputs(self) -> int | None:
        """The width of x, or None where any will do."""
        return next((layer.inputs for layer in self.layers if layer.inputs), None)

    @property
    def outputs(self) -> int | None:
        """The width of y, or None where it is that of x."""
        return next((layer.outputs for layer in reversed(self.layers) if layer.outputs), None)

    def check(self, x: Rows[N], *targets: Rows[N], finite: bool = False) -> None:
        """Raise unless x and t fit each other, the layers' widths and the parameters' numbers."""
        width = check_rows("x", x, self.inputs)
        rows = named_rows("x", x)
        for t in targets:
            check_rows("t", t, self.outputs or width)
            if len(x) != len(t):
                raise ShapeError(f"x has {len(x)} rows, t has {len(t)}: should be the same")
            rows = [*rows, *named_rows("t", t)]
        own = (named for named in self.parameter_rows() if not isinstance(typical(named[1]), int))
        check_numbers([*itertools.islice(own, None if finite else 1), *rows], finite)

    def cast(self, number: Callable[..., M]) -> Model[M]:
        """This model with each parameter p turned into number(p): `model.cast(Fraction)`."""
        layers: list[Layer[M]] = []
        for layer in cast(list[Layer[Any]], self.layers):
            if layer.parameters is None:
                layers.append(layer)
            else:
                rows = [[number(p) for p in row] for row in layer.parameters.rows]
                layers.append(layer.with_parameters(layer.parameters.with_rows(rows)))
        return Model(layers, self.loss)

    def predict(self, x: Rows[N]) -> list[list[N]]:
        """y, B x outputs. x: B x inputs."""
        self.check(x)
        return [list(row) for row in trace(self.layers, x)[-1]]

    def evaluate(self, x: Rows[N], t: Rows[N]) -> N:
        """L, the loss of the whole batch."""
        self.check(x, t)
        return self.loss.value(trace(self.layers, x)[-1], t)

    def gradients(self, x: Rows[N], t: Rows[N]) -> tuple[N, list[Parameters[N] | None]]:
        """(L, the gradient of each layer's parameters, None for a layer that has none)."""
        self.check(x, t)
        return gradients(self.layers, self.loss, x, t)

    def train(
        self,
        x: Rows[N],
        t: Rows[N],
        *,
        epochs: int,
        batch_size: int,
        optimizer: Optimizer,
        shuffle: Random | None = None,
        on_epoch: Callable[[int, N], object] | None = None,
    ) -> History[N]:
        """Train on all samples in each epoch, in an order drawn by `shuffle`, or the given one.

        on_epoch(epoch, loss) is called after each epoch, from 1 on. x and t are never changed. What
        does not fit (shapes, number types, NaN in the data) is refused before anything is learned.
        An error that on_epoch raises stops the training after that epoch, with what was learned.
        """
        for name, count, least in (("epochs", epochs, 0), ("batch_size", batch_size, 1)):
            if isinstance(count, bool) or not isinstance(count, int) or count < least:
                raise ValueError(f"{name} is {count!r}, should be a whole number >= {least}")
        check_kind("optimizer", optimizer, Optimizer, "an optimizer, such as SGD(0.1)")
        if shuffle is not None:
            check_kind("shuffle", shuffle, Random, "None or a random.Random")
        self.check(x, t, finite=True)
        states: list[State[N] | None] = [None] * len(self.layers)
        history: History[N] = History([])
        for epoch in range(1, epochs + 1):
            losses = []
            for batch in batches(len(x), batch_size, shuffle):
                value, found = gradients(
                    self.layers, self.loss, [x[i] for i in batch], [t[i] for i in batch]
                )
                self.layers, states = step(self.layers, found, states, optimizer)
                losses.append(self.loss.over_samples(value, len(batch)))
            history.losses.append(total(losses) / len(x))
            if on_epoch:
                on_epoch(epoch, history.losses[-1])
        return history

    def parameter_rows(self) -> Iterator[tuple[str, Row[N]]]:
        """Each row of weights, and each bias, with its name: layers[0].weights[1], ..."""
        for i, layer in enumerate(self.layers):
            if layer.parameters is not None:
                for name, row in zip(layer.parameters.names(), layer.parameters.rows):
                    yield f"layers[{i}].{name}", row
