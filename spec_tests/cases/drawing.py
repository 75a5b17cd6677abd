"""How cases are drawn: functions of a `random.Random`, put together from smaller ones."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

from spec_tests.errors import Unsupported

T = TypeVar("T")
U = TypeVar("U")
Drawing = Callable[[Random], T]
MOST_TRIED = 200


def one_of(*options: T) -> Drawing[T]:
    return lambda rng: rng.choice(options)


def between(low: int, high: int) -> Drawing[int]:
    """Both included."""
    return lambda rng: rng.randint(low, high)


def any_of(*drawings: Drawing[T]) -> Drawing[T]:
    return lambda rng: rng.choice(drawings)(rng)


def mapped(drawing: Drawing[T], change: Callable[[T], U]) -> Drawing[U]:
    return lambda rng: change(drawing(rng))


def kept(drawing: Drawing[T], holds: Callable[[T], bool]) -> Drawing[T]:
    """Until it holds. Unsupported where it seems that it never does."""

    def draw(rng: Random) -> T:
        for _ in range(MOST_TRIED):
            found = drawing(rng)
            if holds(found):
                return found
        raise Unsupported("no such case was found within what is declared")

    return draw


def handful(drawing: Drawing[T], size: int) -> Drawing[list[T]]:
    return lambda rng: [drawing(rng) for _ in range(size)]


def lists(drawing: Drawing[T], least: int, most: int) -> Drawing[list[T]]:
    return lambda rng: handful(drawing, rng.randint(least, most))(rng)


def each(**drawings: Drawing[Any]) -> Drawing[dict[str, Any]]:
    return lambda rng: {name: drawing(rng) for name, drawing in drawings.items()}
