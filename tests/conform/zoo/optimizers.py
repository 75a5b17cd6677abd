"""Other ways to write the same optimizers."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from refnn import SquaredError
from tests.conform.zoo.network import Array, Network


class Optimizers(Network):
    """The rules as they are usually printed; products add the first term first."""

    activations = ("identity",)
    losses = (SquaredError(),)
    optimizers = ("sgd", "momentum", "nesterov", "rmsprop", "adam")
    defaults: ClassVar[dict[str, float]] = {
        "mu": 0.9,
        "rho": 0.9,
        "epsilon": 1e-8,
        "beta1": 0.9,
        "beta2": 0.999,
        "weight_decay": 0.0,
    }

    place = 0
    """The layer that is updated."""

    def product(self, p: Array, q: Array) -> Array:
        result = np.zeros((len(p), q.shape[1]), self.kind)
        for k in range(len(q)):
            result = result + np.outer(p[:, k], q[k])
        return result

    def optimize(self, name: str, options: Any, parameters: Any, gradients: Any) -> Any:
        o = {**self.defaults, **options}
        current = [[self.array(w), self.array(b)] for w, b in parameters]
        states: list[Any] = [[{}, {}] for _ in current]
        after = []
        for t, step in enumerate(gradients, 1):
            for i, pair in enumerate(step):
                self.place = i
                for j, slopes in enumerate(pair):
                    decay = 0.0 if j else o["weight_decay"]
                    current[i][j] = self.update(
                        name, o, current[i][j], self.array(slopes), decay, states[i][j], t
                    )
            after.append([tuple(pair) for pair in current])
        return after

    def update(
        self, name: str, o: Any, w: Array, g: Array, decay: float, state: Any, t: int
    ) -> Array:
        return w - o["lr"] * self.direction(name, o, g + decay * w, state, t)

    def direction(self, name: str, o: Any, g: Array, state: Any, t: int) -> Array:
        if name == "sgd":
            return g
        if name in ("momentum", "nesterov"):
            v = state["v"] = o["mu"] * state.get("v", 0) + g
            return v if name == "momentum" else g + o["mu"] * v
        if name == "rmsprop":
            s = state["s"] = o["rho"] * state.get("s", 0) + (1 - o["rho"]) * g * g
            return g / (np.sqrt(s) + o["epsilon"])
        m = state["m"] = o["beta1"] * state.get("m", 0) + (1 - o["beta1"]) * g
        s = state["s"] = o["beta2"] * state.get("s", 0) + (1 - o["beta2"]) * g * g
        root = np.sqrt(s / (1 - o["beta2"] ** t))
        return m / (1 - o["beta1"] ** t) / (root + o["epsilon"])


class EfficientOptimizers(Optimizers):
    """η within the velocity, w (1 - η λ), m += (1 - β)(g - m), Adam with both corrections in η."""

    def update(
        self, name: str, o: Any, w: Array, g: Array, decay: float, state: Any, t: int
    ) -> Array:
        lr = o["lr"]
        if name == "sgd":
            return w * (1 - lr * decay) - lr * g
        g = g + decay * w
        if name in ("momentum", "nesterov"):
            v = state["v"] = o["mu"] * state.get("v", 0) - lr * g
            return w + v if name == "momentum" else w + o["mu"] * v - lr * g
        if name == "rmsprop":
            s = state["s"] = state.get("s", 0) + (1 - o["rho"]) * (g * g - state.get("s", 0))
            return w - (lr / (np.sqrt(s) + o["epsilon"])) * g
        m = state["m"] = state.get("m", 0) + (1 - o["beta1"]) * (g - state.get("m", 0))
        s = state["s"] = state.get("s", 0) + (1 - o["beta2"]) * (g * g - state.get("s", 0))
        c = math.sqrt(1 - o["beta2"] ** t)
        return w - lr * c / (1 - o["beta1"] ** t) * m / (np.sqrt(s) + o["epsilon"] * c)


class Optimizers32(Optimizers):
    """In float32, constants and powers of them included."""

    dtype = "float32"
    kind = np.float32
    losses = (SquaredError(1, "sum", "sum"),)

    def optimize(self, name: str, options: Any, parameters: Any, gradients: Any) -> Any:
        o = {key: np.float32(value) for key, value in {**self.defaults, **options}.items()}
        return super().optimize(name, o, parameters, gradients)

    def descend(self, w: Array, b: Array, d: Array, x: Array, rate: float) -> tuple[Array, Array]:
        return super().descend(w, b, d, x, np.float32(rate))


OPTIMIZERS = (Optimizers, EfficientOptimizers, Optimizers32)
