"""Where weights start: at random, so that units differ, and at a scale that keeps signals alive.

fan-in is the number of inputs of a unit, fan-out the number of units that it feeds:

    Glorot  Var W = 2 / (fan-in + fan-out)    Glorot & Bengio 2010, for tanh and sigmoid
    He      Var W = 2 / fan-in                He et al. 2015, for ReLU

An initializer is called with (inputs, outputs, rng) and returns weights, outputs x inputs. Every
number comes from the given `random.Random`, row by row. Derived in docs/pages/learn: equations
(9.3) to (9.7).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

Initializer: TypeAlias = Callable[[int, int, Random], list[list[float]]]


def _fill(inputs: int, outputs: int, draw: Callable[[], float]) -> list[list[float]]:
    _check_fans(inputs, outputs)
    return [[draw() for _ in range(inputs)] for _ in range(outputs)]


def _check_fans(inputs: int, outputs: int) -> None:
    for name, width in (("inputs", inputs), ("outputs", outputs)):
        if isinstance(width, bool) or not isinstance(width, int) or width < 1:
            raise ValueError(f"{name} is {width!r}, should be a whole number of at least 1")


@dataclass(frozen=True)
class Zeros:
    """W = 0. All units stay equal for ever: right for one layer, useless for hidden ones."""

    def __call__(self, inputs: int, outputs: int, rng: Random) -> list[list[float]]:
        return _fill(inputs, outputs, lambda: 0.0)


@dataclass(frozen=True)
class Uniform:
    """W ~ U[low, high]."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not -math.inf < self.low <= self.high < math.inf:
            raise ValueError(f"U[{self.low}, {self.high}) should be from low to high, both finite")

    def __call__(self, inputs: int, outputs: int, rng: Random) -> list[list[float]]:
        return _fill(inputs, outputs, lambda: rng.uniform(self.low, self.high))


@dataclass(frozen=True)
class Normal:
    """W ~ N(0, deviation²)."""

    deviation: float

    def __post_init__(self) -> None:
        if not 0 <= self.deviation < math.inf:
            raise ValueError(f"deviation is {self.deviation}, should be finite and >= 0")

    def __call__(self, inputs: int, outputs: int, rng: Random) -> list[list[float]]:
        return _fill(inputs, outputs, lambda: rng.gauss(0.0, self.deviation))


@dataclass(frozen=True)
class Glorot:
    """W ~ U[-r, r] with r = √(6 / (fan-in + fan-out)), so that Var W = r²/3 = 2 / (in + out)."""

    def __call__(self, inputs: int, outputs: int, rng: Random) -> list[list[float]]:
        _check_fans(inputs, outputs)
        radius = math.sqrt(6 / (inputs + outputs))
        return Uniform(-radius, radius)(inputs, outputs, rng)


@dataclass(frozen=True)
class He:
    """W ~ N(0, 2 / fan-in)."""

    def __call__(self, inputs: int, outputs: int, rng: Random) -> list[list[float]]:
        _check_fans(inputs, outputs)
        return Normal(math.sqrt(2 / inputs))(inputs, outputs, rng)
