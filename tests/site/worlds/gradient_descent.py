"""The chapter on gradient descent: a step, a parabola, an epoch."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from refnn import MSE, SGD, FCLayer, Parameters, Sigmoid
from refnn.scalar import total
from tests.site.world import World

RATE = Fraction(3, 16)


def layer(rng: Random) -> World:
    """3 outputs, 2 inputs, 4 samples."""
    world = World(rng, i=2, j=3)
    world.unknown("W", 3, 2)
    world.unknown("b", 3)
    world.unknown("X", 4, 2)
    world.unknown("T", 4, 3)
    world.define(
        "L", lambda W, b, X, T: MSE().value(Sigmoid().forward(FCLayer(W, b).forward(X)), T)
    )
    world.gradient("G", "L", "W")
    world.gradient("g", "L", "b")
    return world


def step(rng: Random) -> World:
    """The reference's step."""
    world = layer(rng)
    world.unknown(r"\eta", values=[[RATE]])
    moved = SGD(RATE).update
    world.define("W'", lambda W, b, G, g: moved(Parameters(W, b), Parameters(G, g))[0].weights)
    world.define("b'", lambda W, b, G, g: moved(Parameters(W, b), Parameters(G, g))[0].bias)
    return world


def start_of_a_step(rng: Random) -> World:
    """The loss along the step: how it begins to change, where η is 0."""
    world = layer(rng)
    world.unknown(r"\eta", values=[[0]])
    world.define(
        "W'",
        lambda W, G, eta: [[w - eta * g for w, g in zip(*rows)] for rows in zip(W, G)],
    )
    world.formulas["L'"] = world.formulas["L"].subs(
        dict(zip(world.symbols["W"], world.symbols["W'"]))
    )
    world.symbols["L'"], world.values["L'"] = world.symbols["L"], world.values["L"]
    return world


def line(rng: Random) -> World:
    """y = m x + b through 5 samples, and the best m for this b."""
    world = World(rng, n=5)
    world.constants["B"] = 5
    for name in ("m", "b"):
        world.unknown(name)
    world.unknown("x", 5, positive=True)
    world.unknown("t", 5, positive=True)
    world.define(
        "L",
        lambda m, b, x, t: MSE().value(
            FCLayer([[m]], [b]).forward([[a] for a in x]), [[a] for a in t]
        ),
    )
    world.define("g", lambda m, b, x, t: total([2 * (m * a + b - c) * a / 5 for a, c in zip(x, t)]))
    world.define("c", lambda x: total([2 * a * a / 5 for a in x]))
    world.define(
        r"\hatm",
        lambda b, x, t: total([a * (c - b) for a, c in zip(x, t)]) / total([a * a for a in x]),
    )
    world.unknown(r"\eta", values=[[RATE]])
    world.define(
        "m'",
        lambda m, g: (
            SGD(RATE).update(Parameters([[m]], None), Parameters([[g]], None))[0].weights[0][0]
        ),
    )
    return world


def epoch(rng: Random) -> World:
    """7 samples in batches of 3, 3 and 1, at fixed parameters."""
    world = World(rng, n=7, k=3)
    world.constants["N"] = 7
    world.last["n"] = "N"
    world.unknown("y", 7)
    world.unknown("t", 7)
    world.unknown("B", 3, values=[[3], [3], [1]])
    parts = (slice(0, 3), slice(3, 6), slice(6, 7))
    world.define(r"\ell", lambda y, t: [MSE().value([[a]], [[b]]) for a, b in zip(y, t)])
    world.define(
        "L",
        lambda y, t: [MSE().value([[a] for a in y[p]], [[b] for b in t[p]]) for p in parts],
    )
    world.define("E", lambda y, t: MSE().value([[a] for a in y], [[b] for b in t]))
    return world


WORLDS = {"7.1": step, "7.4": start_of_a_step, "7.5": line, "7.10": epoch}
"""From which equation on which world holds."""
