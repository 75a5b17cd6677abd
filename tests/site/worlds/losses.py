"""The chapter on losses."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from refnn import (
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    Huber,
    Sigmoid,
    Softmax,
    SoftmaxCrossEntropy,
    SquaredError,
)
from refnn.activations.smooth import sigmoid
from refnn.losses import Loss
from tests.site.world import World
from tests.site.worlds.activations import activation


def squared(rng: Random) -> World:
    """Two samples with three outputs, any factor, and any of the four reductions."""
    batch, outputs = rng.choice(("mean", "sum")), rng.choice(("mean", "sum"))
    world = World(rng, n=2, k=3)
    world.constants["N"] = (2 if batch == "mean" else 1) * (3 if outputs == "mean" else 1)
    world.unknown("c", positive=True)
    world.unknown("Y", 2, 3)
    world.unknown("T", 2, 3)
    factor = Fraction(str(world.values["c"][0, 0]))
    world.define("L", lambda Y, T: SquaredError(factor, batch, outputs).value(Y, T))
    return world


def _of_residuals(rng: Random, loss_of: Callable[[Fraction], Loss]) -> World:
    """On both sides of 0, and of d: all cases are met."""
    parts = [Fraction(part, 10) for part in (-15, -9, 5, 9, 11)]
    world = World(rng, k=len(parts))
    world.unknown("d", positive=True)
    d = Fraction(str(world.values["d"][0, 0]))
    world.unknown("t", len(parts))
    world.unknown("r", len(parts), values=[[d * part] for part in parts])
    world.unknown(
        "y",
        len(parts),
        values=[[Fraction(str(a + b))] for a, b in zip(world.values["t"], world.values["r"])],
    )
    world.define(
        r"\ell", lambda y, t: [loss_of(d).value([[a]], [[b]]) for a, b in zip(y, t, strict=True)]
    )
    return world


def absolute(rng: Random) -> World:
    """Residuals of both signs."""
    return _of_residuals(rng, lambda d: AbsoluteError())


def huber(rng: Random) -> World:
    """The same, and the d at which the parabola ends."""
    return _of_residuals(rng, Huber)


def binary(rng: Random) -> World:
    """The probability that a sigmoid gives, and a target between 0 and 1."""
    world = World(rng)
    world.unknown("z")
    world.unknown("t", values=[[Fraction(rng.randint(1, 7), 8)]])
    world.define("y", lambda z: sigmoid(z))
    world.define(r"\ell", lambda y, t: BinaryCrossEntropy().value([[y]], [[t]]))
    return world


def logits(rng: Random) -> World:
    """The same without the sigmoid."""
    world = World(rng)
    world.unknown("z")
    world.unknown("t", values=[[Fraction(rng.randint(1, 7), 8)]])
    world.define(r"\ell", lambda z, t: BinaryCrossEntropyWithLogits().value([[z]], [[t]]))
    activation(world, r"\sigma", Sigmoid())
    return world


def distribution(rng: Random) -> World:
    """Three probabilities, and three of the target."""
    world = World(rng, k=3)
    world.unknown("y", 3, positive=True)
    world.unknown("t", 3, values=_target(rng))
    world.define(r"\ell", lambda y, t: CrossEntropy().value([y], [t]))
    return world


def scores(rng: Random) -> World:
    """The probabilities are those of a softmax."""
    world = World(rng, j=3, k=3, m=3)
    world.unknown("z", 3)
    world.unknown("t", 3, values=_target(rng))
    world.define("p", lambda z: Softmax().forward([z])[0])
    world.define(r"\ell", lambda p, t: CrossEntropy().value([p], [t]))
    return world


def scores_of_a_batch(rng: Random) -> World:
    """Two rows of scores; the loss is the one that takes scores."""
    world = World(rng, n=2, k=3)
    world.constants["B"] = 2
    world.unknown("Z", 2, 3)
    world.unknown("T", 2, 3, values=[[row[0] for row in _target(rng)] for _ in range(2)])
    world.define("P", lambda Z: Softmax().forward(Z))
    world.define("L", lambda Z, T: SoftmaxCrossEntropy().value(Z, T))
    return world


def _target(rng: Random) -> list[list[Fraction]]:
    """A column that sums to 1."""
    first, second = rng.sample((1, 2, 3), 2)
    return [[Fraction(part, 8)] for part in (first, second, 8 - first - second)]


WORLDS = {
    "4.1": squared,
    "4.4": absolute,
    "4.6": huber,
    "4.8": binary,
    "4.11": logits,
    "4.13": distribution,
    "4.15": scores,
    "4.18": scores_of_a_batch,
}
"""From which equation on which world holds."""
