"""refnn: the executable specification of the feed-forward neural network.

Read in this order: scalar, batch, layer, initializers, fc_layer, activations, losses,
backpropagation, optimizers, training, model, neuron, dual, gradient_check; then what uses these:
explain, files, interchange, datasets, pictures, systems, terminal, commands, cli.
"""

from refnn.activations import Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Softplus, Tanh
from refnn.batch import ShapeError
from refnn.dual import Dual, derivative
from refnn.fc_layer import FCLayer
from refnn.gradient_check import gradcheck
from refnn.initializers import Glorot, He, Normal, Uniform, Zeros
from refnn.interchange import FormatError, load, save
from refnn.layer import Parameters
from refnn.losses import (
    MSE,
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    Huber,
    SoftmaxCrossEntropy,
    SquaredError,
)
from refnn.model import Model
from refnn.neuron import Input, Neuron
from refnn.optimizers import SGD, Adam, Momentum, Nesterov, RMSProp
from refnn.training import History

__all__ = [
    "MSE",
    "SGD",
    "AbsoluteError",
    "Adam",
    "BinaryCrossEntropy",
    "BinaryCrossEntropyWithLogits",
    "CrossEntropy",
    "Dual",
    "FCLayer",
    "FormatError",
    "Glorot",
    "He",
    "History",
    "Huber",
    "Identity",
    "Input",
    "LeakyReLU",
    "Model",
    "Momentum",
    "Nesterov",
    "Neuron",
    "Normal",
    "Parameters",
    "RMSProp",
    "ReLU",
    "ShapeError",
    "Sigmoid",
    "Softmax",
    "SoftmaxCrossEntropy",
    "Softplus",
    "SquaredError",
    "Tanh",
    "Uniform",
    "Zeros",
    "derivative",
    "gradcheck",
    "load",
    "save",
]
