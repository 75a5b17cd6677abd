"""The chapter on the fully connected layer."""

from __future__ import annotations

from random import Random

from refnn import FCLayer
from tests.site.world import World


def layer_of_one_sample(rng: Random) -> World:
    """3 outputs, 2 inputs; L is any function of y, here one with squares and a product."""
    world = World(rng, i=2, j=3)
    world.unknown("W", 3, 2)
    world.unknown("b", 3)
    world.unknown("x", 2)
    world.define("y", lambda W, b, x: FCLayer(W, b).forward([x])[0])
    world.define("L", lambda y: y[0] * y[0] + 2 * y[1] * y[2] - y[2])
    world.gradient(r"\delta", "L", "y")
    return world


def layer_of_a_batch(rng: Random) -> World:
    """The same for 4 samples, each with a part in L."""
    world = World(rng, i=2, j=3, n=4)
    world.unknown("W", 3, 2)
    world.unknown("b", 3)
    world.unknown("X", 4, 2)
    world.unknown("1", 4, values=[[1]] * 4)
    world.define("Y", lambda W, b, X: FCLayer(W, b).forward(X))
    world.define("L", lambda Y: sum(y[0] * y[1] * (n + 1) - y[2] * y[2] for n, y in enumerate(Y)))
    world.gradient(r"\Delta", "L", "Y")
    return world


WORLDS = {
    "3.1": layer_of_one_sample,
    "3.3": layer_of_a_batch,
    "3.5": layer_of_one_sample,
    "3.11": layer_of_a_batch,
}
"""From which equation on which world holds."""
