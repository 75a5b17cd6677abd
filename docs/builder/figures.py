"""Figures as SVG in the colours of the page, computed when it is built, right in light and dark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

COLOURS = (
    "var(--ink-1, #3f6fd1)",
    "var(--ink-2, #b8430f)",
    "var(--ink-3, #23794c)",
    "var(--ink-4, #9a55b8)",
)
"""The page's style sheet has others for its dark scheme."""
WIDE = 400
"""The letters of wider pictures are larger on a phone, which makes the picture small."""
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 560, 300, 76, 16, 16, 44

Curve = tuple[str, Sequence[float], Sequence[float]]


def plot(
    title: str,
    curves: Sequence[Curve],
    across: str,
    up: str,
    points: Sequence[Curve] = (),
    ground: Sequence[Curve] = (),
    stepwise: bool = False,
    legend: str = "upper right",
    width: int = WIDTH,
) -> str:
    """Curves (name, xs, ys) and clouds of points, with axes, ticks and a legend.

    `ground` is drawn faintly below them, without a name; `stepwise` marks each point of a curve.
    A curve is broken where a number of it is NaN.
    The legend may stand in any corner, such as the "lower left". A smaller `width` is for several
    pictures side by side, with letters of the same size.
    """
    xs = [x for _, across_, _ in (*curves, *points, *ground) for x in across_]
    ys = [y for _, _, up_ in (*curves, *points, *ground) for y in up_ if not math.isnan(y)]
    x_ticks, y_ticks = ticks(min(xs), max(xs)), ticks(min(ys), max(ys))
    x_low, x_high = min(*xs, x_ticks[0]), max(*xs, x_ticks[-1])
    y_low, y_high = min(*ys, y_ticks[0]), max(*ys, y_ticks[-1])

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            LEFT + (x - x_low) / (x_high - x_low) * (width - LEFT - RIGHT),
            HEIGHT - BOTTOM - (y - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM),
        )

    parts = []
    for tick in x_ticks:
        x, y = place(tick, y_low)
        parts.append(_line(x, TOP, x, y, 0.15) + _text(x, y + 20, _number(tick), "middle"))
    for tick in y_ticks:
        x, y = place(x_low, tick)
        parts.append(
            _line(x, y, width - RIGHT, y, 0.15) + _text(x - 6, y + 4, _number(tick), "end")
        )
    parts.append(_text((LEFT + width - RIGHT) / 2, HEIGHT - 8, across, "middle"))
    parts.append(_text(14, TOP + 2, up, "start", turned=True))
    for _, ground_xs, ground_ys in ground:
        parts.append(_path(map(place, ground_xs, ground_ys), "currentColor", 1, 0.3))
    for i, (_, curve_xs, curve_ys) in enumerate(curves):
        parts.append(_path(map(place, curve_xs, curve_ys), _colour(i), 2.5))
    marked = [*((i, curve) for i, curve in enumerate(curves) if stepwise)]
    for i, (_, point_xs, point_ys) in (*marked, *enumerate(points, len(curves))):
        for x, y in filter(_is_drawn, map(place, point_xs, point_ys)):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_colour(i)}"/>')
    parts.append(_legend([name for name, *_ in (*curves, *points)], legend, width))
    return svg(title, "".join(parts), width, HEIGHT)


def svg(title: str, inside: str, width: int, height: int) -> str:
    """A drawing with its title for those who do not see it; `currentColor` is the page's ink.

    It is not blown up, so that letters in a small one are no larger than those of the page.
    """
    kind = "figure wide" if width > WIDE else "figure"
    return (
        f'<svg class="{kind}" role="img" aria-label="{escape(title)}"'
        f' viewBox="0 0 {width} {height}" style="max-width: min({1.15 * width:.0f}px, 34rem)">'
        f"<title>{escape(title)}</title>{inside}</svg>"
    )


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers that cover low to high."""
    step = 10.0 ** math.floor(math.log10((high - low) or 1))
    step = next(s for s in (step / 5, step / 2, step, 2 * step) if (high - low) / s <= most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(n * step, 10) for n in range(first, last + 1)]


def _colour(i: int) -> str:
    return COLOURS[i % len(COLOURS)]


def _path(places: Iterable[tuple[float, float]], ink: str, width: float, opacity: float = 1) -> str:
    runs = [
        " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
        for is_drawn, run in groupby(places, _is_drawn)
        if is_drawn
    ]
    return "".join(
        f'<polyline points="{ends}" fill="none" stroke="{ink}" stroke-width="{width:g}"'
        f' stroke-opacity="{opacity:g}"/>'
        for ends in runs
    )


def _is_drawn(place: tuple[float, float]) -> bool:
    return not math.isnan(place[1])


def _number(tick: float) -> str:
    return f"{tick:g}".replace("-", "−")


def _line(x1: float, y1: float, x2: float, y2: float, opacity: float) -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="currentColor" stroke-opacity="{opacity}"/>'


def _text(x: float, y: float, words: str, anchor: str, turned: bool = False) -> str:
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if turned else ""
    anchor = "end" if turned else anchor
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor"'
        f' font-size="13"{turn}>{escape(words)}</text>'
    )


def _legend(names: Sequence[str], corner: str, width: int) -> str:
    """Where there is more than one name."""
    if len(names) < 2:
        return ""
    left = "left" in corner
    box, words, anchor = (
        (LEFT + 10, LEFT + 26, "start") if left else (width - 30, width - 36, "end")
    )
    top = HEIGHT - BOTTOM + 4 - 18 * len(names) if "lower" in corner else TOP + 14
    across, down = 7.5 * max(map(len, names)) + 28, 18 * len(names) + 4
    edge = LEFT + 4 if left else width - 14 - across
    parts = [
        f'<rect x="{edge:g}" y="{top - 15}" width="{across:g}" height="{down}"'
        ' fill="var(--md-default-bg-color, Canvas)" fill-opacity="0.85"/>'
    ]
    for i, name in enumerate(names):
        y = top + 18 * i
        parts.append(
            f'<rect x="{box}" y="{y - 9}" width="10" height="10" rx="2" fill="{_colour(i)}"/>'
            + _text(words, y, name, anchor)
        )
    return "".join(parts)
