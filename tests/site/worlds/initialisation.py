"""The chapter on initialisation: each weight is r or -r, and a mean is that of all the cases."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import sympy

from refnn import FCLayer, ReLU
from tests.site.world import World
from tests.symbolic import Symbol

INPUTS, OUTPUTS = 5, 3


def one_layer(rng: Random) -> World:
    world = _world(rng)
    world.unknown("W", OUTPUTS, INPUTS)
    world.define("y", lambda W, x: FCLayer(W, None).forward([x])[0])
    return world


def variances(rng: Random) -> World:
    """v of what is random, q of what is given: a mean of squares."""
    world = _world(rng)
    world.unknown("r", positive=True)
    world.unknown(r"\delta", OUTPUTS)
    world.define("v_W", lambda r: _mean_square(lambda sign: r * sign, 1))
    world.define("v_y", lambda r, x: _mean_square(lambda *row: _output(r, row, x), INPUTS))
    world.define("v_g", lambda r, delta: _mean_square(lambda *w: _back(r, w, delta), OUTPUTS))
    world.define("q_x", lambda x: sum(a * a for a in x) / INPUTS)
    world.define(r"q_\delta", lambda delta: sum(d * d for d in delta) / OUTPUTS)
    world.define(
        "q_a",
        lambda r, x: _mean_square(
            lambda *row: ReLU().forward([[_output(r, row, x)]])[0][0], INPUTS
        ),
    )
    return world


def uniform(rng: Random) -> World:
    world = World(rng)
    world.unknown("r", positive=True)
    world.define("v_U", lambda r: Symbol(_uniform_variance(r.expression), r.value * 0))
    return world


def relu(rng: Random) -> World:
    """Above 0 and below."""
    world = World(rng)
    world.unknown("z", 2, values=[[Fraction(rng.randint(1, 9), 4)], [Fraction(-7, 4)]])
    world.function("relu", lambda z: sympy.Max(0, z))
    return world


def _world(rng: Random) -> World:
    world = World(rng, i=INPUTS, k=INPUTS, j=OUTPUTS)
    world.last["k"] = "I"
    world.unknown("x", INPUTS)
    world.constants.update(I=INPUTS, J=OUTPUTS)
    return world


def _mean_square(value: Callable[..., Any], signs: int) -> Any:
    values = [value(*choice) for choice in product((1, -1), repeat=signs)]
    return sum(v * v for v in values) / len(values)


def _output(r: Any, signs: tuple[int, ...], x: Any) -> Any:
    return FCLayer([[r * sign for sign in signs]], None).forward([x])[0][0]


def _back(r: Any, signs: tuple[int, ...], delta: Any) -> Any:
    column = FCLayer([[r * sign] for sign in signs], None)
    return column.input_gradient([], [], [delta])[0][0]


def _uniform_variance(r: sympy.Expr) -> sympy.Expr:
    w = sympy.Symbol("w", real=True)
    return sympy.integrate(w**2 / (2 * r), (w, -r, r))


WORLDS = {"9.1": one_layer, "9.3": variances, "9.5": uniform, "9.6": relu, "9.7": variances}
