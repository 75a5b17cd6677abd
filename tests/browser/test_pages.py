"""Every page: it loads, its maths is set, it fits a phone, and it can be read without scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
AXE = ROOT / "docs/live/node_modules/axe-core/axe.min.js"
KINDS = (
    "",
    "check/",
    "playground/",
    "learn/fully-connected-layer/",
    "howto/read-a-report/",
    "spec/clauses/",
    "spec/conventions/",
    "spec/faults/",
    "reference/commands/",
)
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
FLAT = ".md-typeset pre > code, div.arithmatex { background: var(--page) !important }"
"""Without the shadows of what scrolls: axe measures no contrast on a gradient."""
WIDER = """() => document.documentElement.scrollWidth > innerWidth"""

Open = Callable[..., Any]


def test_every_page_loads_without_an_error(open_page: Open, paths: list[str], url: str) -> None:
    page = open_page("")
    for path in paths:
        page.goto(url + path)
        assert page.locator("h1").count() == 1, path


def test_no_page_is_wider_than_a_phone(open_page: Open, paths: list[str], url: str) -> None:
    page = open_page("", viewport={"width": 360, "height": 740})
    wide = [path for path in paths if page.goto(url + path) and page.evaluate(WIDER)]
    assert wide == []


def test_maths_is_set_in_its_own_font(open_page: Open) -> None:
    page = open_page("learn/fully-connected-layer/")
    assert page.locator("math[display=block]").count() >= 5
    assert page.locator("math[display=block]").first.bounding_box()["height"] > 40
    loaded = "document.fonts.load('16px \"STIX Two Math\"').then(found => found.length)"
    assert page.evaluate(loaded) == 1


def test_pages_can_be_read_without_scripts(open_page: Open, paths: list[str], url: str) -> None:
    page = open_page("learn/fully-connected-layer/", java_script_enabled=False)
    assert page.locator("math[display=block]").first.is_visible()
    for path in ("check/", "playground/"):
        page.goto(url + path)
        assert "needs JavaScript" in page.locator("noscript").inner_text()
    page.goto(f"{url}check/")
    assert "class MyNet(Adapter)" in page.locator("#check pre").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", KINDS)
def test_everybody_can_use_it(open_page: Open, path: str, scheme: str) -> None:
    """WCAG 2.1 AA, as far as axe can tell, with no exception."""
    page = open_page(path, color_scheme=scheme)
    page.add_style_tag(content=FLAT)
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("levels => axe.run({runOnly: levels})", LEVELS)
    wrong = [
        f"{violation['id']}: {node['target']} {node['any'] and node['any'][0]['message']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]
    assert wrong == []
