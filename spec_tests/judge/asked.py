"""A script as an implementation is asked it: in its orientation, and row by row where it must be.

Conventions that an adapter declares are translated here, and its answers back in `played`.
"""

from __future__ import annotations

from typing import Any

from spec_tests.declaration import Declaration
from spec_tests.judge.answers import turned
from spec_tests.scripts.script import Script


def asked(script: Script, declaration: Declaration) -> dict[str, Any]:
    """The script as JSON, where a call may have become one for each row."""
    entry = script.as_json()
    if declaration.weights == "in_out":
        entry["networks"] = [
            [[turned(weights), bias, name] for weights, bias, name in network]
            for network in entry["networks"]
        ]
        for call in entry["calls"]:
            if "gradients" in call:
                call["gradients"] = [
                    [[turned(weights), bias] for weights, bias in step]
                    for step in call["gradients"]
                ]
    calls, places = [], places_of(script, declaration)
    for call, answers in zip(entry["calls"], places, strict=True):
        if "of" in call:
            call["of"] = places[call["of"]][0]
        several = len(answers) > 1
        calls += [call | {"row": b} for b in range(len(answers))] if several else [call]
    entry["calls"] = calls
    return entry


def places_of(script: Script, declaration: Declaration) -> list[range]:
    """For each call of the script, which of the answers are its own."""
    found, start = [], 0
    for call in script.calls:
        alone = declaration.batch == "single" and call.method == "predict"
        rows = len(script.batches[call.arguments["batch"]].inputs) if alone else 1
        found.append(range(start, start + rows))
        start += rows
    return found
