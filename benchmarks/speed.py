"""Speed: one training step (forward, backward, update of one batch) of every contestant.

Before the clock starts, each contestant makes two steps in fractions on a short batch, and must
arrive at exactly the parameters of the reference. A target says how many times the reference's
time a contestant should need: at least 4, or, for the dot products alone, at least 1 / 1.6.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from benchmarks import floor, micrograd_form
from benchmarks.problem import Dense, Problem, draw, network_of, reference
from benchmarks.tables import console, show
from benchmarks.timing import Contestant, Steps, Times, take_turns
from benchmarks.tutorial_forms import indexed_step, zipped_step
from refnn import SGD

ROUNDS = 11
CHECKED_SAMPLES = 3

Form: TypeAlias = Callable[[list[Dense], Problem], list[Dense]]


@dataclass(frozen=True)
class Match:
    """A network, a batch size, and how many times the reference's time others should need.

    micrograd takes part in every `micrograd_every`th round only: it may be very slow.
    """

    widths: tuple[int, ...]
    batch: int
    at_least: dict[str, float]
    micrograd_every: int

    @property
    def title(self) -> str:
        return f"One training step, {'-'.join(map(str, self.widths))}, batch of {self.batch}"


REFERENCE, INDEXED, ZIPPED = "refnn", "tutorial, by index", "tutorial, by zip"
MICROGRAD, FLOOR = "micrograd", "dot products only"

MATCHES = (
    Match((64, 64, 10), 32, {INDEXED: 4, ZIPPED: 2.5, MICROGRAD: 500, FLOOR: 1 / 1.6}, 5),
    Match((2, 64, 1), 5, {INDEXED: 1.3, MICROGRAD: 20}, 1),
)
# Before Python 3.12 there is no math.sumprod.
AT_LEAST_BEFORE_SUMPROD = {INDEXED: 1.0}


def report() -> None:
    """Print a table for each network."""
    if not micrograd_form.INSTALLED:
        console.print(micrograd_form.MISSING)
    for match in MATCHES:
        check(draw(match.widths, CHECKED_SAMPLES, Fraction))
        contestants = contestants_for(match)
        times = take_turns(contestants, ROUNDS)
        rows = [_row(contestant.name, times, i, match) for i, contestant in enumerate(contestants)]
        show(match.title, ("", "ms a step", "x refnn", "quartiles", "target: at least"), rows)


def _row(name: str, times: Times, i: int, match: Match) -> tuple[str, ...]:
    """Contestant i beside the reference, which is contestant 0."""
    milliseconds = f"{times.median(i) * 1000:,.3f}"
    if i == 0:
        return name, milliseconds, "1", "", ""
    low, high = times.spread(i, 0)
    at_least = match.at_least if sys.version_info >= (3, 12) else AT_LEAST_BEFORE_SUMPROD
    target = at_least.get(name)
    return (
        name,
        milliseconds,
        _number(times.ratio(i, 0)),
        f"{_number(low)} to {_number(high)}",
        _number(target) if target else "",
    )


def _number(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def contestants_for(match: Match) -> list[Contestant]:
    """The reference first, then everybody else."""
    problem = draw(match.widths, match.batch)
    contestants = [
        Contestant(REFERENCE, lambda: train_reference(problem)),
        Contestant(INDEXED, lambda: _repeat(indexed_step, problem)),
        Contestant(ZIPPED, lambda: _repeat(zipped_step, problem)),
        Contestant(FLOOR, lambda: floor.prepare(problem)),
    ]
    if micrograd_form.INSTALLED:
        contestants.append(
            Contestant(MICROGRAD, lambda: _train_micrograd(problem), match.micrograd_every)
        )
    return contestants


def train_reference(problem: Problem) -> Steps:
    """All steps in one call of `train`, so that its set-up is shared by them."""
    model = reference(problem.network)
    batch_size, optimizer = len(problem.inputs), SGD(problem.learning_rate)
    return lambda steps: model.train(
        problem.inputs, problem.targets, epochs=steps, batch_size=batch_size, optimizer=optimizer
    )


def _repeat(form: Form, problem: Problem) -> Steps:
    def steps(count: int) -> None:
        network = problem.network
        for _ in range(count):
            network = form(network, problem)

    return steps


def _train_micrograd(problem: Problem) -> Steps:
    perceptron = micrograd_form.build(problem.network)

    def steps(count: int) -> None:
        for _ in range(count):
            micrograd_form.step(perceptron, problem)

    return steps


def check(problem: Problem) -> None:
    """Let all take two steps on `problem`, in fractions; RuntimeError where one goes elsewhere."""
    model = reference(problem.network)
    model.train(
        problem.inputs,
        problem.targets,
        epochs=2,
        batch_size=len(problem.inputs),
        optimizer=SGD(problem.learning_rate),
    )
    arrived = {
        INDEXED: indexed_step(indexed_step(problem.network, problem), problem),
        ZIPPED: zipped_step(zipped_step(problem.network, problem), problem),
    }
    if micrograd_form.INSTALLED:
        perceptron = micrograd_form.build(problem.network)
        for _ in range(2):
            micrograd_form.step(perceptron, problem)
        arrived[MICROGRAD] = micrograd_form.network_of(perceptron)
    for name, network in arrived.items():
        if network != network_of(model):
            raise RuntimeError(f"the step of {name!r} is not the step of {REFERENCE!r}")
