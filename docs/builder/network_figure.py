"""A network as a graph: a column for each layer, values of the forward and the backward pass."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from docs.builder.figures import COLOURS, svg

FORWARD, BACKWARD = COLOURS[:2]
RADIUS, ACROSS, DOWN, EDGE = 24, 220, 116, 62
ALONG = 0.64
"""Where on its edge a label stands: two edges cross in the middle, or at a third."""


class Unit(NamedTuple):
    """A circle with its name, what the forward pass gives above it, the backward pass below."""

    name: str
    forward: str = ""
    backward: str = ""


Edges = Sequence[Sequence[str]]
"""What is written on the edges to the next column: outputs x inputs, like its weights."""


def network(title: str, columns: Sequence[Sequence[Unit]], edges: Sequence[Edges]) -> str:
    """The units of each column, joined to all of the next."""
    rows = max(len(column) for column in columns)
    width, height = 2 * EDGE + ACROSS * (len(columns) - 1), DOWN * rows + 34

    def place(column: int, row: int) -> tuple[float, float]:
        return EDGE + ACROSS * column, 58 + DOWN * (row + (rows - len(columns[column])) / 2)

    lines, labels, circles = [], [], []
    for c, (left, right) in enumerate(pairwise(columns)):
        for i in range(len(left)):
            for j in range(len(right)):
                (x1, y1), (x2, y2) = place(c, i), place(c + 1, j)
                lines.append(
                    f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="currentColor"'
                    ' stroke-opacity="0.4"/>'
                )
                x, y = x1 + ALONG * (x2 - x1), y1 + ALONG * (y2 - y1)
                labels.append(_text(x, y - 4, edges[c][j][i], BACKWARD))
    for c, column in enumerate(columns):
        for r, unit in enumerate(column):
            x, y = place(c, r)
            circles.append(
                f'<circle cx="{x}" cy="{y}" r="{RADIUS}" stroke="currentColor"'
                ' fill="var(--md-default-bg-color, Canvas)" stroke-width="1.5"/>'
                + _text(x, y + 5, unit.name, "currentColor", 16)
                + _text(x, y - RADIUS - 7, unit.forward, FORWARD)
                + _text(x, y + RADIUS + 16, unit.backward, BACKWARD)
            )
    legend = _text(EDGE, height - 8, "forward", FORWARD) + _text(
        EDGE + 92, height - 8, "backward", BACKWARD
    )
    return svg(title, "".join([*lines, *labels, *circles, legend]), width, height)


def _text(x: float, y: float, words: str, colour: str, size: int = 13) -> str:
    """Centred, with a rim in the colour of the page, so that no line runs through it."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" fill="{colour}" font-size="{size}"'
        ' stroke="var(--md-default-bg-color, Canvas)" stroke-width="4" paint-order="stroke">'
        f"{words}</text>"
    )
