"""A system: data, a network, training, and what was learned held against what is true."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple, TypeAlias

from refnn.model import Model
from refnn.pictures.panel import Panel

OnEpoch: TypeAlias = Callable[[int, float], object]


class Row(NamedTuple):
    """One line of the table: what was learned, and what is true."""

    quantity: str
    learned: float
    true: float


class Example(NamedTuple):
    """A small network like that of the system, and one sample, for a worked example."""

    model: Model[Any]
    x: Sequence[Any]
    t: Sequence[Any]


@dataclass(frozen=True)
class Outcome:
    """What a training brought. `facts` are numbers with nothing to hold them against."""

    rows: list[Row]
    losses: Sequence[float]
    panels: list[Panel]
    model: Model[float]
    facts: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class System:
    """train(epochs, rng, on_epoch) is given `epochs` and Random(seed) unless the user says else."""

    name: str
    summary: str
    seed: int
    epochs: int
    tutorial_epochs: int
    train: Callable[[int, Random, OnEpoch], Outcome]
    example: Callable[[], Example]


def accuracy(outputs: Sequence[Sequence[float]], targets: Sequence[Sequence[float]]) -> float:
    """The share of rows whose class is right: the largest output, or the nearer of 0 and 1."""
    right = 0
    for y, t in zip(outputs, targets, strict=True):
        if len(y) == 1:
            right += (y[0] >= 0.5) == (t[0] >= 0.5)
        else:
            right += max(range(len(y)), key=y.__getitem__) == max(range(len(t)), key=t.__getitem__)
    return right / len(outputs)
