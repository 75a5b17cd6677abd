"""Neurons learn to square numbers: a chain learns one point by heart, twelve in a row can bend.

The chain is made of scalar neurons, the twelve are a layer. The squared error of small numbers is
small, so their relative error stays large: what is not in the loss is not learned.
"""

from __future__ import annotations

from fractions import Fraction
from random import Random

from refnn.activations import Activation, Identity, ReLU, Tanh
from refnn.datasets import squares
from refnn.fc_layer import FCLayer
from refnn.initializers import Uniform
from refnn.losses import MSE
from refnn.model import Model
from refnn.neuron import Input, Neuron
from refnn.optimizers import SGD
from refnn.pictures.panel import Panel, Series, loss_curve
from refnn.systems.system import Example, OnEpoch, Outcome, Row, System


def _train_chain(epochs: int, rng: Random, on_epoch: OnEpoch) -> Outcome:
    hidden = Neuron.random([Input(0)], ReLU(), rng, Uniform(0, 1))
    output = Neuron.random([hidden], Identity(), rng, Uniform(0, 1))
    loss, optimizer = MSE(), SGD(0.01)
    losses = []
    for epoch in range(1, epochs + 1):
        y = output.forward([3.0])
        [[dy]] = loss.gradient([[y]], [[9.0]])
        _, gradients = output.backward([3.0], dy)
        for neuron, gradient in gradients.items():
            neuron.parameters, _ = optimizer.update(neuron.parameters, gradient)
        losses.append(loss.value([[y]], [[9.0]]))
        on_epoch(epoch, losses[-1])
    points = [float(x) for x in range(1, 51)]
    panel = Panel(
        "One point is not a function",
        "x",
        "y",
        lines=[
            Series("x²", points, [x * x for x in points]),
            Series("learned", points, [output.forward([x]) for x in points]),
        ],
        points=[Series("the only sample", [3.0], [9.0])],
    )
    rows = [Row(f"{x} squared", output.forward([float(x)]), x * x) for x in (3, 10, 50)]
    model = Model([FCLayer(*hidden.parameters), ReLU(), FCLayer(*output.parameters)])
    return Outcome(rows, losses, [panel, loss_curve(losses)], model)


def _train(epochs: int, rng: Random, on_epoch: OnEpoch) -> Outcome:
    x, t = squares()
    model = Model([FCLayer.random(1, 12, rng), ReLU(), FCLayer.random(12, 1, rng)])
    history = model.train(
        x,
        t,
        epochs=epochs,
        batch_size=1,
        optimizer=SGD(0.05),
        shuffle=rng,
        on_epoch=on_epoch,
    )
    y = model.predict(x)
    inputs = [a for [a] in x]
    panel = Panel(
        "The square, learned",
        "x",
        "y",
        lines=[Series("x²", inputs, [a for [a] in t])],
        points=[Series("learned", inputs, [a for [a] in y])],
    )
    rows = [Row(f"{x[i][0]:g} squared", y[i][0], t[i][0]) for i in (0, 4, 9, 24, 49)]
    facts = {
        "loss over all 50": model.evaluate(x, t),
        "relative error at 0.02": abs(y[0][0] / t[0][0] - 1),
        "relative error at 1": abs(y[-1][0] / t[-1][0] - 1),
    }
    panels = [panel, loss_curve(history.losses), *map(_curve, (ReLU(), Tanh(), Identity()))]
    return Outcome(rows, history.losses, panels, model, facts)


def _curve(activation: Activation) -> Panel:
    """An activation and its derivative."""
    z = [i / 20 for i in range(-60, 61)]
    a = activation.forward([z])
    da = activation.input_gradient([z], a, [[1.0] * len(z)])
    return Panel(
        type(activation).__name__,
        "z",
        "",
        lines=[Series("a", z, a[0]), Series("da/dz", z, da[0])],
    )


def _example() -> Example:
    layers = [
        FCLayer([[Fraction(1, 2)], [Fraction(-1, 4)]], [Fraction(0), Fraction(1, 4)]),
        ReLU(),
        FCLayer([[Fraction(3, 4), Fraction(1)]], [Fraction(0)]),
    ]
    return Example(Model(layers), [Fraction(1, 2)], [Fraction(1, 4)])


def _chain_example() -> Example:
    layers = [
        FCLayer([[Fraction(1, 2)]], [Fraction(0)]),
        ReLU(),
        FCLayer([[Fraction(3, 4)]], [Fraction(0)]),
    ]
    return Example(Model(layers), [Fraction(3)], [Fraction(9)])


SQUARES = System(
    name="squares",
    summary="12 ReLU neurons and a linear one learn x² on (0, 1]",
    seed=0,
    epochs=1000,
    tutorial_epochs=1000,
    train=_train,
    example=_example,
)

SQUARES_CHAIN = System(
    name="squares-chain",
    summary="a chain of neurons learns that 3² = 9, and nothing else",
    seed=0,
    epochs=1000,
    tutorial_epochs=1000,
    train=_train_chain,
    example=_chain_example,
)
