"""Iris: 150 flowers, four measurements, three species. 100 to learn from, 50 held out."""

from __future__ import annotations

from random import Random

from refnn.activations import ReLU
from refnn.datasets import IRIS_SPECIES, iris, normalise, split
from refnn.fc_layer import FCLayer
from refnn.initializers import He
from refnn.losses import SoftmaxCrossEntropy
from refnn.model import Model
from refnn.optimizers import SGD
from refnn.pictures.panel import Panel, Series, loss_curve
from refnn.systems.system import Example, OnEpoch, Outcome, Row, System, accuracy


def _train(epochs: int, rng: Random, on_epoch: OnEpoch) -> Outcome:
    (x, t), (flowers, kinds) = split(iris(), 50, rng)
    new_x = normalise(flowers, like=x)
    x = normalise(x, like=x)
    layers = [FCLayer.random(4, 8, rng, He()), ReLU(), FCLayer.random(8, 3, rng)]
    model = Model(layers, SoftmaxCrossEntropy())
    history = model.train(
        x, t, epochs=epochs, batch_size=10, optimizer=SGD(0.1), shuffle=rng, on_epoch=on_epoch
    )
    y = model.predict(new_x)
    chosen = [row.index(max(row)) for row in y]
    truth = [row.index(1.0) for row in kinds]
    rows = [
        Row(f"{species} among the held out", float(chosen.count(k)), float(truth.count(k)))
        for k, species in enumerate(IRIS_SPECIES)
    ]
    facts = {"accuracy": accuracy(model.predict(x), t), "held-out accuracy": accuracy(y, kinds)}

    def petals(label: str, places: list[int]) -> Series:
        return Series(label, [flowers[i][2] for i in places], [flowers[i][3] for i in places])

    places = range(len(truth))
    scatter = Panel(
        "Held-out flowers",
        "petal length, cm",
        "petal width, cm",
        points=[
            *(petals(IRIS_SPECIES[k], [i for i in places if truth[i] == k]) for k in range(3)),
            petals("taken for another", [i for i in places if truth[i] != chosen[i]]),
        ],
    )
    return Outcome(rows, history.losses, [scatter, loss_curve(history.losses)], model, facts)


def _example() -> Example:
    layers = [
        FCLayer([[0.5, 0.0, 1.0, -0.5], [0.0, 0.5, -1.0, 1.0]], [0.0, 0.5]),
        ReLU(),
        FCLayer([[1.0, 0.0], [0.5, -0.5], [0.0, 1.0]], [0.0, 0.5, 0.0]),
    ]
    return Example(Model(layers, SoftmaxCrossEntropy()), [0.5, -0.5, 1.0, 0.25], [0.0, 1.0, 0.0])


IRIS = System(
    name="iris",
    summary="8 ReLU units and a softmax name three species of iris",
    seed=0,
    epochs=100,
    tutorial_epochs=100,
    train=_train,
    example=_example,
)
