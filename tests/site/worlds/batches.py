"""The chapter on batches: one layer, five samples, their losses one by one and together."""

from __future__ import annotations

from random import Random

from refnn import MSE, FCLayer, Sigmoid
from tests.site.world import World


def batch(rng: Random) -> World:
    """3 outputs, 2 inputs, 5 samples; the first 3 are one shard, the rest another."""
    world = World(rng, n=5, i=2, j=3)
    world.constants["B"] = 5
    world.unknown("B_1", values=[[3]])
    world.unknown("B_2", values=[[2]])
    world.unknown("W", 3, 2)
    world.unknown("b", 3)
    world.unknown("x", 5, 2)
    world.unknown("t", 5, 3)
    world.unknown("1", 5, values=[[1]] * 5)
    world.define("X", lambda x: x)
    world.define("Z", lambda W, b, X: FCLayer(W, b).forward(X))
    world.define("Y", lambda Z: Sigmoid().forward(Z))
    world.define(r"\ell", lambda Y, t: [MSE().value([y], [s]) for y, s in zip(Y, t)])
    world.define("L", lambda Y, t: MSE().value(Y, t))
    world.define("L_1", lambda Y, t: MSE().value(Y[:3], t[:3]))
    world.define("L_2", lambda Y, t: MSE().value(Y[3:], t[3:]))
    world.define("S", lambda ell: sum(ell[1:], ell[0]))
    world.gradient(r"\delta", "S", "Z")
    world.gradient(r"\Delta", "L", "Z")
    return world


WORLDS = {"6.1": batch}
"""From which equation on which world holds."""
