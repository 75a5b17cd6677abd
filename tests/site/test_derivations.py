"""Every displayed equation of the chapters holds; with an error planted, it does not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from random import Random

import pytest
from markdown import Markdown

from tests.site.chains import BLOCK, LABEL, REMARK, TAG, Chain, chains, without_code
from tests.site.latex import LatexError
from tests.site.reading import holds
from tests.site.test_blocks import MARKDOWN
from tests.site.world import World

LEARN = Path(__file__).parents[2] / "docs" / "pages" / "learn"
PAGES = {path.stem: list(chains(path.read_text())) for path in sorted(LEARN.glob("*.md"))}
MATHS = {"pymdownx.arithmatex": {"generic": True}}
SEEDS = range(3)
"""Of the random points at which an equation is evaluated."""
EQUATIONS = [
    pytest.param(page, chain, id=f"{page}:{chain.tag or i}")
    for page, found in PAGES.items()
    for i, chain in enumerate(found)
]


@lru_cache
def world(page: str, tag: str, seed: int) -> World:
    """The one that the chapter has come to."""
    worlds = import_module(f"tests.site.worlds.{page.replace('-', '_')}").WORLDS
    order = [chain.tag for chain in PAGES[page]]
    begun = [first for first in worlds if order.index(first) <= order.index(tag)]
    if begun[-1] != tag:
        return world(page, begun[-1], seed)
    made: World = worlds[tag](Random(seed))
    return made


@pytest.mark.parametrize(("page", "chain"), EQUATIONS)
def test_equation(page: str, chain: Chain) -> None:
    """At three random points, to 40 digits, for all values of its indices."""
    for seed in SEEDS:
        assert holds(world(page, chain.tag, seed), chain) is None, chain.latex


@pytest.mark.parametrize(("page", "chain"), EQUATIONS)
def test_a_planted_error_is_found(page: str, chain: Chain) -> None:
    """A sign turned, a transpose left out, a branch of cases one more: none of it holds."""
    for planted in errors(chain.latex):
        [wrong] = chains(f"$$ {planted} $$")
        assert any(differs(world(page, chain.tag, seed), wrong) for seed in SEEDS), (
            f"holds with an error planted: {planted}"
        )


def differs(world: World, chain: Chain) -> bool:
    """Whether its expressions are unequal somewhere, or of shapes that cannot be."""
    try:
        return holds(world, chain) is not None
    except LatexError:
        return True


def displayed(text: str) -> int:
    """How many displayed formulas Markdown sees."""
    html = Markdown(extensions=MARKDOWN, extension_configs=MATHS).convert(text)
    return html.count('<div class="arithmatex">')


@pytest.mark.parametrize("page", PAGES)
def test_no_displayed_formula_goes_unread(page: str) -> None:
    """However it is written: there is more than one way to display one."""
    text = without_code((LEARN / f"{page}.md").read_text())
    assert displayed(text) == len(BLOCK.findall(text))
    for planted in (r"\[ y = W x - b \]", "\\begin{align}\ny &= W x - b\n\\end{align}"):
        assert displayed(f"{text}\n\n{planted}\n") == len(BLOCK.findall(text)) + 1


def errors(latex: str) -> Iterator[str]:
    """The row with one thing wrong: a sign, a transpose, a branch, a factor 2 at the end."""
    chain = REMARK.sub("", LABEL.sub("", TAG.sub("", latex)))
    if "cases" not in chain:
        last = max(found.end() for found in re.finditer(r"=(?![^{]*\}|[^\[]*\])", chain))
        yield f"{chain[:last]} -1 ({chain[last:]})"
        yield f"{chain[:last]} 2 ({chain[last:]})"
    for found in re.finditer(r" & \\text\{", latex):
        yield f"{latex[: found.start()]} + 1{latex[found.start() :]}"
    for found in re.finditer(r"\^\{\\mathsf T\}|\\mathsf T(?=\})|\^\\top", latex):
        yield latex[: found.start()] + latex[found.end() :]
    for sign, other in ((" + ", " - "), (" - ", " + ")):
        for found in re.finditer(re.escape(sign), latex):
            yield latex[: found.start()] + other + latex[found.end() :]
