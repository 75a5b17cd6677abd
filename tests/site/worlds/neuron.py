"""The chapter on one neuron."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from refnn import MSE, SGD, FCLayer, Identity, Input, Neuron, Parameters, Sigmoid
from refnn.activations.smooth import sigmoid
from tests.site.world import World
from tests.site.worlds.activations import activation


def neuron_with_activation(rng: Random) -> World:
    """Two inputs and a sigmoid; L is any function of a."""
    world = World(rng, i=2)
    world.unknown("w", 2)
    world.unknown("x", 2)
    world.unknown("b")
    world.define("z", lambda w, x, b: FCLayer([w], [b]).forward([x])[0][0])
    world.define("a", lambda z: sigmoid(z))
    world.define("L", lambda a: a * a * 3 - a)
    world.gradient(r"\delta", "L", "z")
    activation(world, "f", Sigmoid())
    return world


def line(rng: Random) -> World:
    """y = m x + b, and its squared error on one sample."""
    world = World(rng)
    for name in ("m", "b", "x", "t", "h", r"\eta"):
        world.unknown(name, positive=name == r"\eta")
    world.define("y", lambda m, b, x: Neuron([Input(0)], Identity(), [m], b).forward([x]))
    world.define("L", lambda y, t: MSE().value([[y]], [[t]]))
    rate = Fraction(str(world.values[r"\eta"][0, 0]))
    for name in ("m", "b"):
        world.gradient("g", "L", name)
        number, slope = (Fraction(str(world.values[word][0, 0])) for word in (name, "g"))
        after, _ = SGD(rate).update(Parameters([[number]], None), Parameters([[slope]], None))
        world.unknown(name + "'", values=after.weights)
    return world


def line_of_a_batch(rng: Random) -> World:
    """The same for five samples, by their mean."""
    world = World(rng, n=5)
    world.constants["B"] = 5
    world.unknown("m")
    world.unknown("b")
    world.unknown("x", 5)
    world.unknown("t", 5, positive=True)
    world.unknown("1", 5, values=[[1]] * 5)
    world.define(
        "y", lambda m, b, x: [row[0] for row in FCLayer([[m]], [b]).forward([[a] for a in x])]
    )
    world.define("L", lambda y, t: MSE().value([[a] for a in y], [[a] for a in t]))
    return world


WORLDS = {
    "1.1": neuron_with_activation,
    "1.4": line,
    "1.11": line_of_a_batch,
    "1.14": neuron_with_activation,
}
"""From which equation on which world holds."""
