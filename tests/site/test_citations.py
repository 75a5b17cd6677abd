"""Equations are numbered in order, and the code cites numbers that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted((ROOT / "docs" / "pages" / "learn").glob("*.md"))
TAG = re.compile(r"\\tag\{(\d+)\.(\d+)\}\\label\{eq-(\d+)-(\d+)\}")
LINK = re.compile(r"\[\((\d+)\.(\d+)\)\]\([^)]*#eq-(\d+)-(\d+)\)")
CITED = re.compile(r"\((\d+\.\d+)\)")


def tags(path: Path) -> list[tuple[int, int]]:
    found = TAG.findall(path.read_text(encoding="utf-8"))
    assert all((a, b) == (c, d) for a, b, c, d in found), "a tag and its label differ"
    return [(int(chapter), int(number)) for chapter, number, *_ in found]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_numbers_its_equations_from_1_on(path: Path) -> None:
    found = tags(path)
    assert [number for _, number in found] == list(range(1, len(found) + 1))
    assert len({chapter for chapter, _ in found}) <= 1


def test_no_two_chapters_have_the_same_number() -> None:
    chapters = [found[0][0] for path in CHAPTERS if (found := tags(path))]
    assert len(set(chapters)) == len(chapters)


def test_a_link_to_an_equation_has_its_number() -> None:
    pages = [*CHAPTERS, *(ROOT / "docs" / "pages" / "spec").glob("*.md")]
    links = [link for path in pages for link in LINK.findall(path.read_text(encoding="utf-8"))]
    assert len(links) > 50
    assert [link for link in links if link[:2] != link[2:]] == []


def test_the_code_cites_equations_that_there_are() -> None:
    known = {f"{chapter}.{number}" for path in CHAPTERS for chapter, number in tags(path)}
    cited = {
        (path.name, number)
        for path in (ROOT / "refnn").rglob("*.py")
        for number in CITED.findall(path.read_text(encoding="utf-8"))
        if "docs/pages/learn" in path.read_text(encoding="utf-8")
    }
    assert len(cited) > 10
    assert {(name, number) for name, number in cited if number not in known} == set()
