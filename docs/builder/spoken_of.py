"""Which part of refnn a clause speaks of."""

from __future__ import annotations

import pkgutil

SPOKEN_OF = {
    "SHAPE": "batch.check_rows",
    "FC-FORWARD": "FCLayer.forward",
    "FC-INPUT": "FCLayer.input_gradient",
    "FC": "FCLayer.parameter_gradient",
    "ACT": "activations.activation.Activation",
    "ACT-IDENTITY": "Identity",
    "ACT-RELU": "ReLU",
    "ACT-LEAKY": "LeakyReLU",
    "ACT-SIGMOID": "Sigmoid",
    "ACT-TANH": "Tanh",
    "ACT-SOFTPLUS": "Softplus",
    "ACT-SOFTMAX": "Softmax",
    "ACT-PRECISION": "Sigmoid",
    "LOSS": "losses.loss.Loss",
    "LOSS-SQUARED": "SquaredError",
    "LOSS-ABSOLUTE": "AbsoluteError",
    "LOSS-HUBER": "Huber",
    "LOSS-BCE": "BinaryCrossEntropy",
    "LOSS-BCE-LOGITS": "BinaryCrossEntropyWithLogits",
    "LOSS-CE": "CrossEntropy",
    "LOSS-SOFTMAX-CE": "SoftmaxCrossEntropy",
    "NET": "backpropagation.gradients",
    "NET-FORWARD": "Model.predict",
    "GRAD": "backpropagation.gradients",
    "GRAD-KINK": "ReLU.input_gradient",
    "BATCH": "FCLayer.parameter_gradient",
    "BATCH-FORWARD": "FCLayer.forward",
    "SGD": "training.step",
    "EPOCH": "Model.train",
    "EPOCH-TAIL": "training.batches",
    "EPOCH-SMALL": "training.batches",
    "OPT": "optimizers.optimizer.Optimizer",
    "OPT-SGD": "SGD",
    "OPT-MOMENTUM": "Momentum",
    "OPT-NESTEROV": "Nesterov",
    "OPT-RMSPROP": "RMSProp",
    "OPT-ADAM": "Adam",
    "OPT-FIRST": "Adam",
    "OPT-EPSILON": "Adam",
    "PURE": "layer.Layer",
    "ERR": "batch.check_rows",
}
"""The longest beginning of an id counts; names are within refnn."""


def spoken_of(id: str) -> tuple[str, str]:
    """What the clause is about: its short name, and its full one, as the reference page has it."""
    name = SPOKEN_OF[max((start for start in SPOKEN_OF if id.startswith(start)), key=len)]
    thing = pkgutil.resolve_name(f"refnn.{name}")
    return thing.__qualname__, f"{thing.__module__}.{thing.__qualname__}"
