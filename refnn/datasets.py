"""The data of the five systems: two tables that ship with refnn, and four that are drawn.

Each returns (x, t), two lists of rows. What is random comes from the given `random.Random`.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from importlib.resources import files
from random import Random
from typing import TypeAlias

Data: TypeAlias = tuple[list[list[float]], list[list[float]]]

IRIS_SPECIES = ("setosa", "versicolor", "virginica")


def _table(name: str) -> list[dict[str, str]]:
    text = files("refnn").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def iris() -> Data:
    """150 flowers: sepal length and width, petal length and width in cm; one-hot of 3 species."""
    rows = _table("iris.csv")
    x = [[float(row[name]) for name in row if name.endswith("_cm")] for row in rows]
    return x, [[float(row["species"] == name) for name in IRIS_SPECIES] for row in rows]


def diabetes() -> Data:
    """20 patients: body mass index (centred and scaled, times 100, plus 10); progression."""
    rows = _table("diabetes.csv")
    return (
        [[float(row["bmi"]) * 100 + 10] for row in rows],
        [[float(row["progression"])] for row in rows],
    )


def squares(samples: int = 50) -> Data:
    """x = i / samples and its square, for i = 1 .. samples."""
    x = [[i / samples] for i in range(1, samples + 1)]
    return x, [[a * a] for [a] in x]


def xor(samples: int, rng: Random) -> Data:
    """Points uniform in the unit square; 1 where exactly one coordinate is below one half."""
    x = [[rng.random(), rng.random()] for _ in range(samples)]
    return x, [[float((a < 0.5) != (b < 0.5))] for a, b in x]


def moons(samples: int, rng: Random, noise: float = 0.15) -> Data:
    """Two half circles that reach into each other, with normal noise; 0 above, 1 below.

    (cos θ, sin θ) and (1 - cos θ, 1/2 - sin θ), θ evenly from 0 to π: scikit-learn's make_moons.
    """
    upper, lower = samples - samples // 2, samples // 2
    above = [[math.cos(a), math.sin(a)] for a in _half_circle(upper)]
    below = [[1 - math.cos(a), 0.5 - math.sin(a)] for a in _half_circle(lower)]
    x = [[a + rng.gauss(0, noise), b + rng.gauss(0, noise)] for a, b in above + below]
    return x, [[0.0]] * upper + [[1.0]] * lower


def _half_circle(points: int) -> list[float]:
    return [math.pi * i / max(points - 1, 1) for i in range(points)]


def blobs(samples: int, rng: Random, deviation: float = 1.0) -> Data:
    """Two normal clouds, around (-2, -2) and (2, 2); 0 and 1."""
    x, t = [], []
    for i in range(samples):
        kind = i % 2
        centre = 4.0 * kind - 2.0
        x.append([rng.gauss(centre, deviation), rng.gauss(centre, deviation)])
        t.append([float(kind)])
    return x, t


def normalise(x: Sequence[Sequence[float]], like: Sequence[Sequence[float]]) -> list[list[float]]:
    """Each column shifted and scaled as that of `like` must be to have mean 0 and deviation 1."""
    scaled = []
    for column, reference in zip(zip(*x, strict=True), zip(*like, strict=True), strict=True):
        mean = math.fsum(reference) / len(reference)
        deviation = math.sqrt(math.fsum((a - mean) ** 2 for a in reference) / len(reference))
        scaled.append([(a - mean) / (deviation or 1.0) for a in column])
    return [list(row) for row in zip(*scaled, strict=True)]


def split(data: Data, held_out: int, rng: Random) -> tuple[Data, Data]:
    """(the rest, `held_out` samples drawn by `rng`)."""
    x, t = data
    order = list(range(len(x)))
    rng.shuffle(order)
    test, train = order[:held_out], order[held_out:]
    return ([x[i] for i in train], [t[i] for i in train]), (
        [x[i] for i in test],
        [t[i] for i in test],
    )
