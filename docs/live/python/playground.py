"""The playground: the reference learns for a while, then shows its loss and what it says."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import Any

from refnn import SGD, FCLayer, LeakyReLU, Model, ReLU, Sigmoid, Tanh
from refnn.datasets import Data, blobs, moons, normalise, squares, xor
from refnn.initializers import Glorot, He
from refnn.layer import Layer
from refnn.systems.system import accuracy

SECONDS = 0.08
GRID = 40
SAMPLES = 120
ACTIVATIONS: dict[str, Callable[[], Layer[float]]] = {
    "relu": ReLU,
    "leaky_relu": lambda: LeakyReLU(0.01),
    "tanh": Tanh,
    "sigmoid": Sigmoid,
}
DATA: dict[str, Callable[[Random], Data]] = {
    "xor": lambda rng: xor(SAMPLES, rng),
    "moons": lambda rng: moons(SAMPLES, rng),
    "blobs": lambda rng: blobs(SAMPLES, rng),
    "squares": lambda rng: squares(),
}


class Playground:
    """A network, its data and how far it has come."""

    def __init__(self, choice: dict[str, Any]) -> None:
        self.rng = Random(choice["seed"])
        x, self.t = DATA[choice["data"]](self.rng)
        self.x = normalise(x, x)
        self.rate, self.batch_size = choice["rate"], choice["batch"]
        widths = [len(x[0]), *choice["hidden"], 1]
        start = He() if "relu" in choice["activation"] else Glorot()
        layers: list[Layer[float]] = []
        for inputs, outputs in pairwise(widths):
            layers.append(FCLayer.random(inputs, outputs, self.rng, start))
            layers.append(ACTIVATIONS[choice["activation"]]())
        self.model = Model(layers[:-1])
        self.epoch = 0
        self.edges = [edges(column) for column in zip(*self.x, strict=True)]
        self.points = grid(self.edges)

    def learn(self) -> list[float]:
        """The losses of as many epochs as there is time for, one at least."""
        losses: list[float] = []
        end = time.monotonic() + SECONDS
        while not losses or (time.monotonic() < end and math.isfinite(losses[-1])):
            history = self.model.train(
                self.x,
                self.t,
                epochs=1,
                batch_size=self.batch_size,
                optimizer=SGD(self.rate),
                shuffle=self.rng,
            )
            losses += history.losses
        self.epoch += len(losses)
        return losses

    def right(self) -> int | None:
        """How many samples are on their side of 1/2, where there are two sides."""
        if len(self.edges) == 1:
            return None
        return round(accuracy(self.model.predict(self.x), self.t) * len(self.x))

    def picture(self) -> list[float]:
        """What the network says at each point of the grid, rows from below."""
        return [round(y, 3) for [y] in self.model.predict(self.points)]


def edges(column: tuple[float, ...]) -> tuple[float, float]:
    """Where the picture ends: a little beyond the data."""
    margin = (max(column) - min(column)) / 10
    return min(column) - margin, max(column) + margin


def grid(edges: list[tuple[float, float]]) -> list[list[float]]:
    """The middles of GRID x GRID squares; of one input, points on a line."""
    axes = [[a + (b - a) * (i + 0.5) / GRID for i in range(GRID)] for a, b in edges]
    if len(axes) == 1:
        return [[a] for a in axes[0]]
    return [[a, b] for b in axes[1] for a in axes[0]]


CURRENT: dict[str, Playground] = {}


def run(request: dict[str, Any], say: Any) -> None:
    """With "choice", begin anew; else go on. Says where the training stands."""
    if "choice" in request:
        one = CURRENT["one"] = Playground(request["choice"])
        say({"data": {"x": one.x, "t": [t for [t] in one.t], "edges": one.edges}})
        losses = [one.model.evaluate(one.x, one.t)]
    else:
        one = CURRENT["one"]
        try:
            losses = one.learn()
        except (ValueError, OverflowError):  # refnn refuses to learn with NaN
            losses = [math.nan]
    picture = one.picture()
    if all(map(math.isfinite, [*losses, *picture])):
        say({"epoch": one.epoch, "losses": losses, "picture": picture, "right": one.right()})
    else:
        say({"diverged": one.epoch})
