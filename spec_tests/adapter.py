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

    Attributes declare:
      activations              of identity relu leaky_relu sigmoid tanh softplus softmax (required)
      output_activations       of the last layer, where they differ
      uniform_activation       True where all layers share one
      leaky_relu_alpha         0.01
      relu_derivative_at_zero  0
      loss                     a loss of refnn, MSE() where nothing is said, such as
                               SquaredError(factor=0.5, batch="sum", outputs="sum")
      losses                   where there are several; `self.loss` is set to one before `load`
      reported_loss            what loss_value returns, where it is not the loss
      weights                  "out_in", or "in_out"
      bias                     True; False: every bias and every db is None
      dtype                    "float64"; "float32": all numbers handed over are float32 values
      ulps                     4: the error of each activation, exponential and logarithm, in
                               units of 2^-53 (float32: 2^-24) of its value, or of 1 if larger
      batch                    "full"; "single": every call gets one row; "online": a step is one
                               update a row
      last_batch               "own size", or "dropped"
      targets                  of cross-entropies: "distribution", soft rows that sum to 1;
                               "one-hot": labels alone; "any": any numbers from 0 on
      inputs, hidden_layers, hidden_width, outputs
                               limits of the topology, (least, most), where most may be None
      optimizers               of sgd momentum nesterov rmsprop adam
      name                     what the report calls it

    Methods offer; what is absent is unsupported:
      load(dense)                       dense: [(weights, bias, activation), ...], nested lists
      predict(inputs)                   rows in, rows out
      gradients(inputs, targets)        [(dW, db), ...], one pair for each dense layer
      step(inputs, targets, learning_rate), parameters()
                                        one update, and [(W, b), ...] after it
      loss_value(inputs, targets)       the loss as reported
      input_gradient(inputs, targets)   dL/dx
      pullback(inputs, output_gradient) (gradients, input gradient) for a given dL/dy
      train_epoch(inputs, targets, learning_rate, batch_size)
                                        one epoch in the given order; may return its loss
      optimize(name, options, parameters, gradients)
                                        the parameters [(W, b), ...] after each of the gradients;
                                        options: lr, weight_decay, mu (0.9), rho (0.9), epsilon
                                        (1e-8), beta1 (0.9), beta2 (0.999), where not the default;
                                        NotImplementedError for options that it does not have
    """

    name: ClassVar[str | None] = None
    activations: ClassVar[Sequence[str]]
    output_activations: ClassVar[Sequence[str] | None] = None
    uniform_activation: ClassVar[bool] = False
    leaky_relu_alpha: ClassVar[float] = 0.01
    loss: Loss | None = None
    losses: ClassVar[Sequence[Loss] | None] = None
    reported_loss: ClassVar[Loss | None] = None
    weights: ClassVar[str] = "out_in"
    bias: ClassVar[bool] = True
    dtype: ClassVar[str] = "float64"
    ulps: ClassVar[float] = 4
    batch: ClassVar[str] = "full"
    last_batch: ClassVar[str] = "own size"
    targets: ClassVar[str] = "distribution"
    inputs: ClassVar[Range] = (1, None)
    hidden_layers: ClassVar[Range] = (0, None)
    hidden_width: ClassVar[Range] = (1, None)
    outputs: ClassVar[Range] = (1, None)
    relu_derivative_at_zero: ClassVar[float] = 0
    optimizers: ClassVar[Sequence[str]] = ()

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
