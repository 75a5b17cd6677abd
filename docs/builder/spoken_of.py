"""Which part of refnn a clause speaks of."""

from __future__ import annotations

import pkgutil
import re

from docs.builder.parts import PAGES

SPOKEN_OF = {
    "SHAPE": "ShapeError",
    "FC-FORWARD": "FCLayer.forward",
    "FC-INPUT": "FCLayer.input_gradient",
    "FC": "FCLayer.parameter_gradient",
    "ACT": "Layer.forward",
    "ACT-IDENTITY": "Identity",
    "ACT-RELU": "ReLU",
    "ACT-LEAKY": "LeakyReLU",
    "ACT-SIGMOID": "Sigmoid",
    "ACT-TANH": "Tanh",
    "ACT-SOFTPLUS": "Softplus",
    "ACT-SOFTMAX": "Softmax",
    "ACT-PRECISION": "Sigmoid",
    "LOSS": "MSE",
    "LOSS-SQUARED": "SquaredError",
    "LOSS-ABSOLUTE": "AbsoluteError",
    "LOSS-HUBER": "Huber",
    "LOSS-BCE": "BinaryCrossEntropy",
    "LOSS-BCE-LOGITS": "BinaryCrossEntropyWithLogits",
    "LOSS-CE": "CrossEntropy",
    "LOSS-SOFTMAX-CE": "SoftmaxCrossEntropy",
    "NET": "Model.gradients",
    "NET-FORWARD": "Model.predict",
    "GRAD": "Model.gradients",
    "GRAD-KINK": "ReLU",
    "BATCH": "FCLayer.parameter_gradient",
    "BATCH-FORWARD": "FCLayer.forward",
    "SGD": "SGD",
    "EPOCH": "Model.train",
    "OPT": "SGD",
    "OPT-SGD": "SGD",
    "OPT-MOMENTUM": "Momentum",
    "OPT-NESTEROV": "Nesterov",
    "OPT-RMSPROP": "RMSProp",
    "OPT-ADAM": "Adam",
    "OPT-FIRST": "Adam",
    "OPT-EPSILON": "Adam",
    "PURE": "Layer",
    "ERR": "ShapeError",
}
"""The longest beginning of an id counts; names are those of the reference page."""


def spoken_of(id: str) -> tuple[str, str]:
    """What the clause is about: its name, and its place on the page of the reference.

    LookupError where that page does not have it.
    """
    name = SPOKEN_OF[max((start for start in SPOKEN_OF if id.startswith(start)), key=len)]
    text = (PAGES / "reference" / "refnn.md").read_text(encoding="utf-8")
    thing = name.partition(".")[0]
    for place in re.findall(r"^::: (\S+)$", text, re.MULTILINE):
        if place.rpartition(".")[2] == thing:
            pkgutil.resolve_name(place.removesuffix(thing) + name)
            return name, place
    raise LookupError(f"{name} is not on the page of the reference")
