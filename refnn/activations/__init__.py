"""Activations: see `activation` for what they share."""

from refnn.activations.activation import Activation
from refnn.activations.piecewise import Identity, LeakyReLU, ReLU
from refnn.activations.smooth import Sigmoid, Softplus, Tanh
from refnn.activations.softmax import Softmax

__all__ = [
    "Activation",
    "Identity",
    "LeakyReLU",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "Softplus",
    "Tanh",
]
