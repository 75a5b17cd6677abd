"""The pages of the specification are complete, and say what the code and the reports say."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from docs.builder import clauses, faults, implementations, parts, reports
from docs.builder.spoken_of import spoken_of
from spec_tests import selectors
from spec_tests.clauses import CHECKS, Requirement, requirements
from spec_tests.faults import FAULTS
from spec_tests.faults.seen import seen
from spec_tests.result import Cause
from spec_tests.runner.engine import run_case
from spec_tests.subject import in_process

HEADING = re.compile(r"^#+ .*\{#([^}]*)\}$", re.MULTILINE)
LINK = re.compile(r'href="([^"#]*)#([^"]*)"')
LARGEST = 250_000
"""Characters that a program may write into a page, so that it stays below 300 KB with the theme."""


def anchors(page: str) -> list[str]:
    return HEADING.findall(page)


def check_matrix() -> None:
    """What is kept is of the bugs and clauses that there are."""
    found = reports.kill_matrix()
    assert [entry["id"] for entry in found] == list(FAULTS)
    for entry in found:
        fault = FAULTS[entry["id"]]
        assert entry["sentence"] == fault.sentence
        assert entry["kind"] == fault.kind
        assert entry["seen"] == seen().get(fault.id)
        assert entry["killed"], f"nothing catches {fault.id}"
        assert not entry["accidents"]
        for clause in entry["killed"]:
            assert CHECKS[clause].reads & fault.touches


def check_examples() -> None:
    found = reports.examples()
    assert {each["id"] for each in found} == set(requirements())
    assert {each["fault"] for each in found if each["fault"]} == set(FAULTS)
    caught = {entry["id"]: entry["killed"] for entry in reports.kill_matrix()}
    for each in found:
        assert each["cause"]["case"] is not None, each["id"]
        if each["fault"]:
            assert each["id"] in caught[each["fault"]]


def check_links(page: str, own: str) -> None:
    """Links between clauses and bugs have an end."""
    ends = {"../clauses/": set(requirements()), "../faults/": {*FAULTS, "matrix"}}
    ends[""] = ends[f"../{own}/"]
    for path, anchor in LINK.findall(page):
        assert anchor in ends.get(path, {anchor}), f"{path}#{anchor}"


def test_every_clause_has_an_entry() -> None:
    page = clauses.specification()
    found = anchors(page)
    assert [id for id in found if id in CHECKS] == list(requirements())
    assert max(Counter(found).values()) == 1
    check_links(page, "clauses")
    assert len(page) < LARGEST


def test_every_bug_has_a_story_and_a_row() -> None:
    page = faults.stories()
    found = anchors(page)
    assert {id for id in found if not id.startswith("kind-")} == set(FAULTS)
    assert max(Counter(found).values()) == 1
    check_links(page, "faults")
    table = faults.matrix()
    assert [anchor for _, anchor in LINK.findall(table)] == list(FAULTS)
    check_links(table, "faults")
    assert len(page) + len(table) < LARGEST


def test_what_is_kept_is_of_today() -> None:
    check_matrix()
    check_examples()


def test_errata_name_clauses_that_catch_the_bugs_they_name() -> None:
    caught = {entry["id"]: entry["killed"] for entry in reports.kill_matrix()}
    page = (parts.PAGES / "spec" / "errata.md").read_text(encoding="utf-8")
    entries = page.split("\n### ")[1:]
    assert entries
    for entry in entries:
        assert "**Claim.**" in entry and "**Truth.**" in entry and "**Caught by**" in entry
        assert "```python" in entry
        named = re.findall(r"clauses\.md#([A-Z0-9-]+)", entry)
        assert set(named) <= set(requirements())
        assert named or "**Caught by** no clause" in entry
        for bug in re.findall(r"faults\.md#([a-z-]+)", entry):
            assert {*named} & {*caught[bug]}, f"{bug} in {entry.splitlines()[0]}"


@pytest.mark.parametrize("clause", requirements().values(), ids=lambda clause: clause.id)
def test_every_clause_has_a_derivation_and_lines_in_the_reference(clause: Requirement) -> None:
    entry = clauses.entry(clause)
    name, path = spoken_of(clause.id)
    assert f'/#{clause.anchor}">derivation</a>' in entry
    assert f'reference/refnn/#{path}"><code>{name}</code></a>' in entry


@pytest.mark.parametrize("number", range(len(reports.examples())))
def test_a_case_that_is_shown_does_what_is_shown(number: int) -> None:
    shown = reports.examples()[number]
    adapter = selectors.find(shown["fault"] or "textbook")
    cause = Cause.read(shown["cause"])
    result = run_case(in_process(adapter), shown["id"], cause.case).result
    assert result.verdict == shown["verdict"]
    assert shown["fault"] is None or shown["verdict"] in ("fail", "error")
    if cause.bound == 0:
        assert result.cause is not None
        assert result.message == shown["message"]
        assert result.cause.got == cause.got
        assert result.cause.expected == cause.expected


def test_implementations_are_right_and_bugs_are_caught() -> None:
    found = {report.implementation["selector"]: report for report in reports.runs().values()}
    assert {"ref", "numpy", "numpy32"} <= set(found)
    for selector, report in found.items():
        assert report.complete
        assert [result.id for result in report.clauses] == list(requirements())
        assert report.exit_code() == (selector in FAULTS)
    assert set(found) & set(FAULTS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the reports, for a planted error."""
    for path in reports.FOLDER.glob("*.json"):
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(reports, "FOLDER", tmp_path)
    reports.files.cache_clear()
    yield tmp_path
    reports.files.cache_clear()


def change(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    entry = json.loads(path.read_bytes())
    edit(entry)
    path.write_text(json.dumps(entry), encoding="utf-8")


def test_another_report_is_another_row(folder: Path) -> None:
    shutil.copy(folder / "ref.json", folder / "another.json")
    change(folder / "another.json", lambda entry: entry["implementation"].update(name="another"))
    assert "[another](#run-another)" in implementations.table(bugs=False)
    assert "## another" in implementations.described()


@pytest.mark.parametrize(
    ("edit", "seen_by"),
    [
        (lambda entry: entry["faults"].pop(), check_matrix),
        (lambda entry: entry["faults"][0].update(sentence="Another."), check_matrix),
        (lambda entry: entry["faults"][0]["killed"].append("FC-FORWARDS"), check_matrix),
        (lambda entry: entry["faults"][0]["killed"].append("SHAPE-EMPTY"), check_matrix),
        (lambda entry: entry["faults"][0]["killed"].clear(), check_matrix),
        (
            lambda entry: entry["faults"][0]["killed"].append("FC-FORWARDS"),
            lambda: check_links(faults.stories(), "faults"),
        ),
    ],
)
def test_a_wrong_matrix_is_seen(
    folder: Path, edit: Callable[[dict[str, Any]], object], seen_by: Callable[[], None]
) -> None:
    change(folder / "faults.json", edit)
    with pytest.raises((AssertionError, KeyError, ValueError)):
        seen_by()


def test_a_wrong_example_is_seen(folder: Path) -> None:
    change(folder / "examples.json", lambda entry: entry["examples"].pop())
    with pytest.raises(AssertionError):
        check_examples()


def test_a_wrong_report_is_refused(folder: Path) -> None:
    change(folder / "ref.json", lambda entry: entry["clauses"].pop())
    with pytest.raises(ValueError, match="summary"):
        implementations.table(bugs=False)


def test_a_report_of_which_nothing_is_known_is_seen(folder: Path) -> None:
    change(folder / "ref.json", lambda entry: entry.update(schema="refnn-conform/0"))
    with pytest.raises(ValueError, match="schema"):
        implementations.table(bugs=False)


def test_an_anchor_without_a_chapter_is_refused() -> None:
    with pytest.raises(LookupError, match="no-such-heading"):
        parts.page_of("no-such-heading")


def test_a_link_to_no_page_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        parts.link("words", "spec/clause.md")


@pytest.mark.parametrize("path", sorted(reports.FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_nothing_published_is_a_mistake_of_the_suite(path: Path) -> None:
    assert "the suite itself failed" not in path.read_text(encoding="utf-8")
