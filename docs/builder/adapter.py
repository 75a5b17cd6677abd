"""What an adapter may declare and offer: lists from its docstring and from the clauses."""

from __future__ import annotations

import re
from inspect import cleandoc

from docs.builder.parts import link
from spec_tests.adapter import METHODS, Adapter
from spec_tests.clauses import CHECKS, requirements

NAME = r"\w+(?:\([^)]*\))?"
ENTRY = re.compile(rf"  (?P<names>{NAME}(?:, {NAME})*) *(?P<text>.*)")
MOST_NAMED = 3
PAGE = "reference/spec_tests.md"


def attributes() -> str:
    """All that an adapter may declare, as a list of definitions."""
    entries = _entries("Attributes declare:")
    return "\n\n".join(f"{_code(names)}\n:   {text}" for names, text in entries)


def methods() -> str:
    """All that an adapter may offer, with the clauses that each method opens."""
    entries = _entries("Methods offer; what is absent is unsupported:")
    return "\n\n".join(
        f"{_code(names)}\n:   {text}<br>*Clauses:* {_opened(names)}" for names, text in entries
    )


def _entries(heading: str) -> list[tuple[str, str]]:
    """(name, text) of each entry below a heading of the docstring of Adapter."""
    lines = (
        cleandoc(Adapter.__doc__ or "")
        .partition(heading)[2]
        .strip("\n")
        .split("\n\n")[0]
        .splitlines()
    )
    found: list[tuple[str, str]] = []
    for line in lines:
        entry = ENTRY.fullmatch(line)
        if entry:
            found.append((entry["names"], entry["text"]))
        else:
            name, text = found[-1]
            found[-1] = name, f"{text} {line.strip()}".strip()
    return found


def _code(names: str) -> str:
    return ", ".join(f"`{name}`" for name in re.findall(NAME, names))


def _opened(names: str) -> str:
    """Links to the clauses that need a method, or how many there are in which groups."""
    own = {name for name in METHODS if name in re.findall(r"(\w+)\(", names)}
    ids = [id for id in requirements() if any(own & {*n.split("|")} for n in CHECKS[id].needs)]
    if not ids:
        return "all"
    if len(ids) <= MOST_NAMED:
        return ", ".join(link(id, "spec/clauses.md", id, start=PAGE) for id in ids)
    groups = dict.fromkeys(requirements()[id].group for id in ids)
    return f"{len(ids)} of {', '.join(groups)}"
