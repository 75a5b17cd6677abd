"""The clock: contestants take turns (A B C, A B C, ...), so a slow moment slows all of them."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter
from typing import TypeAlias

Steps: TypeAlias = Callable[[int], object]

# Long enough for the garbage collection that a contestant causes to be part of its time.
SECONDS_A_TURN = 0.25
MOST_STEPS = 1000


@dataclass(frozen=True)
class Contestant:
    """prepare() sets up, untimed, and returns what makes a given number of training steps.

    A contestant takes part in the first of every `every` rounds: the slow ones more rarely.
    """

    name: str
    prepare: Callable[[], Steps]
    every: int = 1


@dataclass(frozen=True)
class Times:
    """Seconds a step of each contestant: seconds[i][r] in round r, None where it sat out."""

    seconds: list[list[float | None]]

    def median(self, i: int) -> float:
        return median(s for s in self.seconds[i] if s is not None)

    def ratio(self, i: int, base: int) -> float:
        """The ratio of the medians."""
        return self.median(i) / self.median(base)

    def spread(self, i: int, base: int) -> tuple[float, float]:
        """The quartiles of the ratios within each round."""
        pairs = zip(self.seconds[i], self.seconds[base])
        ratios = [a / b for a, b in pairs if a is not None and b is not None]
        low, _, high = quantiles(ratios, n=4, method="inclusive")
        return low, high


def take_turns(contestants: Sequence[Contestant], rounds: int) -> Times:
    """Time all of them. A first step, not counted, tells how many steps make a turn."""
    turns = [_steps_a_turn(_seconds(c, 1)) for c in contestants]
    seconds: list[list[float | None]] = [[] for _ in contestants]
    for round_ in range(rounds):
        for contestant, steps, taken in zip(contestants, turns, seconds):
            plays = round_ % contestant.every == 0
            taken.append(_seconds(contestant, steps) if plays else None)
    return Times(seconds)


def _steps_a_turn(seconds: float) -> int:
    return max(1, min(MOST_STEPS, round(SECONDS_A_TURN / seconds)))


def _seconds(contestant: Contestant, steps: int) -> float:
    """Seconds a step. Garbage of others is collected before the clock starts."""
    run = contestant.prepare()
    gc.collect()
    start = perf_counter()
    run(steps)
    return (perf_counter() - start) / steps
