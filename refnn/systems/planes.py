"""Points on a plane, and the boundary that a network draws between them: two moons, two blobs."""

from __future__ import annotations

from random import Random

from refnn.activations import Sigmoid
from refnn.datasets import Data, blobs, moons, normalise
from refnn.fc_layer import FCLayer
from refnn.losses import BinaryCrossEntropy
from refnn.model import Model
from refnn.optimizers import SGD
from refnn.pictures.panel import Field, Panel, Series, loss_curve
from refnn.systems.system import Example, OnEpoch, Outcome, Row, System, accuracy

SAMPLES = 200


def _learn(seen: Data, held_out: Data, epochs: int, rng: Random, on_epoch: OnEpoch) -> Outcome:
    (x, t), (new_x, new_t) = seen, held_out
    x, new_x = normalise(x, like=x), normalise(new_x, like=x)
    layers = [FCLayer.random(2, 16, rng), Sigmoid(), FCLayer.random(16, 1, rng), Sigmoid()]
    model = Model(layers, BinaryCrossEntropy())
    history = model.train(
        x, t, epochs=epochs, batch_size=len(x), optimizer=SGD(2), on_epoch=on_epoch
    )
    y = model.predict(new_x)
    rows = [
        Row(f"mean output, class {kind:g}", sum(own) / len(own), kind)
        for kind in (0.0, 1.0)
        for own in [[a for [a], [b] in zip(y, new_t, strict=True) if b == kind]]
    ]
    facts = {"accuracy": accuracy(model.predict(x), t), "held-out accuracy": accuracy(y, new_t)}
    boundary = Panel(
        "Decision boundary",
        "x₁",
        "x₂",
        field=Field.of(model.predict, -2.5, 2.5, -2.5, 2.5),
        points=[
            Series(
                f"class {kind:g}",
                [p[0] for p, [k] in zip(x, t, strict=True) if k == kind],
                [p[1] for p, [k] in zip(x, t, strict=True) if k == kind],
            )
            for kind in (0.0, 1.0)
        ],
    )
    return Outcome(rows, history.losses, [boundary, loss_curve(history.losses)], model, facts)


def _train_moons(epochs: int, rng: Random, on_epoch: OnEpoch) -> Outcome:
    return _learn(moons(SAMPLES, rng), moons(SAMPLES, rng), epochs, rng, on_epoch)


def _train_blobs(epochs: int, rng: Random, on_epoch: OnEpoch) -> Outcome:
    return _learn(blobs(SAMPLES, rng), blobs(SAMPLES, rng), epochs, rng, on_epoch)


def _example() -> Example:
    layers = [
        FCLayer([[1.0, -0.5], [0.5, 1.0], [-1.0, 0.25]], [0.0, 0.5, -0.5]),
        Sigmoid(),
        FCLayer([[1.0, -1.0, 0.5]], [0.25]),
        Sigmoid(),
    ]
    return Example(Model(layers, BinaryCrossEntropy()), [0.5, 1.0], [1.0])


MOONS = System(
    name="moons",
    summary="16 hidden sigmoids part two moons that reach into each other",
    seed=0,
    epochs=2000,
    tutorial_epochs=10_000,
    train=_train_moons,
    example=_example,
)

BLOBS = System(
    name="blobs",
    summary="the same network on two blobs, which a line could part",
    seed=0,
    epochs=200,
    tutorial_epochs=10_000,
    train=_train_blobs,
    example=_example,
)
