"""The chapter on optimizers: one parameter, or a small layer for weight decay."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from refnn import SGD, Adam, FCLayer, Momentum, Nesterov, Parameters, RMSProp
from refnn.optimizers import Optimizer, State
from tests.site.world import World

CONSTANTS = {
    r"\eta": Decimal("0.11"),
    r"\mu": Decimal("0.73"),
    r"\rho": Decimal("0.59"),
    r"\beta_1": Decimal("0.37"),
    r"\beta_2": Decimal("0.83"),
    r"\epsilon": Decimal("0.07"),
    r"\lambda": Decimal("0.29"),
}
ETA, MU, RHO, BETA_1, BETA_2, EPSILON, LAMBDA = CONSTANTS.values()
MOMENTUM, NESTEROV = Momentum(ETA, MU), Nesterov(ETA, MU)
RMSPROP, ADAM = RMSProp(ETA, RHO, EPSILON), Adam(ETA, BETA_1, BETA_2, EPSILON)


def run(
    optimizer: Optimizer, w: Any, gradients: list[Any], *averages: Any, steps: int = 0
) -> tuple[Any, list[Any]]:
    """(w, the averages) after the reference's update with each gradient."""
    parameters = Parameters([[w]], None)
    state = State(steps, [[[average] for average in averages]]) if averages else None
    for g in gradients:
        parameters, state = optimizer.update(parameters, Parameters([[g]], None), state)
    assert state is not None
    return parameters.weights[0][0], [average for [average] in state.averages[0]]


def _world(rng: Random, *names: str) -> World:
    """t is the number of the step, and how many there have been."""
    t = rng.randint(2, 4)
    world = World(rng, i=t)
    world.last["i"], world.constants["t"] = "t", t
    for name, value in CONSTANTS.items():
        world.unknown(name, values=[[value]])
    for name in names:
        world.unknown(name, positive=name == "s")
    return world


def momentum(rng: Random) -> World:
    world = _world(rng, "w", "v", "g")
    world.define("v'", lambda w, v, g: run(MOMENTUM, w, [g], v)[1][0])
    world.define("w'", lambda w, v, g: run(MOMENTUM, w, [g], v)[0])
    return world


def momentum_of_many_steps(rng: Random) -> World:
    """g^{(1)} ... g^{(t)}."""
    world = _world(rng, "w")
    t = world.constants["t"]
    world.unknown("g", t)
    world.define(f"v^{{({t})}}", lambda w, g: run(MOMENTUM, w, g)[1][0])
    return world


def nesterov(rng: Random) -> World:
    """u is what the reference calls its parameter; g is the gradient there."""
    world = _world(rng, "w", "v", "g")
    world.define("u", lambda w, v: w - ETA * MU * v)
    world.define("v'", lambda w, v, g: run(MOMENTUM, w, [g], v)[1][0])
    world.define("w'", lambda w, v, g: run(MOMENTUM, w, [g], v)[0])
    world.define("u'", lambda u, v, g: run(NESTEROV, u, [g], v)[0])
    return world


def rmsprop(rng: Random) -> World:
    world = _world(rng, "w", "s", "g")
    world.define("s'", lambda w, s, g: run(RMSPROP, w, [g], s)[1][0])
    world.define("w'", lambda w, s, g: run(RMSPROP, w, [g], s)[0])
    return world


def adam(rng: Random) -> World:
    """Step t; m and s are what the steps before it have left."""
    world = _world(rng, "w", "m", "s", "g")
    t = world.constants["t"]

    def after(w: Any, m: Any, s: Any, g: Any) -> tuple[Any, list[Any]]:
        return run(ADAM, w, [g], m, s, steps=t - 1)

    world.define("m'", lambda w, m, s, g: after(w, m, s, g)[1][0])
    world.define("s'", lambda w, m, s, g: after(w, m, s, g)[1][1])
    corrections = [1 - beta**t for beta in (BETA_1, BETA_2)]
    world.define(r"\hatm", lambda m, g: (BETA_1 * m + (1 - BETA_1) * g) / corrections[0])
    world.define(r"\hats", lambda s, g: (BETA_2 * s + (1 - BETA_2) * g * g) / corrections[1])
    world.define("w'", lambda w, m, s, g: after(w, m, s, g)[0])
    return world


def adam_from_the_start(rng: Random) -> World:
    world = _world(rng, "w")
    t = world.constants["t"]
    world.unknown("g", t)
    world.define(f"m^{{({t})}}", lambda w, g: run(ADAM, w, g)[1][0])
    return world


def adam_first_step(rng: Random) -> World:
    world = _world(rng, "w", "g")
    world.define("w'", lambda w, g: run(ADAM, w, [g])[0])
    return world


def weight_decay(rng: Random) -> World:
    """A layer of 3 outputs and 2 inputs; L is any function of its outputs."""
    world = World(rng, i=2, j=3)
    for name, value in CONSTANTS.items():
        world.unknown(name, values=[[value]])
    world.unknown("W", 3, 2)
    world.unknown("b", 3)
    world.unknown("x", 2)
    world.define("y", lambda W, b, x: FCLayer(W, b).forward([x])[0])
    world.define("L", lambda y: y[0] * y[0] + 2 * y[1] * y[2] - y[2])
    world.define(
        r"L_\lambda", lambda L, W: L + LAMBDA / 2 * sum((w * w for row in W for w in row), 0)
    )
    world.gradient("G", "L", "W")
    world.define("W'", lambda W, b, G: _decayed(W, b, G))
    return world


def _decayed(W: Any, b: Any, G: Any) -> Any:
    optimizer = SGD(ETA, weight_decay=LAMBDA)
    return optimizer.update(Parameters(W, b), Parameters(G, b))[0].weights


WORLDS = {
    "8.1": momentum,
    "8.3": momentum_of_many_steps,
    "8.5": nesterov,
    "8.7": rmsprop,
    "8.9": adam,
    "8.11": adam_from_the_start,
    "8.13": adam,
    "8.16": adam_first_step,
    "8.17": weight_decay,
}
