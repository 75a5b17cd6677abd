"""The twin of refnn on NumPy: the same names, formulas and conventions, at the speed of BLAS.

    model = Model([FCLayer(weights, bias), ReLU()], MSE())
    model.train(x, t, epochs=100, batch_size=32, optimizer=SGD(0.1))

Where refnn has rows of numbers, the twin has an array, in the dtype of the weights (float64 or
float32): lists and ints take it on, other floats are refused, and nothing is broadcast. Layers,
losses and optimizers are values, and no function changes what it is given. As with the floats of
refnn, what overflows is infinite and what is undefined is NaN, in silence.
"""

from __future__ import annotations

import itertools
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
ROWS = (None, None)
silent = np.errstate(all="ignore")


def array(name: str, values: Any, shape: tuple[int | None, ...], dtype: Any = None) -> Array:
    """`values` as an array of this shape (None: 1 or more) and dtype; ValueError, TypeError."""
    floats = isinstance(values, np.ndarray) and values.dtype.kind == "f"
    try:
        found = np.asarray(values, None if floats else dtype or float)
    except (ValueError, TypeError):
        raise ValueError(f"{name} is ragged, or holds what is no number") from None
    fits = len(shape) == found.ndim and all(n in (None, m) for n, m in zip(shape, found.shape))
    if found.size == 0 or not fits:
        should = " x ".join("some" if n is None else str(n) for n in shape)
        raise ValueError(f"{name} is {' x '.join(map(str, found.shape))}, should be {should}")
    if dtype is not None and found.dtype != dtype:
        raise TypeError(f"{name} is {found.dtype}, should be {dtype}")
    return found


def sums(rows: Array) -> Array:
    """Σ of each row, as a column."""
    return np.asarray(rows.sum(axis=1, keepdims=True))


class Parameters(NamedTuple):
    """What a layer learns. weights: outputs x inputs. bias: outputs, or None without one."""

    weights: Array
    bias: Array | None


class Layer(ABC):
    """y = f(x). dx = (∂y/∂x)ᵀ dy, dθ = (∂y/∂θ)ᵀ dy. Nothing is remembered between the two."""

    parameters: Parameters | None = None

    @abstractmethod
    def forward(self, x: Array) -> Array: ...

    @abstractmethod
    def input_gradient(self, x: Array, y: Array, dy: Array) -> Array: ...

    def parameter_gradient(self, x: Array, y: Array, dy: Array) -> Parameters | None:
        return None

    def backward(self, x: Array, y: Array, dy: Array) -> tuple[Array, Parameters | None]:
        return self.input_gradient(x, y, dy), self.parameter_gradient(x, y, dy)


class FCLayer(Layer):
    """y = W x + b. dW = Σ_rows dy xᵀ, db = Σ_rows dy, dx = Wᵀ dy.

    weights: outputs x inputs; bias: outputs numbers, or None. Arrays are held, not copied.
    """

    def __init__(self, weights: npt.ArrayLike, bias: npt.ArrayLike | None) -> None:
        self.weights = array("weights", weights, ROWS)
        self.outputs, self.inputs = self.weights.shape
        dtype = self.weights.dtype
        self.bias = None if bias is None else array("bias", bias, (self.outputs,), dtype)
        self.parameters = Parameters(self.weights, self.bias)

    @silent
    def forward(self, x: Array) -> Array:
        y: Array = array("x", x, (None, self.inputs), self.weights.dtype) @ self.weights.T
        if self.bias is not None:
            y += self.bias
        return y

    @silent
    def input_gradient(self, x: Array, y: Array, dy: Array) -> Array:
        return array("dy", dy, (None, self.outputs), self.weights.dtype) @ self.weights

    @silent
    def parameter_gradient(self, x: Array, y: Array, dy: Array) -> Parameters:
        x = array("x", x, (None, self.inputs), self.weights.dtype)
        dy = array("dy", dy, (len(x), self.outputs), self.weights.dtype)
        return Parameters(dy.T @ x, None if self.bias is None else dy.sum(axis=0))


@dataclass(frozen=True)
class Activation(Layer):
    """a = f(z), dz = chain(z, a, da). At a kink the derivative is that of the left side."""

    f: Callable[[Array], Array]
    chain: Callable[[Array, Array, Array], Array]

    @silent
    def forward(self, x: Array) -> Array:
        return self.f(array("x", x, ROWS))

    @silent
    def input_gradient(self, x: Array, y: Array, dy: Array) -> Array:
        x = array("x", x, ROWS)
        return self.chain(x, array("y", y, x.shape, x.dtype), array("dy", dy, x.shape, x.dtype))


def gate(z: Array, v: Array) -> Array:
    """0 for z <= 0, v for all other z. The bits of v are multiplied, as 0 · ∞ would not be 0."""
    bits = v.view(f"i{v.itemsize}")
    return (bits * ~(z <= 0)).view(v.dtype)


def leaky(alpha: float, z: Array, v: Array) -> Array:
    """v for z > 0, alpha v for z <= 0."""
    return np.where(z <= 0, alpha * v, v)


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^-z), by the form whose exponent is negative."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def softplus(z: Array) -> Array:
    """ln(1 + e^z), by the form whose exponent is negative. Its derivative is σ(z)."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


def sech(z: Array) -> Array:
    """1 / cosh z, by the form whose exponent is negative. Its square is the derivative of tanh."""
    e = np.exp(-np.abs(z))
    return 2 * e / (1 + e * e)


def softmax(z: Array) -> Array:
    """e^(z_k) / Σ_j e^(z_j), for each row."""
    powers = np.exp(z - z.max(axis=1, keepdims=True))
    return powers / sums(powers)


Identity = partial(Activation, np.copy, lambda z, a, da: np.copy(da))
ReLU = partial(Activation, lambda z: np.maximum(z, 0), lambda z, a, da: gate(z, da))
Sigmoid = partial(Activation, sigmoid, lambda z, a, da: a * sigmoid(-z) * da)
Tanh = partial(Activation, np.tanh, lambda z, a, da: sech(z) ** 2 * da)
Softplus = partial(Activation, softplus, lambda z, a, da: sigmoid(z) * da)
Softmax = partial(Activation, softmax, lambda z, a, da: a * (da - sums(a * da)))


def LeakyReLU(alpha: float = 0.01) -> Activation:
    """a = z for z > 0, alpha z for z <= 0. a' = 1, alpha."""
    slope = float(alpha)
    return Activation(lambda z: leaky(slope, z, z), lambda z, a, da: leaky(slope, z, da))


@dataclass(frozen=True)
class Loss:
    """L = Σ_rows Σ_k ℓ(y, t) / n. n = 1, times B for a mean over batch, K for one over outputs.

    terms(y, t): ℓ of each output, and ∂/∂y of their sum.
    """

    terms: Callable[[Array, Array], tuple[Array, Array]]
    batch: str = "mean"
    outputs: str = "mean"

    def __post_init__(self) -> None:
        for name, how in (("batch", self.batch), ("outputs", self.outputs)):
            if how not in ("mean", "sum"):
                raise ValueError(f"{name} is {how!r}, should be 'mean' or 'sum'")

    @silent
    def both(self, y: Array, t: npt.ArrayLike) -> tuple[Any, Array]:
        """(L, dy). y and t: B x K."""
        y = array("y", y, ROWS)
        losses, slopes = self.terms(y, array("t", t, y.shape, y.dtype))
        batch, outputs = y.shape
        n = (batch if self.batch == "mean" else 1) * (outputs if self.outputs == "mean" else 1)
        return np.sum(losses) / n, slopes / n

    def value(self, y: Array, t: npt.ArrayLike) -> Any:
        """L."""
        return self.both(y, t)[0]

    def gradient(self, y: Array, t: npt.ArrayLike) -> Array:
        """dy = ∂L/∂y."""
        return self.both(y, t)[1]


def SquaredError(factor: float = 1, batch: str = "mean", outputs: str = "mean") -> Loss:
    """ℓ = factor · r². ∂ℓ/∂y = 2 · factor · r, where r = y - t."""
    c = float(factor)
    return Loss(lambda y, t: (c * (y - t) ** 2, 2 * c * (y - t)), batch, outputs)


def Huber(delta: float = 1, batch: str = "mean", outputs: str = "mean") -> Loss:
    """ℓ = r²/2 for |r| <= delta, else delta (|r| - delta/2). ∂ℓ/∂y = r, cut off at ±delta."""

    def terms(y: Array, t: Array) -> tuple[Array, Array]:
        slopes = np.clip(y - t, -float(delta), float(delta))
        return slopes * (y - t - slopes / 2), slopes

    if not delta > 0:
        raise ValueError(f"delta is {delta}, should be greater than 0")
    return Loss(terms, batch, outputs)


def surprise(p: Array, log_p: Array, weight: Array) -> tuple[Array, Array]:
    """-weight · ln p and its derivative, with 0 · ln 0 = 0 / 0 = 0; NaN stays NaN."""
    if np.any(p < 0):
        raise ValueError(f"ln of {p.min()}: should be of a number from 0 on")
    pair = -weight * log_p, -weight / np.abs(p)
    return np.where(weight == 0, p * 0, pair[0]), np.where(weight == 0, p * 0, pair[1])


def cross_entropy(y: Array, t: Array) -> tuple[Array, Array]:
    """ℓ = -Σ_k t_k ln y_k. ∂ℓ/∂y_k = -t_k / y_k."""
    return surprise(y, np.log(y), t)


def binary_cross_entropy(y: Array, t: Array) -> tuple[Array, Array]:
    """ℓ = -t ln y - (1 - t) ln(1 - y). ∂ℓ/∂y = (1 - t)/(1 - y) - t/y."""
    (yes, up), (no, down) = surprise(y, np.log(y), t), surprise(1 - y, np.log1p(-y), 1 - t)
    return yes + no, up - down


def binary_cross_entropy_with_logits(z: Array, t: Array) -> tuple[Array, Array]:
    """ℓ = t softplus(-z) + (1 - t) softplus(z). ∂ℓ/∂z = (1 - t) σ(z) - t σ(-z)."""
    losses = t * softplus(-z) + (1 - t) * softplus(z)
    return losses, (1 - t) * sigmoid(z) - t * sigmoid(-z)


def softmax_cross_entropy(z: Array, t: Array) -> tuple[Array, Array]:
    """ℓ = -Σ_k t_k ln p_k, p = softmax(z). ∂ℓ/∂z_k = p_k Σ_(j≠k) t_j - t_k (1 - p_k)."""
    top = np.arange(z.shape[1]) == z.argmax(axis=1)[:, None]
    gaps = z - z.max(axis=1, keepdims=True)
    powers = np.exp(gaps)
    rest = sums(np.where(top, 0, powers))
    others = np.where(top, rest, 1 + rest - powers)
    losses, _ = surprise(powers, gaps - np.log1p(rest), t)
    return losses, powers / (1 + rest) * (sums(t) - t) - t * (others / (1 + rest))


AbsoluteError = partial(Loss, lambda y, t: (np.abs(y - t), np.sign(y - t)))
BinaryCrossEntropy = partial(Loss, binary_cross_entropy)
BinaryCrossEntropyWithLogits = partial(Loss, binary_cross_entropy_with_logits)
CrossEntropy = partial(Loss, cross_entropy, outputs="sum")
SoftmaxCrossEntropy = partial(Loss, softmax_cross_entropy, outputs="sum")
MSE = SquaredError


class State(NamedTuple):
    """The steps taken, and the running averages of the weights and of the bias."""

    steps: int
    averages: Sequence[Sequence[Array]]


@dataclass(frozen=True)
class Optimizer:
    """lr is η. Weight decay λ adds λ w to the gradient of weights. All averages start at 0."""

    lr: float
    weight_decay: float = field(default=0, kw_only=True)

    def __post_init__(self) -> None:
        for name, value in list(vars(self).items()):
            below = math.inf if name in ("lr", "weight_decay", "epsilon") else 1
            if not 0 <= value < below:
                raise ValueError(f"{name} is {value}, should be from 0 to less than {below}")
            object.__setattr__(self, name, float(value))

    def rule(self, step: int, w: Array, g: Array, *averages: Any) -> tuple[Array, ...]:
        """(w', *averages')."""
        raise NotImplementedError

    @silent
    def update(
        self, parameters: Parameters, gradient: Parameters, state: State | None = None
    ) -> tuple[Parameters, State]:
        """The parameters of one layer after one step; `state` is what the step before returned."""
        steps, averages = state or State(0, [(), ()])
        moved: list[Any] = []
        remembered: list[Sequence[Array]] = []
        for w, g, own, decay in zip(parameters, gradient, averages, (self.weight_decay, 0)):
            if w is not None:
                g, *own = (array("gradient or state", a, w.shape, w.dtype) for a in (g, *own))
                w, *own = self.rule(steps + 1, w, g + decay * w if decay else g, *own)
            moved.append(w)
            remembered.append(own)
        return Parameters(*moved), State(steps + 1, remembered)


class SGD(Optimizer):
    """w' = w - η g, with the w last: NumPy then adds it in place, to the product."""

    def rule(self, step: int, w: Array, g: Array, *averages: Any) -> tuple[Array, ...]:
        return (-self.lr * g + w,)


@dataclass(frozen=True)
class Momentum(Optimizer):
    """v' = μ v + g, w' = w - η v'."""

    mu: float = 0.9

    def rule(self, step: int, w: Array, g: Array, v: Any = 0) -> tuple[Array, ...]:
        v = self.mu * v + g
        return -self.lr * v + w, v


class Nesterov(Momentum):
    """v' = μ v + g, w' = w - η (g + μ v')."""

    def rule(self, step: int, w: Array, g: Array, v: Any = 0) -> tuple[Array, ...]:
        v = self.mu * v + g
        return -self.lr * (self.mu * v + g) + w, v


@dataclass(frozen=True)
class RMSProp(Optimizer):
    """s' = ρ s + (1 - ρ) g², w' = w - η g / (√s' + ε)."""

    rho: float = 0.9
    epsilon: float = 1e-8

    def rule(self, step: int, w: Array, g: Array, s: Any = 0) -> tuple[Array, ...]:
        s = self.rho * s + (1 - self.rho) * g * g
        return w - self.lr * g / (np.sqrt(s) + self.epsilon), s


@dataclass(frozen=True)
class Adam(Optimizer):
    """m' = β₁ m + (1 - β₁) g, s' = β₂ s + (1 - β₂) g², w' = w - η m̂ / (√ŝ + ε)."""

    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def rule(self, step: int, w: Array, g: Array, m: Any = 0, s: Any = 0) -> tuple[Array, ...]:
        m = self.beta1 * m + (1 - self.beta1) * g
        s = self.beta2 * s + (1 - self.beta2) * g * g
        unbiased_m, unbiased_s = m / (1 - self.beta1**step), s / (1 - self.beta2**step)
        return w - self.lr * unbiased_m / (np.sqrt(unbiased_s) + self.epsilon), m, s


class History(NamedTuple):
    """losses: the mean loss over the samples of each epoch, each seen just before its update."""

    losses: list[Any]


class Model:
    """y = f_n(... f_1(x)), L = loss(y, t). Training replaces its layers and never edits one."""

    def __init__(self, layers: Sequence[Layer], loss: Loss | None = None) -> None:
        self.layers, self.loss = list(layers), loss or MSE()
        if not self.layers:
            raise ValueError("layers is empty, should have at least one layer")
        dense = [layer for layer in layers if isinstance(layer, FCLayer)]
        for below, above in itertools.pairwise(dense):
            array("weights", above.weights, (None, below.outputs), below.weights.dtype)
        self.inputs = dense[0].inputs if dense else None
        self.dtype = dense[0].weights.dtype if dense else None

    def predict(self, x: npt.ArrayLike) -> Array:
        """y, B x outputs. x: B x inputs."""
        return self._trace(x)[-1]

    def evaluate(self, x: npt.ArrayLike, t: npt.ArrayLike) -> Any:
        """L, the loss of the whole batch."""
        return self.loss.value(self.predict(x), t)

    def gradients(self, x: npt.ArrayLike, t: npt.ArrayLike) -> tuple[Any, list[Parameters | None]]:
        """(L, dθ of each layer). The dx of the first layer that learns is not computed."""
        passed = self._trace(x)
        loss, dy = self.loss.both(passed[-1], t)
        found: list[Parameters | None] = [None] * len(self.layers)
        learning = [i for i, layer in enumerate(self.layers) if layer.parameters]
        for i in range(len(self.layers) - 1, learning[0] if learning else len(self.layers), -1):
            dy, found[i] = self.layers[i].backward(passed[i], passed[i + 1], dy)
        for i in learning[:1]:
            found[i] = self.layers[i].parameter_gradient(passed[i], passed[i + 1], dy)
        return loss, found

    def train(
        self,
        x: npt.ArrayLike,
        t: npt.ArrayLike,
        *,
        epochs: int,
        batch_size: int,
        optimizer: Optimizer,
        shuffle: Random | None = None,
    ) -> History:
        """Train on all samples in each epoch, in the given order or in one that `shuffle` draws."""
        if epochs < 0 or batch_size < 1:
            raise ValueError(f"{epochs} epochs of batches of {batch_size}: should be >= 0, >= 1")
        x = array("x", x, (None, self.inputs), self.dtype)
        t = array("t", t, (len(x), None), x.dtype)
        if not (np.isfinite(x).all() and np.isfinite(t).all()):
            raise ValueError("x or t has a number that is not finite")
        states: list[State | None] = [None] * len(self.layers)
        history = History([])
        for _ in range(epochs):
            order, whole = list(range(len(x))), 0
            if shuffle is not None:
                shuffle.shuffle(order)
            for start in range(0, len(x), batch_size):
                batch = order[start : start + batch_size]
                loss, found = self.gradients(x[batch], t[batch])
                whole += loss * len(batch) if self.loss.batch == "mean" else loss
                for i, (layer, gradient) in enumerate(zip(self.layers, found)):
                    if layer.parameters and gradient:
                        moved, states[i] = optimizer.update(layer.parameters, gradient, states[i])
                        self.layers[i] = FCLayer(*moved)
                    found[i] = None
            history.losses.append(whole / len(x))
        return history

    def _trace(self, x: npt.ArrayLike) -> list[Array]:
        """[x_1, ..., x_n, y]: the input of every layer, and the output of the last."""
        passed = [array("x", x, (None, self.inputs), self.dtype)]
        for layer in self.layers:
            passed.append(layer.forward(passed[-1]))
        return passed
