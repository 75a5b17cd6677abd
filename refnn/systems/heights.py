"""Two inputs, two hidden sigmoids, one output: four people, told apart by weight and height."""

from __future__ import annotations

from random import Random

from refnn.activations import Sigmoid
from refnn.fc_layer import FCLayer
from refnn.initializers import Normal
from refnn.model import Model
from refnn.optimizers import SGD
from refnn.pictures.panel import Field, Panel, Series, loss_curve
from refnn.systems.system import Example, OnEpoch, Outcome, Row, System

# (weight in pounds - 135, height in inches - 66), 1 or 0
PEOPLE = [[-2.0, -1.0], [25.0, 6.0], [17.0, 4.0], [-15.0, -6.0]]
KINDS = [[1.0], [0.0], [0.0], [1.0]]


def _train(epochs: int, rng: Random, on_epoch: OnEpoch) -> Outcome:
    layers = [
        FCLayer.random(2, 2, rng, Normal(1)),
        Sigmoid(),
        FCLayer.random(2, 1, rng, Normal(1)),
        Sigmoid(),
    ]
    model = Model(layers)
    history = model.train(
        PEOPLE, KINDS, epochs=epochs, batch_size=1, optimizer=SGD(0.1), on_epoch=on_epoch
    )
    strangers = [[-7.0, -3.0], [20.0, 2.0]]
    rows = [
        Row(f"{name} ({a:g}, {b:g})", y, t)
        for name, people, kinds in (
            ("seen", PEOPLE, KINDS),
            ("new", strangers, [[1.0], [0.0]]),
        )
        for (a, b), [y], [t] in zip(people, model.predict(people), kinds, strict=True)
    ]
    plane = Panel(
        "Output",
        "weight - 135 lb",
        "height - 66 in",
        field=Field.of(model.predict, -25, 35, -10, 10),
        points=[
            Series(f"class {kind:g}", *zip(*(p for p, [k] in zip(PEOPLE, KINDS) if k == kind)))
            for kind in (0.0, 1.0)
        ],
    )
    return Outcome(rows, history.losses, [plane, loss_curve(history.losses)], model)


def _example() -> Example:
    """All weights 1, all biases 0."""
    layers = [
        FCLayer([[1.0, 1.0], [1.0, 1.0]], [0.0, 0.0]),
        Sigmoid(),
        FCLayer([[1.0, 1.0]], [0.0]),
        Sigmoid(),
    ]
    return Example(Model(layers), PEOPLE[0], KINDS[0])


HEIGHTS = System(
    name="heights",
    summary="two hidden sigmoids tell four people apart by weight and height",
    seed=0,
    epochs=1000,
    tutorial_epochs=1000,
    train=_train,
    example=_example,
)
