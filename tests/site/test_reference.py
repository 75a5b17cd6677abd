"""The reference pages leave out nothing that is public."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

import refnn
import refnn.cli
import spec_tests
import spec_tests.cli
from docs.builder.adapter import attributes, methods
from docs.builder.commands import reference
from spec_tests.adapter import METHODS, Adapter

REFERENCE = Path(__file__).parents[2] / "docs/pages/reference"


def listed(page: str) -> set[str]:
    return set(re.findall(r"^::: \S+\.(\w+)$", (REFERENCE / page).read_text(), re.MULTILINE))


def test_every_public_name_of_refnn_is_on_its_page() -> None:
    assert listed("refnn.md") == {*refnn.__all__, "Layer"}


def test_every_public_name_of_the_suite_is_on_its_page() -> None:
    assert listed("spec_tests.md") | {"Adapter"} == set(spec_tests.__all__)


def test_all_that_an_adapter_declares_is_listed() -> None:
    declared = {name for name in Adapter.__annotations__ if name not in METHODS}
    assert set(re.findall(r"`(\w+)`", re.sub(":   .*", "", attributes()))) == declared


def test_all_that_an_adapter_offers_is_listed_with_its_clauses() -> None:
    assert re.findall(r"`(\w+)\(", methods()) == list(METHODS)
    assert methods().count("*Clauses:*") == methods().count("\n:   ")
    assert ">FC-INPUT-GRADIENT</a>" in methods()


@pytest.mark.parametrize("parser", [refnn.cli.build_parser(), spec_tests.cli.build_parser()])
def test_every_option_of_a_command_is_explained(parser: argparse.ArgumentParser) -> None:
    text = reference(parser)
    [commands] = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    assert len(commands.choices) == text.count("### ")
    for section, command in zip(text.split("### ")[1:], commands.choices.values()):
        assert section.startswith(command.prog)
        for action in command._actions:
            for name in set(action.option_strings) - {"-h", "--help"}:
                assert f"`{name}" in section
