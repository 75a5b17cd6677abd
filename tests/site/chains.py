r"""Reads the displayed equations of a page: chains of equal expressions, each under its number.

    y_j &= \sum_{i=1}^{I} W_{ji} x_i + b_j && \text{one number} \tag{3.1}\label{eq-3-1}

is Chain("3.1", "eq-3-1", [<y_j>, <Σ ... + b_j>], [[("1", "1")]], ...).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tests.site.latex import SILENT, LatexError, Node, expressions

BLOCK = re.compile(r"\$\$\s*(.*?)\s*\$\$", re.S)
TAG, LABEL = re.compile(r"\\tag\{([^}]*)\}"), re.compile(r"\\label\{([^}]*)\}")
FRAME = re.compile(r"\\(begin|end)\{(align\*?|equation\*?|aligned)\}")
REMARK = re.compile(r"&&(.*)")
"""What stands behind a double && beside an equation: its shape, or words that say why it is so."""
WORDS = re.compile(r"\\text\{[^}]*\}")

Shape = list[tuple[str, str]]
"""J x B · B x I, as a remark gives it: the shape of a product is that of its ends."""


class Chain(NamedTuple):
    """Expressions that are said to be equal and of a shape, under the number of the page."""

    tag: str
    label: str
    expressions: list[Node]
    shapes: list[Shape]
    latex: str


def chains(markdown: str) -> Iterator[Chain]:
    """Every displayed equation of a page; a row that starts with = goes on with the row before."""
    for block in BLOCK.findall(without_code(markdown)):
        rows: list[str] = []
        for row in _rows(FRAME.sub("", block)):
            if rows and SILENT.sub("", row).strip().startswith("="):
                rows[-1] += "\n" + row
            elif row.strip():
                rows.append(row)
        for row in rows:
            tag, label = " ".join(TAG.findall(row)), " ".join(LABEL.findall(row))
            plain = LABEL.sub("", TAG.sub("", row))
            shapes = [shape for remark in REMARK.findall(plain) for shape in _shapes(remark)]
            yield Chain(tag, label, list(expressions(REMARK.sub("", plain))), shapes, row.strip())


def without_code(markdown: str) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", markdown, flags=re.S | re.M)


def _rows(block: str) -> list[str]:
    """Split at \\\\, but not inside cases."""
    rows = [""]
    for part in re.split(r"(\\\\|\\begin\{cases\}|\\end\{cases\})", block):
        if part == r"\\" and rows[-1].count(r"\begin{cases}") == rows[-1].count(r"\end{cases}"):
            rows.append("")
        else:
            rows[-1] += part
    return rows


def _shapes(remark: str) -> Iterator[Shape]:
    if "one number" in remark:
        yield [("1", "1")]
    said = WORDS.sub("", remark)
    if "=" in said or r"\in" in said:
        raise LatexError(f"a remark says no more than a shape, or words: {remark.strip()}")
    if r"\times" in said:
        factors = [factor.split(r"\times") for factor in said.split(r"\cdot")]
        yield [(rows.strip(), columns.strip(" ,")) for rows, columns in factors]
