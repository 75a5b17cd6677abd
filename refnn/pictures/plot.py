"""Panels as an SVG or PNG file, by matplotlib (the extra `plot`)."""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from refnn.files import write_whole
from refnn.pictures.panel import Field, Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = (".svg", ".png")


def check_format(path: str) -> None:
    """ValueError for a file that cannot be drawn; ImportError without matplotlib."""
    if Path(path).suffix.lower() not in FORMATS:
        raise ValueError(f"{path} ends in {Path(path).suffix!r}, should end in .svg or .png")
    import matplotlib  # noqa: F401


def draw(panels: Sequence[Panel], path: str) -> None:
    """Draw the panels into the file `path`, three to a row."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    columns = min(len(panels), 3)
    rows = -(-len(panels) // columns)
    with rc_context({"svg.hashsalt": "refnn", "font.size": 10, "axes.titlesize": 11}):
        figure = Figure(figsize=(4.6 * columns, 3.9 * rows), dpi=150, layout="constrained")
        for place, panel in enumerate(panels, 1):
            _draw_panel(figure.add_subplot(rows, columns, place), panel)
        content = io.BytesIO()
        kind = Path(path).suffix.lower()[1:]
        figure.savefig(content, format=kind, metadata={"Date": None} if kind == "svg" else None)
    write_whole(path, content.getvalue())


def _draw_panel(axes: Axes, panel: Panel) -> None:
    axes.set_title(panel.title)
    axes.set_xlabel(panel.x_label)
    axes.set_ylabel(panel.y_label)
    axes.spines[["top", "right"]].set_visible(False)
    if panel.log:
        axes.set_xscale("log")
        axes.set_yscale("log")
    if panel.field:
        _draw_field(axes, panel.field)
    colors = itertools.cycle(f"C{i}" for i in (0, 3, 1, 2, 4, 5))
    for series, style in zip(panel.lines, itertools.cycle(("-", "--", ":")), strict=False):
        axes.plot(series.x, series.y, style, color=next(colors), label=series.label)
    for series in panel.paths:
        axes.plot(series.x, series.y, "o-", color=next(colors), label=series.label, markersize=4)
    for series in panel.points:
        axes.scatter(
            series.x,
            series.y,
            color=next(colors),
            label=series.label,
            s=18,
            edgecolors="white",
            linewidths=0.4,
        )
    if any(series.label for series in (*panel.lines, *panel.paths, *panel.points)):
        legend = axes.legend(fontsize=9, frameon=False)
        if panel.field:
            legend.set_loc("upper center")
            legend.set_bbox_to_anchor((0.5, -0.15))
            legend.set_ncols(2)


def _draw_field(axes: Axes, field: Field) -> None:
    """Blue for 0, red for 1, a line where the output is one half."""
    extent = (field.left, field.right, field.bottom, field.top)
    axes.imshow(
        field.values,
        origin="lower",
        extent=extent,
        aspect="auto",
        cmap="RdBu_r",
        alpha=0.5,
        vmin=0,
        vmax=1,
        interpolation="bilinear",
    )
    axes.contour(field.values, levels=[0.5], extent=extent, colors="black", linewidths=1)
