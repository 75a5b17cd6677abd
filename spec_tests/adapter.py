"""An adapter stands between the suite and one implementation.

Its class attributes declare what the implementation is meant to do, its methods offer what can be
observed. A method that is absent (or None) is "unsupported", never passed.

    class MyNet(Adapter):
        activations = ("identity", "relu")

        def load(self, dense):
            self.net = my_library.Net([(w, b, name) for w, b, name in dense])

        def predict(self, inputs):
            return self.net(inputs)

        def gradients(self, inputs, targets):
            return self.net.backward(inputs, targets)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from refnn.losses import Loss

Range = tuple[int, int | None]


class Adapter:
    """Subclass this. The suite makes a fresh object for every case and calls `load` once.

    load(dense)                       dense: [(weights, bias, activation), ...], lists of floats
    predict(inputs)                   rows in, rows out
    gradients(inputs, targets)        [(dW, db), ...], one pair for each dense layer
    step(inputs, targets, learning_rate), parameters()
                                      one update, and [(W, b), ...] after it
    loss_value(inputs, targets)       the loss as reported
    input_gradient(inputs, targets)   dL/dx
    pullback(inputs, output_gradient) (gradients, input gradient) for a given dL/dy
    train_epoch(inputs, targets, learning_rate, batch_size)
                                      one epoch in the given order; may return the epoch's loss
    optimize(name, options, parameters, gradients)
                                      the parameters [(W, b), ...] after each of the gradients
    """

    name: ClassVar[str | None] = None
    """What the report calls it; the class's own name where None."""
    activations: ClassVar[Sequence[str]]
    """Of identity relu leaky_relu sigmoid tanh softplus softmax."""
    output_activations: ClassVar[Sequence[str] | None] = None
    """Of the last layer, where they differ."""
    uniform_activation: ClassVar[bool] = False
    """True where all layers share one activation."""
    leaky_relu_alpha: ClassVar[float] = 0.01
    loss: Loss | None = None
    """The loss that is descended, MSE() where nothing is said."""
    losses: ClassVar[Sequence[Loss] | None] = None
    """Where there are several; the suite sets `self.loss` to one of them before `load`."""
    reported_loss: ClassVar[Loss | None] = None
    """What loss_value returns, where it is not the loss."""
    weights: ClassVar[str] = "out_in"
    """Or "in_out"."""
    bias: ClassVar[bool] = True
    """False: every bias and every db is None."""
    dtype: ClassVar[str] = "float64"
    """Or "float32": all numbers that are handed over are float32 values."""
    ulps: ClassVar[float] = 4
    """The error of each activation, exponential and logarithm, in units of the last place of 1."""
    batch: ClassVar[str] = "full"
    """Or "single": every call gets one row; or "online": a step is one update a row."""
    last_batch: ClassVar[str] = "own size"
    """Or "dropped"."""
    inputs: ClassVar[Range] = (1, None)
    hidden_layers: ClassVar[Range] = (0, None)
    hidden_width: ClassVar[Range] = (1, None)
    outputs: ClassVar[Range] = (1, None)
    relu_derivative_at_zero: ClassVar[float] = 0
    optimizers: ClassVar[Sequence[str]] = ()
    """Of sgd momentum nesterov rmsprop adam, with refnn's option names."""

    load: Callable[..., Any] | None = None
    predict: Callable[..., Any] | None = None
    gradients: Callable[..., Any] | None = None
    step: Callable[..., Any] | None = None
    parameters: Callable[..., Any] | None = None
    loss_value: Callable[..., Any] | None = None
    input_gradient: Callable[..., Any] | None = None
    pullback: Callable[..., Any] | None = None
    train_epoch: Callable[..., Any] | None = None
    optimize: Callable[..., Any] | None = None


METHODS = (
    "load",
    "predict",
    "gradients",
    "step",
    "parameters",
    "loss_value",
    "input_gradient",
    "pullback",
    "train_epoch",
    "optimize",
)
