"""A perceptron without an activation is linear regression: 20 patients, one slope, one intercept.

Gradient descent walks down a parabola. With η = 0.001 and 10,000 full batches it is near the
bottom, which the closed form knows, and not yet there.
"""

from __future__ import annotations

from random import Random

from refnn.datasets import diabetes
from refnn.fc_layer import FCLayer
from refnn.model import Model
from refnn.optimizers import SGD
from refnn.pictures.panel import Panel, Series, loss_curve
from refnn.systems.system import Example, OnEpoch, Outcome, Row, System

START = FCLayer([[5.0]], [10.0])


def closed_form(x: list[float], t: list[float]) -> tuple[float, float]:
    """The slope m and intercept b of least squares: m = cov(x, t) / var(x), b = t̄ - m x̄."""
    x_mean, t_mean = sum(x) / len(x), sum(t) / len(t)
    m = sum((a - x_mean) * (b - t_mean) for a, b in zip(x, t, strict=True)) / sum(
        (a - x_mean) ** 2 for a in x
    )
    return m, t_mean - m * x_mean


def _train(epochs: int, rng: Random, on_epoch: OnEpoch) -> Outcome:
    x, t = diabetes()
    model = Model([START])
    history = model.train(
        x, t, epochs=epochs, batch_size=len(x), optimizer=SGD(0.001), on_epoch=on_epoch
    )
    b = model.predict([[0.0]])[0][0]
    m = model.predict([[1.0]])[0][0] - b
    inputs, targets = [a for [a] in x], [a for [a] in t]
    true_m, true_b = closed_form(inputs, targets)
    ends = [min(inputs), max(inputs)]
    line = Panel(
        "Regression",
        "body mass index (scaled)",
        "progression",
        lines=[
            Series("closed form", ends, [true_m * a + true_b for a in ends]),
            Series("gradient descent", ends, [m * a + b for a in ends]),
        ],
        points=[Series("patients", inputs, targets)],
    )
    rows = [Row("m, the slope", m, true_m), Row("b, the intercept", b, true_b)]
    panels = [line, _parabola(x, t, true_b), loss_curve(history.losses)]
    return Outcome(rows, history.losses, panels, model, {"loss": model.evaluate(x, t)})


def _parabola(x: list[list[float]], t: list[list[float]], b: float) -> Panel:
    """The loss over the slope, at the best intercept, and two descents on it."""
    slopes = [i / 2 for i in range(-10, 56)]

    def loss(m: float) -> float:
        return Model([FCLayer([[m]], [b])]).evaluate(x, t)

    paths = []
    for lr in (0.003, 0.001):
        path = [-4.0]
        for _ in range(12):
            _, [gradient] = Model([FCLayer([[path[-1]]], [b])]).gradients(x, t)
            assert gradient is not None
            path.append(path[-1] - lr * gradient.weights[0][0])
        paths.append(Series(f"η = {lr}", path, [loss(m) for m in path]))
    curve = Series("loss", slopes, [loss(m) for m in slopes])
    return Panel("Descent on the parabola", "m", "loss", lines=[curve], paths=paths)


def _example() -> Example:
    x, t = diabetes()
    return Example(Model([START]), x[0], t[0])


DIABETES = System(
    name="diabetes",
    summary="linear regression by gradient descent, against the closed form",
    seed=0,
    epochs=10_000,
    tutorial_epochs=10_000,
    train=_train,
    example=_example,
)
