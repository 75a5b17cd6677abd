"""What a picture shows, before anyone draws it: lines, points, and a field of values on a plane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """Numbers of equal count for x and y, and what they are."""

    label: str
    x: Sequence[float]
    y: Sequence[float]


@dataclass(frozen=True)
class Field:
    """values[row][column] from 0 to 1 over a rectangle; the first row is at the bottom."""

    left: float
    right: float
    bottom: float
    top: float
    values: list[list[float]]

    @staticmethod
    def of(
        predict: Callable[[list[list[float]]], list[list[float]]],
        left: float,
        right: float,
        bottom: float,
        top: float,
        cells: int = 40,
    ) -> Field:
        """The first output of `predict` at the middles of cells x cells squares."""
        middles = [(i + 0.5) / cells for i in range(cells)]
        values = []
        for v in middles:
            row = [[left + (right - left) * u, bottom + (top - bottom) * v] for u in middles]
            values.append([y[0] for y in predict(row)])
        return Field(left, right, bottom, top, values)


@dataclass(frozen=True)
class Panel:
    """One pair of axes. A path is a line whose points are steps; `log` is for both axes."""

    title: str
    x_label: str
    y_label: str
    lines: Sequence[Series] = ()
    paths: Sequence[Series] = ()
    points: Sequence[Series] = ()
    field: Field | None = None
    log: bool = False


def loss_curve(losses: Sequence[float]) -> Panel:
    """The loss over the epochs."""
    epochs = [float(i) for i in range(1, len(losses) + 1)]
    return Panel("Loss", "epoch", "loss", lines=[Series("", epochs, losses)], log=True)
