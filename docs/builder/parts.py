"""Parts of pages that are written by a program: links, code, folded boxes, as light as may be."""

from __future__ import annotations

import os
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pygments
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, String, Token, _TokenType

from spec_tests.report.python import case_as_python
from spec_tests.report.wording import numbers, printable
from spec_tests.result import Cause

PAGES = Path(__file__).parents[1] / "pages"
SHOWN = (Comment, Keyword, String)
"""What gets a colour. A span for every name and bracket makes code four times as long."""
LINE = "<br>\n"
"""Between two lines; without a space the search would see one word."""


def link(words: str, page: str, anchor: str = "", start: str = "spec/clauses.md") -> str:
    """A link to a page of the site, from the page `start`. Code in `words` is written `so`.

    MkDocs rewrites links to .md files in what it reads only, not in what a program prints.
    """
    if not (PAGES / page).exists():
        raise FileNotFoundError(f"there is no page {page}")
    shown = re.sub("`(.*?)`", r"<code>\1</code>", escape(words, quote=False))
    target = os.path.relpath(page.removesuffix(".md"), start.removesuffix(".md"))
    place = "" if page == start else f"{target}/"
    return f'<a href="{place}{"#" if anchor else ""}{anchor}">{shown}</a>'


@cache
def page_of(anchor: str) -> str:
    """The chapter that has the heading {#anchor}. LookupError unless it is exactly one."""
    chapters = sorted((PAGES / "learn").glob("*.md"))
    found = [c for c in chapters if f"{{#{anchor}}}" in c.read_text(encoding="utf-8")]
    if len(found) != 1:
        raise LookupError(f"the heading {{#{anchor}}} is in {[c.name for c in found]}")
    return found[0].relative_to(PAGES).as_posix()


def code(source: str) -> str:
    """Python as a block of code."""
    tokens = [(_shown(kind), text) for kind, text in PythonLexer().get_tokens(source)]
    return _block(pygments.format(tokens, HtmlFormatter(nowrap=True)))


def _block(lines: str) -> str:
    """A search for words does not look into it."""
    return f'<div class="highlight" data-search-exclude><pre><code>{lines}</code></pre></div>'


def folded(title: str, inner: str, kind: str = "abstract") -> str:
    """A box that opens on a click."""
    return f'<details class="{kind}"><summary>{title}</summary>{inner}</details>'


def case_box(title: str, entry: dict[str, Any], kind: str = "example", also: str = "") -> str:
    """The case of a report's entry as Python, and what was got and expected in it."""
    cause = Cause.read(entry["cause"])
    said = [escape(printable(entry["message"]))]
    said += [f"<b>{name}</b> <code>{value}</code>" for name, value in numbers(cause)]
    lines = LINE.join(line for line in [*said, also] if line)
    case = _block(escape(case_as_python(cause.case), quote=False))
    return folded(title, f"{case}<p>{lines}</p>" if lines else case, kind)


def _shown(kind: _TokenType) -> _TokenType:
    return next((shown for shown in SHOWN if kind in shown), Token.Text)
