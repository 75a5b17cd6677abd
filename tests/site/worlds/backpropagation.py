"""The chapter on back-propagation: networks of numbers, of vectors, and of batches."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from sympy import Expr

from refnn import MSE, FCLayer, Sigmoid, Softplus, Tanh
from refnn.activations import Activation
from tests.site.world import World
from tests.symbolic import Symbol, exact

FUNCTIONS: tuple[Activation[Any], ...] = (Tanh(), Sigmoid(), Softplus())
"""f_1, f_2, f_3: three different ones, so that a wrong index is seen."""


def of_one_number(activation: Activation[Any]) -> Callable[[Expr], Expr]:
    """The reference's activation, as a function of an expression."""
    return lambda z: exact(activation.forward([[Symbol(z, Decimal(1))]])[0][0])


def functions(world: World) -> World:
    for number, activation in enumerate(FUNCTIONS, 1):
        world.function(f"f_{number}", of_one_number(activation))
    return world


def chain_of_numbers(rng: Random) -> World:
    """Three neurons in a row."""
    world = functions(World(rng))
    for name in ("x", "t", "w_1", "b_1", "w_2", "b_2", "w_3", "b_3"):
        world.unknown(name)
    first, second, third = FUNCTIONS
    world.define("z_1", lambda w_1, x, b_1: FCLayer([[w_1]], [b_1]).forward([[x]])[0][0])
    world.define("a_1", lambda z_1: first.forward([[z_1]])[0][0])
    world.define("z_2", lambda w_2, a_1, b_2: FCLayer([[w_2]], [b_2]).forward([[a_1]])[0][0])
    world.define("a_2", lambda z_2: second.forward([[z_2]])[0][0])
    world.define("z_3", lambda w_3, a_2, b_3: FCLayer([[w_3]], [b_3]).forward([[a_2]])[0][0])
    world.define("y", lambda z_3: third.forward([[z_3]])[0][0])
    world.define("L", lambda y, t: MSE().value([[y]], [[t]]))
    for number in ("1", "2", "3"):
        world.gradient(rf"\delta_{number}", "L", f"z_{number}")
    return world


def network(rng: Random, layers: int = 3) -> World:
    """Widths 2, 3, 4, 2 and one sample; l runs over the first `layers`."""
    world = functions(World(rng, l=layers, i=2, j=3, k=4))
    world.last["k"] = "n_2"
    world.constants["D"] = 3
    world.widths, world.sizes["K"] = [2, 3, 4, 2], 2
    world.unknown("x", 2)
    world.unknown("t", 2)
    for number, shape in (("1", (3, 2)), ("2", (4, 3)), ("3", (2, 4))):
        world.unknown(f"W^{{({number})}}", *shape)
        world.unknown(f"b^{{({number})}}", shape[0])
    world.define("a^{(0)}", lambda x: x)
    world.define("z^{(1)}", lambda W1, b1, a0: FCLayer(W1, b1).forward([a0])[0])
    world.define("a^{(1)}", lambda z1: FUNCTIONS[0].forward([z1])[0])
    world.define("z^{(2)}", lambda W2, b2, a1: FCLayer(W2, b2).forward([a1])[0])
    world.define("a^{(2)}", lambda z2: FUNCTIONS[1].forward([z2])[0])
    world.define("z^{(3)}", lambda W3, b3, a2: FCLayer(W3, b3).forward([a2])[0])
    world.define("a^{(3)}", lambda z3: FUNCTIONS[2].forward([z3])[0])
    world.define("y", lambda a3: a3)
    world.define("L", lambda y, t: MSE().value([y], [t]))
    for number in ("1", "2", "3"):
        world.gradient(rf"\delta^{{({number})}}", "L", f"z^{{({number})}}")
    return world


def hidden(rng: Random) -> World:
    """The same, where l + 1 is a layer too."""
    return network(rng, layers=2)


def network_of_a_batch(rng: Random, layers: int = 3) -> World:
    """The same for five samples."""
    world = functions(World(rng, l=layers))
    world.constants["D"] = 3
    world.widths = [2, 3, 4, 2]
    world.sizes.update(B=5, K=2)
    world.unknown("X", 5, 2)
    world.unknown("T", 5, 2)
    world.unknown("1", 5, values=[[1]] * 5)
    for number, shape in (("1", (3, 2)), ("2", (4, 3)), ("3", (2, 4))):
        world.unknown(f"W^{{({number})}}", *shape)
        world.unknown(f"b^{{({number})}}", shape[0])
    world.define("A^{(0)}", lambda X: X)
    world.define("Z^{(1)}", lambda W1, b1, A0: FCLayer(W1, b1).forward(A0))
    world.define("A^{(1)}", lambda Z1: FUNCTIONS[0].forward(Z1))
    world.define("Z^{(2)}", lambda W2, b2, A1: FCLayer(W2, b2).forward(A1))
    world.define("A^{(2)}", lambda Z2: FUNCTIONS[1].forward(Z2))
    world.define("Z^{(3)}", lambda W3, b3, A2: FCLayer(W3, b3).forward(A2))
    world.define("Y", lambda Z3: FUNCTIONS[2].forward(Z3))
    world.define("L", lambda Y, T: MSE().value(Y, T))
    for number in ("1", "2", "3"):
        world.gradient(rf"\Delta^{{({number})}}", "L", f"Z^{{({number})}}")
    return world


def hidden_of_a_batch(rng: Random) -> World:
    """The same, where l + 1 is a layer too."""
    return network_of_a_batch(rng, layers=2)


WORLDS = {
    "5.1": chain_of_numbers,
    "5.6": network,
    "5.8": chain_of_numbers,
    "5.14": network,
    "5.17": hidden,
    "5.18": network,
    "5.20": network_of_a_batch,
    "5.21": hidden_of_a_batch,
    "5.22": network_of_a_batch,
}
"""From which equation on which world holds."""
