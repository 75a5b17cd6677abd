"""`ref`: refnn itself, as an implementation like any other; and so whatever mirrors its names."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import refnn
from refnn import MSE, SquaredError
from refnn.backpropagation import trace
from spec_tests.adapter import Adapter
from spec_tests.declaration import OPTIMIZERS
from spec_tests.formulas.activation_functions import ACTIVATIONS
from spec_tests.formulas.loss_functions import LOSSES
from spec_tests.scripts.script import loss_as_json


def named(library: ModuleType, name: str) -> Any:
    """The class of an activation, a loss or an optimizer: of leaky_relu, LeakyReLU."""
    [found] = _names(library, name)
    return getattr(library, found)


def knows(library: ModuleType, name: str) -> bool:
    return bool(_names(library, name))


def _names(library: ModuleType, name: str) -> list[str]:
    word = name.replace("_", "").lower()
    return [own for own in vars(library) if own.lower() == word and not own.islower()]


class Ref(Adapter):
    name = "refnn"
    library: ModuleType = refnn
    activations = tuple(ACTIVATIONS)
    losses = (
        MSE(),
        SquaredError(0.5, "sum", "sum"),
        SquaredError(1, "mean", "sum"),
        SquaredError(1, "sum", "mean"),
        *(kind() for kind in LOSSES if kind is not SquaredError),
    )
    optimizers = OPTIMIZERS
    model: Any

    def numbers(self, given: Any) -> Any:
        """Parameters or gradients as the library wants them."""
        return given

    def load(self, dense: list[Any]) -> None:
        layers: list[Any] = []
        for weights, bias, activation in dense:
            layers.append(self.library.FCLayer(*self.pair(weights, bias)))
            layers.append(named(self.library, activation)())
        arguments = loss_as_json(self.loss or MSE())
        own_loss = named(self.library, arguments.pop("type"))
        self.model = self.library.Model(layers, own_loss(**arguments))

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

    def trace(self, inputs: Any) -> Any:
        """The input of every layer, and the output of the last."""
        self.model.check(inputs)
        return trace(self.model.layers, inputs)

    def pullback(self, inputs: Any, output_gradient: Any) -> Any:
        passed = self.trace(inputs)
        gradients: list[Any] = []
        d = self.numbers(output_gradient)
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
        sgd = self.library.SGD(learning_rate)
        history = self.model.train(inputs, targets, epochs=1, batch_size=batch_size, optimizer=sgd)
        return history.losses[0]

    def optimize(
        self, name: str, options: dict[str, Any], parameters: Any, gradients: Sequence[Any]
    ) -> Any:
        optimizer = named(self.library, name)(**options)
        current = [self.pair(*pair) for pair in parameters]
        states: list[Any] = [None] * len(current)
        after = []
        for step in gradients:
            for i, gradient in enumerate(step):
                current[i], states[i] = optimizer.update(
                    current[i], self.pair(*gradient), states[i]
                )
            after.append(list(current))
        return after

    def pair(self, weights: Any, bias: Any) -> Any:
        own_bias = None if bias is None else self.numbers(bias)
        return self.library.Parameters(self.numbers(weights), own_bias)
