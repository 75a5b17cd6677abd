"""Memory: the peak of training, beyond the data and one batch's trace.

In multiples of the parameters' own size. Where nothing is edited in place, a step holds three: the
parameters, their gradient and the new parameters; each running average of an optimizer adds two,
the old one and the new one.
"""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

from benchmarks.problem import Problem, draw, reference
from benchmarks.tables import show
from refnn import SGD, Adam, Model, Momentum
from refnn.backpropagation import trace
from refnn.optimizers import Optimizer

WIDTHS = (256, 256, 10)
STEPS = 3
OPTIMIZERS: tuple[tuple[str, Callable[[float], Optimizer], int], ...] = (
    ("SGD", SGD, 3),
    ("Momentum", Momentum, 5),
    ("Adam", Adam, 7),
)


def report() -> None:
    """Print a table of all optimizers."""
    rows = []
    for name, optimizer, target in OPTIMIZERS:
        parameters, passed, peak = measure(optimizer)
        ratio = (peak - passed) / parameters
        sizes = [f"{size / 2**20:.2f}" for size in (parameters, passed, peak)]
        rows.append((name, *sizes, f"{ratio:.2f}", str(target)))
    show(
        f"Peak memory of training, {'-'.join(map(str, WIDTHS))}, batch of 1 (MiB)",
        ("", "parameters", "trace", "peak", "x parameters", "target: at most"),
        rows,
        "x parameters = (peak - trace) / parameters; the peak is beyond the data, and counts the "
        "model itself",
    )


def measure(optimizer: Callable[[float], Optimizer]) -> tuple[int, int, int]:
    """Bytes of the parameters, of one batch's trace, and of the peak of some training steps.

    The data are drawn before the count starts. The model is drawn during it, so that its floats
    are its own.
    """
    problem = draw(WIDTHS, batch=1)
    tracemalloc.start()
    try:
        empty = _bytes()
        model = reference(draw(WIDTHS, batch=1).network)
        parameters = _bytes() - empty
        passed = trace(model.layers, problem.inputs)
        traced = _bytes() - empty - parameters
        del passed
        return parameters, traced, _peak_of_training(model, problem, optimizer) - empty
    finally:
        tracemalloc.stop()


def _peak_of_training(
    model: Model[Any], problem: Problem, optimizer: Callable[[float], Optimizer]
) -> int:
    gc.collect()
    tracemalloc.reset_peak()
    model.train(
        problem.inputs,
        problem.targets,
        epochs=STEPS,
        batch_size=1,
        optimizer=optimizer(problem.learning_rate),
    )
    return tracemalloc.get_traced_memory()[1]


def _bytes() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]
