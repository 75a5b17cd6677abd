"""The chapter on checks: a polynomial, a network in one weight, a kink, and dual numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from random import Random

import sympy
from sympy import Expr

from refnn import FCLayer, LeakyReLU, Model, ReLU
from tests.site.world import World
from tests.site.worlds.activations import activation
from tests.symbolic import Symbol, exact


def cubic(rng: Random) -> World:
    """f is a polynomial of degree 3, so that its Taylor series ends."""
    world = World(rng)
    world.unknown("p")
    world.unknown("h", positive=True)
    a, b, c, d = (rng.randint(1, 9) for _ in range(4))
    _function(world, "f", lambda p: a + b * p + c * p**2 + d * p**3)
    return world


def network_in_one_weight(rng: Random) -> World:
    """The loss as a function of one weight, in a region without a kink."""
    world = World(rng)
    world.unknown("p", values=[[Fraction(rng.randint(3, 9), 4)]])
    world.unknown("h", values=[[Fraction(1, 8)]])
    _function(world, "L", _loss)
    return world


def kink(rng: Random) -> World:
    """The slopes are 1 and α."""
    alpha = Decimal(rng.randint(1, 15)) / 16
    world = World(rng)
    world.unknown("h", positive=True)
    world.unknown(r"\alpha", values=[[alpha]])
    activation(world, "leaky", LeakyReLU(alpha))
    return world


def dual_numbers(rng: Random) -> World:
    """ε is the matrix (0 1; 0 0), whose square is 0, and a number is a multiple of 1."""
    world = World(rng)
    for name in ("u", "u'", "v", "v'"):
        number = Fraction(rng.randint(1, 9), 4)
        world.unknown(name, 2, 2, values=[[number, 0], [0, number]])
    world.unknown(r"\epsilon", 2, 2, values=[[0, 1], [0, 0]])
    return world


def _function(world: World, name: str, value: Callable[[Expr], Expr]) -> None:
    """With its derivatives, up to the third."""
    variable = sympy.Symbol("variable", real=True)
    for order in range(4):
        slope = sympy.diff(value(variable), variable, order)
        world.functions[name + "'" * order] = lambda at, slope=slope: slope.subs(variable, at)


def _loss(p: Expr) -> Expr:
    weight = Symbol(p, Decimal(1))
    layers = [FCLayer([[weight, 1], [2, -1]], [0, 1]), ReLU(), FCLayer([[1, -2]], [1])]
    return exact(Model(layers).evaluate([[1, 2], [3, 1]], [[1], [0]]))


WORLDS = {
    "11.1": cubic,
    "11.3": network_in_one_weight,
    "11.4": dual_numbers,
    "11.5": kink,
}
