"""The twin of refnn on NumPy: the same names, formulas and conventions, at the speed of BLAS.

    model = Model([FCLayer(weights, bias), ReLU()], MSE())
    model.train(x, t, epochs=100, batch_size=32, optimizer=SGD(0.1))

Where refnn has rows of numbers, the twin has an array, in the dtype of the weights (float64 or
float32): lists and ints take it on, other floats are refused, and nothing is broadcast. Layers,
losses and optimizers are values, and no function changes what it is given. As with the floats of
refnn, what overflows is infinite and what is undefined is NaN, in silence.
"""

from spec_tests.implementations.numpy_twin.activations import (
    Activation,
    Identity,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Softmax,
    Softplus,
    Tanh,
)
from spec_tests.implementations.numpy_twin.layers import FCLayer, Layer, Parameters
from spec_tests.implementations.numpy_twin.losses import (
    MSE,
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    Huber,
    Loss,
    SoftmaxCrossEntropy,
    SquaredError,
)
from spec_tests.implementations.numpy_twin.model import History, Model
from spec_tests.implementations.numpy_twin.optimizers import (
    SGD,
    Adam,
    Momentum,
    Nesterov,
    Optimizer,
    RMSProp,
    State,
)

__all__ = [
    "MSE",
    "SGD",
    "AbsoluteError",
    "Activation",
    "Adam",
    "BinaryCrossEntropy",
    "BinaryCrossEntropyWithLogits",
    "CrossEntropy",
    "FCLayer",
    "History",
    "Huber",
    "Identity",
    "Layer",
    "LeakyReLU",
    "Loss",
    "Model",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "Parameters",
    "RMSProp",
    "ReLU",
    "Sigmoid",
    "Softmax",
    "SoftmaxCrossEntropy",
    "Softplus",
    "SquaredError",
    "State",
    "Tanh",
]
