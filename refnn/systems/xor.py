"""XOR: one where exactly one of two coordinates is below one half. No line separates it."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from refnn.activations import ReLU
from refnn.datasets import xor
from refnn.fc_layer import FCLayer
from refnn.initializers import He
from refnn.model import Model
from refnn.optimizers import SGD
from refnn.pictures.panel import Field, Panel, Series, loss_curve
from refnn.systems.system import Example, OnEpoch, Outcome, Row, System, accuracy


def _train(epochs: int, rng: Random, on_epoch: OnEpoch) -> Outcome:
    x, t = xor(1000, rng)
    held_out = xor(1000, rng)
    model = Model([FCLayer.random(2, 64, rng, He()), ReLU(), FCLayer.random(64, 1, rng, He())])
    history = model.train(
        x, t, epochs=epochs, batch_size=5, optimizer=SGD(0.01), shuffle=rng, on_epoch=on_epoch
    )
    middles = [[0.25, 0.25], [0.25, 0.75], [0.75, 0.25], [0.75, 0.75]]
    rows = [
        Row(f"at ({a}, {b})", y, float((a < 0.5) != (b < 0.5)))
        for (a, b), [y] in zip(middles, model.predict(middles), strict=True)
    ]
    facts = {
        "accuracy": accuracy(model.predict(x), t),
        "held-out accuracy": accuracy(model.predict(held_out[0]), held_out[1]),
    }
    new_x = held_out[0][:200]
    said = [y >= 0.5 for [y] in model.predict(new_x)]
    square = Panel(
        "XOR, learned",
        "x₁",
        "x₂",
        field=Field.of(model.predict, 0, 1, 0, 1),
        points=[
            Series(
                f"said to be {kind:d}",
                [a for (a, _), y in zip(new_x, said, strict=True) if y == kind],
                [b for (_, b), y in zip(new_x, said, strict=True) if y == kind],
            )
            for kind in (False, True)
        ],
    )
    return Outcome(rows, history.losses, [square, loss_curve(history.losses)], model, facts)


def _example() -> Example:
    layers = [
        FCLayer([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0]], [-0.5, 0.0, 0.0]),
        ReLU(),
        FCLayer([[0.5, 1.0, 1.0]], [-0.25]),
    ]
    x = [Fraction(1, 4), Fraction(3, 4)]
    return Example(Model(layers).cast(Fraction), x, [Fraction(1)])


XOR = System(
    name="xor",
    summary="64 ReLU units learn XOR on the unit square",
    seed=0,
    epochs=300,
    tutorial_epochs=300,
    train=_train,
    example=_example,
)
