"""The site as it is built: no warning, the same bytes twice, no dead link, nothing foreign."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("docs", "refnn", "spec_tests", "mkdocs.yml")
LARGEST_PAGE = 300_000
LOADED = {
    *((tag, "src") for tag in ("script", "img", "iframe", "source", "video", "audio", "embed")),
    *((tag, "srcset") for tag in ("img", "source")),
    ("link", "href"),
    ("image", "href"),
    ("object", "data"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the site is built from, without the browser's Python."""
    folder = tmp_path_factory.mktemp("project")
    leave = shutil.ignore_patterns("node_modules", "live", "__pycache__")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=leave if name == "docs" else None)
        else:
            shutil.copy(ROOT / name, folder / name)
    shutil.copytree(ROOT / "docs" / "live", folder / "docs" / "live", ignore=leave)
    return folder


@pytest.fixture(scope="module")
def site(project: Path) -> Path:
    return build(project, "first")


def build(project: Path, name: str) -> Path:
    """`mkdocs build --strict`, which any warning ends."""
    folder = project / name
    line = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(folder)]
    dated = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
    subprocess.run(line, cwd=project, env=dated, check=True, capture_output=True)
    return folder


def test_two_builds_are_the_same_bytes(project: Path, site: Path) -> None:
    again = build(project, "second")
    first, second = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        for folder in (site, again)
    )
    assert set(first) == set(second)
    assert [path for path in first if first[path] != second[path]] == []


def test_the_successor_of_mkdocs_builds_it_too(project: Path) -> None:
    line = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    done = subprocess.run(line, cwd=project, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


class Page(HTMLParser):
    """Which ids a page has, where it links to, and what it loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        is_navigation = tag == "link" and dict(attributes).get("rel") in (
            "canonical",
            "next",
            "prev",
        )
        for name, value in attributes:
            if name == "id" and value:
                self.ids.append(value)
            elif tag == "a" and name == "href" and value:
                self.links.append(value)
            elif (tag, name) in LOADED and value and not is_navigation:
                self.loads.append(value)


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def dead(site: Path, pages: dict[Path, Page]) -> Iterator[str]:
    """Links within the site, and what a page loads, that lead nowhere or out of it."""
    for path, page in pages.items():
        for link in [*page.links, *page.loads]:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or path.name == "404.html":
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            anchor = unquote(parts.fragment)
            if not target.exists() or not target.is_relative_to(site.resolve()):
                yield f"{path.relative_to(site)}: {link}"
            elif anchor and target in pages and anchor not in pages[target].ids:
                yield f"{path.relative_to(site)}: {link}, which has no such anchor"


def test_no_link_is_dead(site: Path, pages: dict[Path, Page]) -> None:
    """Also those that are made at build, which the builder itself does not look at."""
    assert list(dead(site, pages)) == []


def test_a_dead_link_is_found(site: Path, pages: dict[Path, Page], tmp_path: Path) -> None:
    planted = tmp_path / "planted.html"
    links = (
        '<a href="nowhere/">x</a> <a href="#nothing">y</a> <a href="../">z</a> <img src="n.svg">'
    )
    planted.write_text(links, encoding="utf-8")
    assert len(list(dead(tmp_path, {planted: Page(planted)}))) == 4


def test_nothing_is_loaded_from_elsewhere(pages: dict[Path, Page]) -> None:
    found = {load for page in pages.values() for load in page.loads}
    assert {load for load in found if urlsplit(load).netloc} == set()


def test_no_style_is_loaded_from_elsewhere(site: Path) -> None:
    foreign = re.compile(r"@import|url\([\"']?(?:https?:)?//")
    assert [path for path in site.rglob("*.css") if foreign.search(path.read_text("utf-8"))] == []


def test_ids_are_unique(pages: dict[Path, Page], site: Path) -> None:
    """But for the theme's own, which start with two underscores."""
    for path, page in pages.items():
        own = [id for id in page.ids if not id.startswith("__")]
        twice = {id for id in own if own.count(id) > 1}
        assert twice == set(), path.relative_to(site)


def test_no_page_is_large(pages: dict[Path, Page]) -> None:
    assert [path for path in pages if path.stat().st_size > LARGEST_PAGE] == []
