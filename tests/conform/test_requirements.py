"""The specification as a list: every clause has a check, and no id is used again."""

from __future__ import annotations

import re

import pytest

from spec_tests.clauses import CHECKS, Requirement, requirements
from spec_tests.clauses.registry import READS
from spec_tests.faults import FAULTS
from spec_tests.faults.fault import KINDS
from tests.test_house import ROOT

CLAUSES = list(requirements().values())
IDS = (ROOT / "tests" / "conform" / "clause_ids.txt").read_text().split()


def test_every_clause_has_a_check_and_every_check_a_clause() -> None:
    assert set(requirements()) == set(CHECKS)


def test_an_id_stands_once() -> None:
    text = (ROOT / "spec_tests" / "requirements.toml").read_text()
    ids = re.findall(r'^id = "(.*)"$', text, re.MULTILINE)
    assert len(ids) == len(set(ids)) == len(CLAUSES)


def test_an_id_is_never_used_again() -> None:
    """clause_ids.txt only grows: an id that left the specification stays in it, marked by a -."""
    assert len(IDS) == len({id.removeprefix("-") for id in IDS})
    assert [clause.id for clause in CLAUSES if clause.id not in IDS] == []
    assert [id for id in IDS if not id.startswith("-") and id not in requirements()] == []


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_a_clause_is_one_sentence_with_an_anchor(clause: Requirement) -> None:
    assert re.fullmatch(r"[A-Z]+(-[A-Z0-9]+)+", clause.id)
    assert clause.level in ("MUST", "SHOULD")
    assert clause.tier in ("exact", "bound", "pattern")
    assert clause.sentence.endswith(".")
    assert clause.sentence.count(". ") == 0
    assert re.fullmatch(r"[a-z-]+", clause.anchor)


def test_what_is_read_is_what_can_be_touched() -> None:
    """Each word is read by some clause and touched by some fault."""
    assert frozenset().union(*(check.reads for check in CHECKS.values())) == READS
    assert frozenset().union(*(fault.touches for fault in FAULTS.values())) == READS


def test_faults_say_what_they_are() -> None:
    assert {fault.kind for fault in FAULTS.values()} == KINDS
    for fault in FAULTS.values():
        assert re.fullmatch(r"[a-z0-9-]+", fault.id)
        assert fault.sentence.endswith(".")


def test_where_a_fault_was_seen_is_an_address_of_a_fault() -> None:
    from spec_tests.faults.seen import seen

    assert set(seen()) <= set(FAULTS)
    for place in seen().values():
        assert sorted(place) == ["url", "where"]
        assert place["url"].startswith("https://")
