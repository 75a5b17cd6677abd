"""How cases are drawn: functions of a `random.Random`, which Hypothesis seeds anew for each.

A draw of Hypothesis' costs per choice, and a case has some forty: so it draws three small integers,
and everything else follows from these. (Up to 98, since it draws larger ones now and then from
constants in source files that it finds, which are not the same on every machine.)
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, TypeVar

from hypothesis import reject
from hypothesis import strategies as st

from spec_tests.errors import Vacuous

T = TypeVar("T")
U = TypeVar("U")
Drawing = Callable[[Random], T]
SEEDS = st.tuples(*[st.integers(0, 98)] * 3)
MOST_TRIED = 200


def drawn(drawing: Drawing[T], stream: str = "") -> st.SearchStrategy[T]:
    """The drawing for Hypothesis; two of different streams have nothing in common."""

    def draw(seeds: tuple[int, ...]) -> T:
        try:
            return drawing(Random(f"{stream} {seeds}"))
        except Vacuous:
            reject()

    return SEEDS.map(draw)


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
    """Until it holds. Vacuous where it seems that it never does."""

    def draw(rng: Random) -> T:
        for _ in range(MOST_TRIED):
            found = drawing(rng)
            if holds(found):
                return found
        raise Vacuous("no such case was found")

    return draw


def handful(drawing: Drawing[T], size: int) -> Drawing[list[T]]:
    return lambda rng: [drawing(rng) for _ in range(size)]


def lists(drawing: Drawing[T], least: int, most: int) -> Drawing[list[T]]:
    return lambda rng: handful(drawing, rng.randint(least, most))(rng)


def each(**drawings: Drawing[Any]) -> Drawing[dict[str, Any]]:
    return lambda rng: {name: drawing(rng) for name, drawing in drawings.items()}
