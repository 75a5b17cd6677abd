"""What is of the wrong kind altogether is named, with an example of what it should be."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from refnn import (
    MSE,
    SGD,
    BinaryCrossEntropy,
    FCLayer,
    Huber,
    Identity,
    LeakyReLU,
    Model,
    ReLU,
    Sigmoid,
    Softmax,
    SquaredError,
)


def train(**options: Any) -> Any:
    model = Model([FCLayer([[1.0]], [0.0])])
    how: dict[str, Any] = {"epochs": 1, "batch_size": 1, "optimizer": SGD(0.1)}
    return model.train([[1.0]], [[1.0]], **how | options)


MISUSES: list[tuple[Callable[[], Any], str]] = [
    (lambda: Model(ReLU()), "layers is ReLU(), should be a list of layers"),
    (lambda: Model([1]), "layers[0] is 1, should be a layer, such as ReLU()"),
    (lambda: Model([ReLU()], "mse"), "loss is 'mse', should be a loss, such as MSE()"),
    (lambda: train(optimizer=0.1), "optimizer is 0.1, should be an optimizer, such as SGD(0.1)"),
    (lambda: Model([ReLU()]).evaluate([[1.0]], None), "t is None, should be a list of rows"),
    (lambda: train(shuffle=True), "shuffle is True, should be None or a random.Random"),
    (lambda: FCLayer.random(1, 1, 0), "rng is 0, should be a random.Random"),
    (lambda: FCLayer([[1.0]], 0.0), "bias is 0.0, should be a row of numbers"),
    (lambda: LeakyReLU("0.1"), "alpha is '0.1', should be a number"),
    (lambda: Huber("1"), "delta is '1', should be a number"),
    (lambda: SquaredError(None), "factor is None, should be a number"),
    (lambda: BinaryCrossEntropy().value([[-0.5]], [[1.0]]), "ln of -0.5: should be of a number"),
    (lambda: BinaryCrossEntropy().value([[1.5]], [[0.0]]), "ln of 1 + -1.5: should be of a number"),
]


@pytest.mark.parametrize(("call", "message"), MISUSES, ids=[m for _, m in MISUSES])
def test_what_is_of_the_wrong_kind_is_named(call: Callable[[], Any], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}"):
        call()


@pytest.mark.parametrize("activation", [Identity(), ReLU(), LeakyReLU(), Sigmoid(), Softmax()])
def test_an_activation_takes_rows(activation: Any) -> None:
    with pytest.raises(ValueError, match=r"^x is empty, should have at least one row$"):
        activation.forward([])
    with pytest.raises(ValueError, match=r"^x\[0\] is 1.0, should be a row of numbers$"):
        activation.forward([1.0])


def test_an_error_of_on_epoch_stops_with_what_was_learned() -> None:
    model = Model([FCLayer([[1.0]], [0.0])])

    def enough(epoch: int, loss: float) -> None:
        raise StopIteration

    with pytest.raises(StopIteration):
        model.train([[1.0]], [[5.0]], epochs=3, batch_size=1, optimizer=SGD(0.25), on_epoch=enough)
    assert model.layers == [FCLayer([[3.0]], [2.0])]


def test_the_right_kinds_pass() -> None:
    assert train(shuffle=Random(0)).losses == [MSE().value([[1.0]], [[1.0]])]
