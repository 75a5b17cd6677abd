"""The wire between a judge and a player: JSON, a line each way.

    judge:   {"wire": 1}
    player:  {"wire": 1, "activations": ["identity", "relu"], "methods": ["load", "predict"]}
    judge:   {"script": 0, "loss": ..., "networks": ..., "batches": ..., "calls": ...}
    player:  {"script": 0, "answers": [null, [[0.5]]]}

The first answer declares, by the names that an `Adapter` has. After it each line is a script, and
its answer has one item for each call: what the call answers, or {"error": "..."} where it refuses.
JSON has no NaN and no infinities: they are the texts "NaN", "Infinity" and "-Infinity".
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

VERSION = 1
NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


MOST_SHOWN = 120
"""Bytes of a line that a message shows."""


class WireError(ValueError):
    """What came is no answer."""


def line(entry: Any) -> bytes:
    """One line, to the last bit of every number."""
    try:
        text = json.dumps(entry, allow_nan=False)
    except ValueError:
        text = json.dumps(with_texts(entry), allow_nan=False)
    return text.encode() + b"\n"


def read(text: bytes) -> Any:
    """What a line says. WireError where it is no JSON."""
    try:
        entry = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise WireError(f"{shortened(text)} is no JSON: {error}") from None
    return with_numbers(entry) if b'NaN"' in text or b'Infinity"' in text else entry


def answers(text: bytes, number: int, calls: int) -> list[Any]:
    """The answers to the script of that number. WireError where these are others."""
    entry = read(text)
    if not isinstance(entry, dict) or "answers" not in entry:
        raise WireError(f'{shortened(text)} should be {{"script": {number}, "answers": [...]}}')
    if entry.get("script") != number:
        raise WireError(f"an answer to script {entry.get('script')!r}, asked was {number}")
    found = entry["answers"]
    if not isinstance(found, list) or len(found) != calls:
        many = len(found) if isinstance(found, list) else shortened(json.dumps(found).encode())
        raise WireError(f"answers are {many}, should be {calls}: one for each call")
    return found


def shortened(text: bytes) -> str:
    """The beginning of a line, without control characters."""
    words = text[:MOST_SHOWN].decode(errors="replace").strip()
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in words)
    return f"{shown}..." if len(text) > MOST_SHOWN else shown


def _no_constant(name: str) -> None:
    raise ValueError(f'{name} should be the text "{name}"')


def with_texts(value: Any) -> Any:
    """Nested lists for JSON, which has no NaN and no infinities."""
    if isinstance(value, dict):
        return {key: with_texts(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [with_texts(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def with_numbers(value: Any) -> Any:
    """Its inverse: the texts that stand for NaN and infinities as numbers again."""
    if isinstance(value, dict):
        return {key: with_numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [with_numbers(item) for item in value]
    return NUMBERS.get(value, value) if isinstance(value, str) else value
