"""Where each classic bug was seen, as far as it is known."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from spec_tests.faults.fault import Fault


@cache
def seen() -> dict[str, dict[str, str]]:
    """Fault -> {"where": a name, "url": its address}."""
    text = files("spec_tests.faults").joinpath("seen.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def sentence_with_link(fault: Fault) -> str:
    """The fault's sentence, and where one can read of it."""
    place = seen().get(fault.id)
    return f"{fault.sentence} Seen: {place['url']}" if place else fault.sentence
