"""`numpy` and `numpy32`: the NumPy twin of refnn, as an implementation like any other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from refnn.losses import MSE
from spec_tests.adapter import Adapter
from spec_tests.implementations import numpy_twin as twin
from spec_tests.implementations.ref import Ref

ACTIVATIONS: dict[str, type[twin.Activation]] = {
    "identity": twin.Identity,
    "relu": twin.ReLU,
    "leaky_relu": twin.LeakyReLU,
    "sigmoid": twin.Sigmoid,
    "tanh": twin.Tanh,
    "softplus": twin.Softplus,
    "softmax": twin.Softmax,
}
OPTIMIZERS: dict[str, type[twin.Optimizer]] = {
    "sgd": twin.SGD,
    "momentum": twin.Momentum,
    "nesterov": twin.Nesterov,
    "rmsprop": twin.RMSProp,
    "adam": twin.Adam,
}


class NumPy(Adapter):
    name = "numpy"
    activations = tuple(ACTIVATIONS)
    losses = Ref.losses
    optimizers = tuple(OPTIMIZERS)
    model: twin.Model

    def load(self, dense: list[Any]) -> None:
        layers: list[twin.Layer] = []
        for weights, bias, activation in dense:
            layers += [twin.FCLayer(self.array(weights), bias), ACTIVATIONS[activation]()]
        loss = self.loss or MSE()
        self.model = twin.Model(layers, getattr(twin, type(loss).__name__)(**vars(loss)))

    def predict(self, inputs: Any) -> Any:
        return self.model.predict(inputs)

    def gradients(self, inputs: Any, targets: Any) -> Any:
        _, gradients = self.model.gradients(inputs, targets)
        return [gradient for gradient in gradients if gradient]

    def loss_value(self, inputs: Any, targets: Any) -> Any:
        return self.model.evaluate(inputs, targets)

    def input_gradient(self, inputs: Any, targets: Any) -> Any:
        y = self.model.predict(inputs)
        return self.pullback(inputs, self.model.loss.gradient(y, targets))[1]

    def pullback(self, inputs: Any, output_gradient: Any) -> Any:
        passed = self.model.trace(inputs)
        gradients: list[twin.Parameters] = []
        d = self.array(output_gradient)
        for i in range(len(self.model.layers) - 1, -1, -1):
            d, gradient = self.model.layers[i].backward(passed[i], passed[i + 1], d)
            if gradient:
                gradients.insert(0, gradient)
        return gradients, d

    def step(self, inputs: Any, targets: Any, learning_rate: float) -> None:
        self.train_epoch(inputs, targets, learning_rate, len(inputs))

    def parameters(self) -> Any:
        return [layer.parameters for layer in self.model.layers if layer.parameters]

    def train_epoch(self, inputs: Any, targets: Any, learning_rate: float, batch_size: int) -> Any:
        sgd = twin.SGD(learning_rate)
        history = self.model.train(inputs, targets, epochs=1, batch_size=batch_size, optimizer=sgd)
        return history.losses[0]

    def optimize(
        self, name: str, options: dict[str, Any], parameters: Any, gradients: Sequence[Any]
    ) -> Any:
        optimizer = OPTIMIZERS[name](**options)
        current = [self.pair(*pair) for pair in parameters]
        states: list[twin.State | None] = [None] * len(current)
        after = []
        for step in gradients:
            for i, gradient in enumerate(step):
                current[i], states[i] = optimizer.update(
                    current[i], self.pair(*gradient), states[i]
                )
            after.append(list(current))
        return after

    def array(self, numbers: Any) -> Any:
        return np.array(numbers, self.dtype)

    def pair(self, weights: Any, bias: Any) -> twin.Parameters:
        return twin.Parameters(self.array(weights), None if bias is None else self.array(bias))


class NumPy32(NumPy):
    name = "numpy32"
    dtype = "float32"
