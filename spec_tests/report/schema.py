"""What schema.json asks of a report, checked here so that reading one needs no other package.

This knows the keywords that the schema uses, and no others: `test_reports` compares its judgement
with that of jsonschema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "number": (int, float),
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
Schema = dict[str, Any]


class Misfit(NamedTuple):
    """What is not as it should be, and where: "clauses[3].verdict"."""

    place: str
    problem: str


@cache
def schema() -> Schema:
    text = files("spec_tests.report").joinpath("schema.json").read_text(encoding="utf-8")
    found: Schema = json.loads(text)
    return found


def misfit(report: Any) -> Misfit | None:
    """The first thing that the schema does not allow, None where it allows all."""
    return next(_misfits(report, schema(), ""), None)


def _misfits(value: Any, rules: Schema, place: str) -> Iterator[Misfit]:
    if "$ref" in rules:
        yield from _misfits(value, schema()["$defs"][rules["$ref"].rpartition("/")[2]], place)
    if "anyOf" in rules:
        yield from _none_of(value, rules["anyOf"], place)
    allowed = [rules["const"]] if "const" in rules else rules.get("enum")
    if allowed is not None and not (isinstance(value, str) and value in allowed):
        yield Misfit(place, f"is {_brief(value)}, should be {' or '.join(allowed)}")
    if "type" in rules and not _has_type(value, rules["type"]):
        kinds = [rules["type"]] if isinstance(rules["type"], str) else rules["type"]
        yield Misfit(place, f"is {_brief(value)}, should be {' or '.join(kinds)}")
    elif isinstance(value, dict):
        yield from _in_object(value, rules, place)
    elif isinstance(value, list):
        yield from _in_array(value, rules, place)
    elif "minimum" in rules and value < rules["minimum"]:
        yield Misfit(place, f"is {value}, should be at least {rules['minimum']}")
    elif "pattern" in rules and not re.search(rules["pattern"], value):
        yield Misfit(place, f"is {_brief(value)}, should be like {rules['pattern']}")


def _none_of(value: Any, alternatives: list[Schema], place: str) -> Iterator[Misfit]:
    """Nothing where one fits, else what is wrong with the one that fits furthest."""
    found = [next(_misfits(value, rules, place), None) for rules in alternatives]
    wrong = [one for one in found if one is not None]
    if len(wrong) == len(found):
        yield max(wrong, key=lambda one: len(one.place))


def _in_object(value: dict[str, Any], rules: Schema, place: str) -> Iterator[Misfit]:
    for name in rules.get("required", []):
        if name not in value:
            yield Misfit(place, f"has no {name}")
    known, others = rules.get("properties", {}), rules.get("additionalProperties", {})
    for name, item in value.items():
        inner = f"{place}.{name}" if place else name
        if "propertyNames" in rules:
            yield from _misfits(name, rules["propertyNames"], inner)
        if name not in known and others is False:
            yield Misfit(place, f"has {_brief(name)}, which is unknown")
        else:
            yield from _misfits(item, known.get(name, others), inner)


def _in_array(value: list[Any], rules: Schema, place: str) -> Iterator[Misfit]:
    first, others = rules.get("prefixItems", []), rules.get("items", {})
    most = len(first) if others is False else len(value)
    if not rules.get("minItems", 0) <= len(value) <= most:
        yield Misfit(place, f"has the length {len(value)}, should be {rules['minItems']}")
        return
    for i, item in enumerate(value):
        yield from _misfits(item, first[i] if i < len(first) else others, f"{place}[{i}]")


def _has_type(value: Any, kinds: str | list[str]) -> bool:
    """As JSON has it: True is no number."""
    names = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, TYPES[name]) for name in names)


def _brief(value: Any) -> str:
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
