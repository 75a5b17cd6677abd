"""The chapter on activations."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import sympy

from refnn import Identity, LeakyReLU, ReLU, Sigmoid, Softmax, Softplus, Tanh
from refnn.activations import Activation
from refnn.scalar import exp
from tests.site.world import World
from tests.symbolic import Symbol, exact


def activation(world: World, name: str, layer: Activation) -> None:
    """The name as a function of one number, by `forward`; with a prime, its derivative.

    The derivative is SymPy's, of what the reference writes down where z is: on this side of a kink.
    """

    def formula(z: Any, at: sympy.Expr) -> sympy.Expr:
        return exact(layer.forward([[Symbol(z, Decimal(str(at.evalf(30))))]])[0][0])

    def derivative(at: sympy.Expr) -> sympy.Expr:
        z = sympy.Symbol("z", real=True)
        return sympy.diff(formula(z, at), z).subs(z, at)

    world.functions[name] = lambda at: formula(at, at)
    world.functions[name + "'"] = derivative


def elementwise(rng: Random) -> World:
    """One number z, near the kinks at 0, and a number alpha; each function by its name."""
    world = World(rng)
    world.unknown("z", values=[[Fraction(rng.choice((-3, -1, 1, 3)), 64)]])
    world.unknown(r"\alpha", positive=True)
    alpha = Fraction(str(world.values[r"\alpha"][0, 0]))
    layers: dict[str, Activation] = {
        r"\sigma": Sigmoid(),
        "tanh": Tanh(),
        "softplus": Softplus(),
        "id": Identity(),
        "relu": ReLU(),
        "leaky": LeakyReLU(alpha),
    }
    for name, layer in layers.items():
        activation(world, name, layer)
    return world


def layer_of_one_sample(rng: Random) -> World:
    """a = f(z) for three numbers; L is any function of a, and g its gradient there."""
    world = World(rng, j=3)
    world.unknown("z", 3)
    world.define("a", lambda z: Sigmoid().forward([z])[0])
    world.define("L", lambda a: a[0] * a[1] + 2 * a[2] * a[2] - a[1])
    world.gradient("g", "L", "a")
    activation(world, "f", Sigmoid())
    return world


def layer_of_a_batch(rng: Random) -> World:
    """The same for two samples."""
    world = World(rng, n=2, j=3)
    world.unknown("Z", 2, 3)
    world.define("A", lambda Z: Sigmoid().forward(Z))
    world.define("L", lambda A: sum((n + 1) * a[0] * a[1] - a[2] * a[2] for n, a in enumerate(A)))
    world.gradient("G", "L", "A")
    activation(world, "f", Sigmoid())
    return world


def softmax(rng: Random) -> World:
    """Three scores, any shift c, and any L of the probabilities."""
    world = World(rng, j=3, k=3, m=3)
    world.unknown("z", 3)
    world.unknown("c")
    world.unknown("1", 3, values=[[1]] * 3)
    world.define("a", lambda z: Softmax().forward([z])[0])
    world.define("s", lambda z: sum(exp(number) for number in z))
    world.define("L", lambda a: a[0] * a[1] + 2 * a[2] * a[2] - a[1])
    world.gradient("g", "L", "a")
    return world


def softmax_of_a_batch(rng: Random) -> World:
    """Two rows of three scores."""
    world = World(rng, n=2, k=3)
    world.unknown("Z", 2, 3)
    world.unknown("1", 3, values=[[1]] * 3)
    world.define("A", lambda Z: Softmax().forward(Z))
    world.define("L", lambda A: sum((n + 1) * a[0] * a[1] - a[2] * a[2] for n, a in enumerate(A)))
    world.gradient("G", "L", "A")
    return world


WORLDS = {
    "2.1": layer_of_one_sample,
    "2.3": layer_of_a_batch,
    "2.4": elementwise,
    "2.17": softmax,
    "2.23": softmax_of_a_batch,
}
"""From which equation on which world holds."""
