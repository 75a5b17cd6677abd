"""A planted error: a classic bug, put into the reference, and the law that must fail for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings

Law = Callable[[], object]
Fails = type[BaseException] | tuple[type[BaseException], ...]

# How a law fails that demands an error which is then not raised.
NOT_RAISED = pytest.fail.Exception


@dataclass(frozen=True)
class Planted:
    """While `wrong` stands in for `owner.name`, `law` fails by one of the exceptions `by`."""

    wrong: Callable[..., Any]
    owner: Any
    name: str
    law: Law
    by: Fails


PLANTED: list[Planted] = []


def planted(
    owner: Any, name: str, law: Law, by: Fails = AssertionError
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The decorated function is a bug: its name says which, its body is the wrong line."""

    def plant(wrong: Callable[..., Any]) -> Callable[..., Any]:
        PLANTED.append(Planted(wrong, owner, name, law, by))
        return wrong

    return plant


def tried(test: Any, *strategies: Any, **named: Any) -> Callable[..., None]:
    """The law that a property test states, tried up to its first failure, which is not shrunk."""
    law = given(*strategies, **named)(test.hypothesis.inner_test)
    return settings.get_profile("planted")(law)
