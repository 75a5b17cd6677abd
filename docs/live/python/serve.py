"""What the page's worker calls: a request goes to its part, and answers come as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module


def answer(request: str, say: Callable[[str], object]) -> None:
    """`request` names its part: cells, check or playground."""
    words = json.loads(request)
    part = import_module(f"docs.live.python.{words['part']}")
    part.run(words, lambda message: say(json.dumps(message, allow_nan=False)))
