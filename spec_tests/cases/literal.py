"""Cases as plain data: what a report keeps, shows as Python, and reads back for a replay."""

from __future__ import annotations

from typing import Any

from spec_tests.cases.case import Case, Dense, Least
from spec_tests.scripts.script import loss_as_json, loss_from_json
from spec_tests.scripts.wire import with_numbers, with_texts


def as_literal(case: Case) -> dict[str, Any]:
    return {
        "dense": [with_texts(layer) for layer in case.dense],
        "inputs": with_texts(case.inputs),
        "targets": with_texts(case.targets),
        "loss": loss_as_json(case.loss),
        "extras": with_texts(case.extras),
        "least": list(case.least),
    }


def as_case(literal: dict[str, Any]) -> Case:
    """The case of a report. KeyError, TypeError or ValueError where it is none."""
    entry = with_numbers(literal)
    dense = [Dense(*layer) for layer in entry["dense"]]
    loss = loss_from_json(entry["loss"])
    least = Least(*map(int, literal.get("least", Least())))
    return Case(dense, entry["inputs"], entry["targets"], loss, entry["extras"], least)
