"""What a network says over a rectangle: shades of one colour, and the points that it learned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby

from docs.builder.figures import COLOURS, svg
from refnn.pictures.panel import Field

Rows = list[list[float]]
Predict = Callable[[Rows], Rows]

SIDE, GAP, HEAD, EDGE, CELLS, SHADES = 180, 16, 24, 3, 60, 8
LOW, HIGH = COLOURS[0], COLOURS[1]


def boundaries(
    title: str,
    panels: Sequence[tuple[str, Predict]],
    points: Rows,
    kinds: Rows,
    low: float = 0,
    high: float = 1,
) -> str:
    """A square for each (name, predict), side by side; dots are of kind 1, rings of kind 0."""
    parts = []
    for i, (name, predict) in enumerate(panels):
        field = Field.of(predict, low, high, low, high, CELLS)
        marks = [_mark(p, kind, low, high) for p, [kind] in zip(points, kinds, strict=True)]
        parts.append(
            f'<g transform="translate({EDGE + i * (SIDE + GAP)} {HEAD})">'
            f'<g shape-rendering="crispEdges">{_shades(field.values)}</g>{"".join(marks)}'
            f'<rect width="{SIDE}" height="{SIDE}" fill="none" stroke="currentColor"/>'
            f'<text x="{SIDE / 2:g}" y="-8" text-anchor="middle" fill="currentColor"'
            f' font-size="13">{escape(name)}</text></g>'
        )
    width = len(panels) * (SIDE + GAP) - GAP
    return svg(title, "".join(parts), width + 2 * EDGE, HEAD + SIDE + EDGE)


def _shades(rows: Sequence[Sequence[float]]) -> str:
    """A path for each shade; neighbours in a row are one rectangle of it."""
    cell = SIDE / CELLS
    paths: dict[int, str] = {}
    for r, row in enumerate(rows):
        shades = [round(SHADES * min(max(value, 0.0), 1.0)) for value in row]
        for shade, run in groupby(range(CELLS), key=shades.__getitem__):
            first, *rest = run
            across = (1 + len(rest)) * cell
            place = f"M{first * cell:g} {(CELLS - 1 - r) * cell:g}"
            paths[shade] = paths.get(shade, "") + f"{place}h{across:g}v{cell:g}h{-across:g}z"
    return "".join(f'<path d="{d}" {_fill(shade / SHADES)}/>' for shade, d in paths.items())


def _fill(value: float) -> str:
    """Towards one colour above 1/2, towards the other below, none at 1/2."""
    ink = HIGH if value > 0.5 else LOW
    return f'fill="{ink}" fill-opacity="{abs(value - 0.5):.2g}"'


def _mark(point: Sequence[float], kind: float, low: float, high: float) -> str:
    x, y = ((number - low) / (high - low) * SIDE for number in point)
    place = f'cx="{x:.0f}" cy="{SIDE - y:.0f}"'
    if kind:
        return f'<circle {place} r="2.2" fill="currentColor"/>'
    return f'<circle {place} r="2" fill="none" stroke="currentColor"/>'
