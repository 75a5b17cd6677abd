"""Scaling: a training step's time in the samples, the parameters and the layers.

Each sweep varies one of them. The time per unit should be flat, so the exponent p of a fit
time ~ unitsᵖ should be near 1 (below it where a fixed cost is shared by more units).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.problem import draw
from benchmarks.speed import train_reference
from benchmarks.tables import show
from benchmarks.timing import Contestant, Steps, take_turns

ROUNDS = 5


@dataclass(frozen=True)
class Size:
    """A network and a batch size."""

    widths: tuple[int, ...]
    batch: int

    @property
    def parameters(self) -> int:
        return sum((inputs + 1) * outputs for inputs, outputs in pairwise(self.widths))

    @property
    def layers(self) -> int:
        return len(self.widths) - 1

    def prepare(self) -> Steps:
        return train_reference(draw(self.widths, self.batch))


SAMPLES = [Size((32, 32, 8), batch) for batch in (16, 64, 256, 1024, 4096)]
PARAMETERS = [Size((width, width, width), 16) for width in (32, 64, 128, 256, 512)]
LAYERS = [Size((2,) * (depth + 1), 16) for depth in (20, 200, 2000)]


def report() -> None:
    """Print a table for each sweep."""
    _sweep("samples, 32-32-8", "sample", SAMPLES, [size.batch for size in SAMPLES])
    _sweep(
        "parameters, width-width-width, batch of 16",
        "parameter",
        PARAMETERS,
        [size.parameters for size in PARAMETERS],
    )
    _sweep("layers, all of width 2, batch of 16", "layer", LAYERS, [size.layers for size in LAYERS])


def _sweep(title: str, unit: str, sizes: Sequence[Size], units: Sequence[int]) -> None:
    times = take_turns([Contestant(str(size), size.prepare) for size in sizes], ROUNDS)
    medians = [times.median(i) for i in range(len(sizes))]
    columns = (f"{unit}s", "ms a step", f"µs a {unit}", "x the first's")
    rows = [
        (
            f"{count:,}",
            f"{seconds * 1e3:.2f}",
            f"{seconds * 1e6 / count:.3f}",
            f"{seconds / count / (medians[0] / units[0]):.2f}",
        )
        for count, seconds in zip(units, medians)
    ]
    note = f"time ~ {unit}s to the power {_exponent(units, medians):.2f}"
    show(f"Scaling in {title}", columns, rows, note)


def _exponent(units: Sequence[int], seconds: Sequence[float]) -> float:
    """The slope of the least-squares line through (log units, log seconds)."""
    x, y = [math.log(u) for u in units], [math.log(s) for s in seconds]
    x_mean, y_mean = sum(x) / len(x), sum(y) / len(y)
    covariance = sum((a - x_mean) * (b - y_mean) for a, b in zip(x, y))
    return covariance / sum((a - x_mean) ** 2 for a in x)
