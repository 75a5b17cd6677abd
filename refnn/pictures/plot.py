"""Panels as an SVG or PNG file, by matplotlib (the extra `plot`)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from refnn.files import write_whole
from refnn.pictures.panel import Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = (".svg", ".png")


def check_format(path: str) -> None:
    """ValueError for a file that cannot be drawn; ImportError without matplotlib."""
    if Path(path).suffix.lower() not in FORMATS:
        raise ValueError(f"{path} ends in {Path(path).suffix!r}, should end in .svg or .png")
    import matplotlib  # noqa: F401


def draw(panels: Sequence[Panel], path: str) -> None:
    """Draw the panels side by side into the file `path`."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "refnn", "font.size": 10, "axes.titlesize": 11}):
        figure = Figure(figsize=(4.6 * len(panels), 3.9), dpi=150, layout="constrained")
        for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels):
            _draw_panel(axes, panel)
        content = io.BytesIO()
        kind = Path(path).suffix.lower()[1:]
        figure.savefig(content, format=kind, metadata={"Date": None} if kind == "svg" else None)
    write_whole(path, content.getvalue())


def _draw_panel(axes: Axes, panel: Panel) -> None:
    axes.set_title(panel.title)
    axes.set_xlabel(panel.x_label)
    axes.set_ylabel(panel.y_label)
    if panel.log_y:
        axes.set_yscale("log")
    if panel.field:
        field = panel.field
        extent = (field.left, field.right, field.bottom, field.top)
        axes.imshow(
            field.values, origin="lower", extent=extent, aspect="auto", cmap="RdBu_r", alpha=0.6,
            vmin=0, vmax=1, interpolation="bilinear",
        )  # fmt: skip
        axes.contour(field.values, levels=[0.5], extent=extent, colors="black", linewidths=1)
    for series in panel.lines:
        axes.plot(series.x, series.y, label=series.label, linewidth=1.5)
    for series in panel.points:
        axes.scatter(
            series.x, series.y, label=series.label, s=18, edgecolors="white", linewidths=0.4
        )
    if any(series.label for series in (*panel.lines, *panel.points)):
        axes.legend(frameon=False, fontsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
