"""The NumPy twin: its training step beside the matrix products alone, scikit-learn and torch.

The products are those that a step needs: X Wᵀ and dYᵀ X of every layer, dY W of every layer but the
first. Before the clock starts, the twin makes a step on a small dyadic problem, and must arrive at
exactly the parameters of refnn. The target is at most 1.2 times the products of its own dtype.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from benchmarks.problem import draw, network_of, reference
from benchmarks.tables import console, show
from benchmarks.timing import Contestant, Steps, Times, take_turns
from refnn import SGD

try:
    import numpy as np

    from spec_tests.implementations import numpy_twin as twin
except ImportError:
    np = None  # type: ignore[assignment]  # a module or nothing: `report` says what is missing
try:
    from sklearn.neural_network import MLPRegressor
except ImportError:
    MLPRegressor = None
try:
    import torch
except ImportError:
    torch = None

WIDTHS, BATCH, ROUNDS = (1024, 2048, 2048, 10), 256, 11
LEARNING_RATE = 2.0**-6
DTYPES = ("float64", "float32")
PRODUCTS, TWIN, SKLEARN, TORCH = "matrix products only", "twin", "scikit-learn", "torch"
TARGET = "1.2"


def report() -> None:
    """Print a table for each dtype."""
    if np is None:
        console.print("numpy is not installed, so there is no twin: pip install numpy")
        return
    if MLPRegressor is None:
        console.print("scikit-learn is missing, so it does not take part: pip install scikit-learn")
    if torch is None:
        console.print("torch is missing, so it does not take part")
    check()
    for dtype in DTYPES:
        contestants = contestants_for(dtype)
        times = take_turns(contestants, ROUNDS)
        rows = [_row(contestant.name, times, i) for i, contestant in enumerate(contestants)]
        title = f"One training step, {'-'.join(map(str, WIDTHS))}, batch of {BATCH}, {dtype}"
        show(title, ("", "ms a step", "x products", "quartiles", "target: at most"), rows)


def _row(name: str, times: Times, i: int) -> tuple[str, ...]:
    """Contestant i beside the products, which are contestant 0."""
    milliseconds = f"{times.median(i) * 1000:,.1f}"
    if i == 0:
        return name, milliseconds, "1", "", ""
    low, high = times.spread(i, 0)
    target = TARGET if name == TWIN else ""
    return name, milliseconds, f"{times.ratio(i, 0):.2f}", f"{low:.2f} to {high:.2f}", target


def contestants_for(dtype: str) -> list[Contestant]:
    """The products first, then everybody who is installed."""
    contestants = [
        Contestant(PRODUCTS, lambda: products(dtype)),
        Contestant(TWIN, lambda: train_twin(dtype)),
    ]
    if MLPRegressor is not None:
        contestants.append(Contestant(SKLEARN, lambda: train_sklearn(dtype)))
    if torch is not None:
        contestants.append(Contestant(TORCH, lambda: train_torch(dtype)))
    return contestants


def _arrays(dtype: str) -> tuple[list[Any], Any, Any]:
    """Weights (outputs x inputs) in ±1/√inputs, inputs in ±1, targets in ±1/2."""
    rng = np.random.default_rng(0)

    def uniform(scale: float, *shape: int) -> Any:
        return rng.uniform(-scale, scale, shape).astype(dtype)

    weights = [uniform(inputs**-0.5, outputs, inputs) for inputs, outputs in pairwise(WIDTHS)]
    return weights, uniform(1, BATCH, WIDTHS[0]), uniform(0.5, BATCH, WIDTHS[-1])


def products(dtype: str) -> Steps:
    """As x and dy of each layer, any numbers of the right shape will do: the rows of its trace."""
    weights, x, _ = _arrays(dtype)
    layers = []
    for w in weights:
        layers.append((w, x, np.maximum(x @ w.T, 0)))
        x = layers[-1][2]

    def steps(count: int) -> None:
        for _ in range(count):
            for i, (w, x, dy) in enumerate(layers):
                x @ w.T
                dy.T @ x
                if i > 0:
                    dy @ w

    return steps


def train_twin(dtype: str) -> Steps:
    weights, x, t = _arrays(dtype)
    layers: list[Any] = []
    for w in weights:
        layers += [twin.FCLayer(w, np.zeros(len(w), dtype)), twin.ReLU()]
    model, sgd = twin.Model(layers[:-1], twin.MSE()), twin.SGD(LEARNING_RATE)
    return lambda count: model.train(x, t, epochs=count, batch_size=BATCH, optimizer=sgd)


def train_sklearn(dtype: str) -> Steps:
    """partial_fit of one batch is one step; the first one, untimed, draws the weights."""
    _, x, t = _arrays(dtype)
    regressor = MLPRegressor(
        hidden_layer_sizes=WIDTHS[1:-1],
        solver="sgd",
        alpha=0,
        batch_size=BATCH,
        learning_rate_init=LEARNING_RATE,
        momentum=0,
        nesterovs_momentum=False,
        random_state=0,
    )
    regressor.partial_fit(x, t)

    def steps(count: int) -> None:
        for _ in range(count):
            regressor.partial_fit(x, t)

    return steps


def train_torch(dtype: str) -> Steps:
    _, x, t = _arrays(dtype)
    layers: list[Any] = []
    for inputs, outputs in pairwise(WIDTHS):
        layers += [torch.nn.Linear(inputs, outputs, dtype=getattr(torch, dtype)), torch.nn.ReLU()]
    model, loss = torch.nn.Sequential(*layers[:-1]), torch.nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), LEARNING_RATE)
    x, t = torch.from_numpy(x), torch.from_numpy(t)

    def steps(count: int) -> None:
        for _ in range(count):
            optimizer.zero_grad()
            loss(model(x), t).backward()
            optimizer.step()

    return steps


def check() -> None:
    """One step of the twin on a dyadic problem; RuntimeError where refnn's goes elsewhere."""
    problem = draw((4, 8, 2), 4)
    layers: list[Any] = []
    for weights, bias in problem.network:
        layers += [twin.FCLayer(weights, bias), twin.ReLU()]
    twins, model, rate = twin.Model(layers[:-1]), reference(problem.network), problem.learning_rate
    for trained, optimizer in ((twins, twin.SGD(rate)), (model, SGD(rate))):
        trained.train(problem.inputs, problem.targets, epochs=1, batch_size=4, optimizer=optimizer)
    found = [layer.parameters for layer in twins.layers if layer.parameters]
    if [(p.weights.tolist(), p.bias.tolist()) for p in found] != network_of(model):
        raise RuntimeError("the step of the twin is not the step of refnn")
