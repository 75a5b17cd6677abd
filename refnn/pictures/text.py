"""A field as text: a picture for terminals, logs and people without matplotlib."""

from __future__ import annotations

from refnn.pictures.panel import Field

SHADES = " .:-=+*#%@"


def draw_text(field: Field, columns: int = 48, rows: int = 20) -> str:
    """The values as shades from ' ' (0) to '@' (1), with the corners' coordinates."""
    height, width = len(field.values), len(field.values[0])
    lines = []
    for row in reversed(range(rows)):
        values = field.values[row * height // rows]
        shades = [_shade(values[column * width // columns]) for column in range(columns)]
        lines.append(f"|{''.join(shades)}|")
    edge = "+" + "-" * columns + "+"
    top = f"({field.left:g}, {field.top:g})"
    bottom = f"({field.left:g}, {field.bottom:g})"
    right = f"({field.right:g}, {field.bottom:g})"
    return "\n".join(
        [f" {top}", edge, *lines, edge, f" {bottom}{right.rjust(columns - len(bottom))}"]
    )


def _shade(value: float) -> str:
    return SHADES[max(0, min(len(SHADES) - 1, int(value * len(SHADES))))]
