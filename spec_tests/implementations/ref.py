"""`ref`: refnn itself, as an implementation like any other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from refnn import (
    MSE,
    SGD,
    AbsoluteError,
    Adam,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    FCLayer,
    Huber,
    Identity,
    LeakyReLU,
    Model,
    Momentum,
    Nesterov,
    Parameters,
    ReLU,
    RMSProp,
    Sigmoid,
    Softmax,
    SoftmaxCrossEntropy,
    Softplus,
    SquaredError,
    Tanh,
)
from refnn.backpropagation import trace
from spec_tests.adapter import Adapter

LAYERS: dict[str, Callable[[], Any]] = {
    "identity": Identity,
    "relu": ReLU,
    "leaky_relu": lambda: LeakyReLU(0.01),
    "sigmoid": Sigmoid,
    "tanh": Tanh,
    "softplus": Softplus,
    "softmax": Softmax,
}
OPTIMIZERS = {
    "sgd": SGD,
    "momentum": Momentum,
    "nesterov": Nesterov,
    "rmsprop": RMSProp,
    "adam": Adam,
}


class Ref(Adapter):
    name = "refnn"
    activations = tuple(LAYERS)
    losses = (
        MSE(),
        SquaredError(0.5, "sum", "sum"),
        SquaredError(1, "mean", "sum"),
        SquaredError(1, "sum", "mean"),
        AbsoluteError(),
        Huber(),
        BinaryCrossEntropy(),
        BinaryCrossEntropyWithLogits(),
        CrossEntropy(),
        SoftmaxCrossEntropy(),
    )
    optimizers = tuple(OPTIMIZERS)
    model: Model[float]

    def load(self, dense: list[Any]) -> None:
        layers: list[Any] = []
        for weights, bias, activation in dense:
            layers += [FCLayer(weights, bias), LAYERS[activation]()]
        self.model = Model(layers, self.loss or MSE())

    def predict(self, inputs: Any) -> Any:
        return self.model.predict(inputs)

    def gradients(self, inputs: Any, targets: Any) -> Any:
        _, gradients = self.model.gradients(inputs, targets)
        return [gradient for gradient in gradients if gradient]

    def loss_value(self, inputs: Any, targets: Any) -> float:
        return self.model.evaluate(inputs, targets)

    def input_gradient(self, inputs: Any, targets: Any) -> Any:
        y = self.model.predict(inputs)
        return self.pullback(inputs, self.model.loss.gradient(y, targets))[1]

    def pullback(self, inputs: Any, output_gradient: Any) -> Any:
        self.model.check(inputs)
        passed = trace(self.model.layers, inputs)
        gradients: list[Parameters[float]] = []
        d = output_gradient
        for i in range(len(self.model.layers) - 1, -1, -1):
            d, gradient = self.model.layers[i].backward(passed[i], passed[i + 1], d)
            if gradient:
                gradients.insert(0, gradient)
        return gradients, d

    def step(self, inputs: Any, targets: Any, learning_rate: float) -> None:
        self.model.train(
            inputs, targets, epochs=1, batch_size=len(inputs), optimizer=SGD(learning_rate)
        )

    def parameters(self) -> Any:
        return [layer.parameters for layer in self.model.layers if layer.parameters]

    def train_epoch(
        self, inputs: Any, targets: Any, learning_rate: float, batch_size: int
    ) -> float:
        history = self.model.train(
            inputs, targets, epochs=1, batch_size=batch_size, optimizer=SGD(learning_rate)
        )
        return history.losses[0]

    def optimize(
        self, name: str, options: dict[str, Any], parameters: Any, gradients: Sequence[Any]
    ) -> Any:
        optimizer = OPTIMIZERS[name](**options)
        current: list[Any] = [Parameters(*pair) for pair in parameters]
        states: list[Any] = [None] * len(current)
        after = []
        for step in gradients:
            for i, gradient in enumerate(step):
                current[i], states[i] = optimizer.update(
                    current[i], Parameters(*gradient), states[i]
                )
            after.append(list(current))
        return after
