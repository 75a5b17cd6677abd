"""Cases as plain data: what a report keeps, shows as Python, and reads back for a replay."""

from __future__ import annotations

import math
from typing import Any

from spec_tests.cases.case import Case, Dense, Least
from spec_tests.scripts.script import loss_as_json, loss_from_json


def plain(value: Any) -> Any:
    """Nested lists for JSON, which has no word for NaN and infinity: they become strings."""
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    return value


def _numbers(value: Any) -> Any:
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    return float(value) if value in ("nan", "inf", "-inf") else value


def as_literal(case: Case) -> dict[str, Any]:
    return {
        "dense": [plain([*layer]) for layer in case.dense],
        "inputs": plain(case.inputs),
        "targets": plain(case.targets),
        "loss": loss_as_json(case.loss),
        "extras": plain(case.extras),
        "least": list(case.least),
    }


def as_case(literal: dict[str, Any]) -> Case:
    """The case of a report. KeyError, TypeError or ValueError where it is none."""
    entry = _numbers(literal)
    dense = [Dense(*layer) for layer in entry["dense"]]
    loss = loss_from_json(entry["loss"])
    least = Least(*map(int, literal.get("least", Least())))
    return Case(dense, entry["inputs"], entry["targets"], loss, entry["extras"], least)
