"""The chapter on XOR and Iris: the network that does XOR by hand."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import sympy

from refnn import FCLayer, Model, ReLU
from tests.site.world import World

PARAMETERS = {
    "W^{(1)}": [[1, 1], [1, 1]],
    "b^{(1)}": [[0], [-1]],
    "W^{(2)}": [[1, -2]],
}


def by_hand(rng: Random) -> World:
    """At points where none, one and both of the units are active."""
    world = World(rng, i=2)
    for name, values in PARAMETERS.items():
        world.unknown(name, len(values), len(values[0]), values)
    first, both = Fraction(rng.randint(-9, 9), 4), Fraction(rng.choice((2, -2, 6)), 4)
    world.unknown("x", 2, values=[[first], [both - first]])
    world.function("relu", lambda z: sympy.Max(0, z))
    hidden, output = FCLayer([[1, 1], [1, 1]], [0, -1]), FCLayer([[1, -2]], [0])
    world.define("y", lambda x: Model([hidden, ReLU(), output]).predict([x])[0])
    return world


WORLDS = {"10.1": by_hand}
