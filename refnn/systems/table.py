"""A table of bits: three rows, one answer each; a network with biases, and one without."""

from __future__ import annotations

from random import Random

from refnn.activations import Sigmoid
from refnn.fc_layer import FCLayer
from refnn.initializers import Initializer, Normal, Uniform
from refnn.losses import SquaredError
from refnn.model import Model
from refnn.optimizers import SGD
from refnn.pictures.panel import loss_curve
from refnn.systems.system import Example, OnEpoch, Outcome, Row, System

HALF_THE_SUM = SquaredError(0.5, "sum", "sum")
TARGETS = [[1.0], [1.0], [0.0]]


def _model(rng: Random, initializer: Initializer, bias: bool) -> Model[float]:
    layers = [
        FCLayer.random(4, 3, rng, initializer, bias),
        Sigmoid(),
        FCLayer.random(3, 1, rng, initializer, bias),
        Sigmoid(),
    ]
    return Model(layers, HALF_THE_SUM)


def _learn(
    model: Model[float], x: list[list[float]], lr: float, epochs: int, on_epoch: OnEpoch
) -> Outcome:
    history = model.train(
        x, TARGETS, epochs=epochs, batch_size=len(x), optimizer=SGD(lr), on_epoch=on_epoch
    )
    rows = [
        Row("".join(f"{bit:g}" for bit in bits), y, t)
        for bits, [y], [t] in zip(x, model.predict(x), TARGETS, strict=True)
    ]
    return Outcome(rows, history.losses, [loss_curve(history.losses)], model)


def _train(epochs: int, rng: Random, on_epoch: OnEpoch) -> Outcome:
    x = [[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]]
    return _learn(_model(rng, Normal(1), bias=True), x, 0.1, epochs, on_epoch)


def _train_without_bias(epochs: int, rng: Random, on_epoch: OnEpoch) -> Outcome:
    x = [[1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]]
    return _learn(_model(rng, Uniform(0, 1), bias=False), x, 0.01, epochs, on_epoch)


def _example(bias: bool) -> Example:
    layers = [
        FCLayer([[0.5, -0.5, 0.25, 0.0], [0.0, 0.5, 0.5, -0.25]], [0.0, 0.25] if bias else None),
        Sigmoid(),
        FCLayer([[1.0, -0.5]], [0.25] if bias else None),
        Sigmoid(),
    ]
    return Example(Model(layers, HALF_THE_SUM), [1.0, 0.0, 1.0, 0.0], [1.0])


TABLE = System(
    name="table",
    summary="three hidden sigmoids learn a table of bits, full batch",
    seed=0,
    epochs=5000,
    tutorial_epochs=5000,
    train=_train,
    example=lambda: _example(bias=True),
)

TABLE_NO_BIAS = System(
    name="table-no-bias",
    summary="the same without biases, from weights in [0, 1): barely moves",
    seed=0,
    epochs=1000,
    tutorial_epochs=1000,
    train=_train_without_bias,
    example=lambda: _example(bias=False),
)
