"""BATCH: every sample counts, with its own activations, and counts as declared."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation, localcontext
from functools import partial
from typing import Any, NamedTuple

from spec_tests.cases.case import Case
from spec_tests.cases.drawing import between
from spec_tests.cases.extras import limited, many_rows, with_extras
from spec_tests.cases.networks import either
from spec_tests.clauses.registry import clause
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported, Vacuous
from spec_tests.expect import Comparison
from spec_tests.judge import views
from spec_tests.judge.certainty import answered, bounds, flat, refuse_dead
from spec_tests.judge.played import Played
from spec_tests.oracle.expected import DIGITS, Expected, Pairs
from spec_tests.scripts import asks
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer

SEEN = "gradients|step"
MOST_DOUBLED = 4
"""Rows of a batch that is asked for twice over."""
SEVERAL = with_extras(limited(either, rows=(2, None)), turn=between(1, 4))
MANY = with_extras(many_rows(either, fewest_rows=2), turn=between(1, 4))


class Parts(NamedTuple):
    """Places of calls that learn: each part of a batch, and its weight in the whole gradient."""

    places: list[int]
    weights: list[float]


def whole_and_parts(case: Case, declaration: Declaration) -> Script:
    """A batch; each sample of it; two shards; the same in another order, and twice over; the last
    sample beside others. And what is predicted of the batch, and of each of its rows.
    """
    writer = Writer(case.loss)
    samples = [case.row(b) for b in range(len(case.inputs))]
    found: dict[str, Any] = {}
    if {"gradients", "step"} & declaration.methods:

        def learned(part: Case) -> int:
            return asks.learned(writer, part, declaration)

        def parts(cases: list[Case]) -> Parts:
            return Parts([*map(learned, cases)], [_share(case, part) for part in cases])

        found = {
            "whole": learned(case),
            "samples": parts(samples),
            "shards": parts(_shards(case)),
            "turned": learned(_turned(case)),
            "others": [*map(learned, _with_other_samples(case))],
        }
        if declaration.several_rows and len(samples) <= MOST_DOUBLED:
            found["doubled"] = learned(case.with_rows(case.inputs * 2, case.targets * 2))
    if "predict" in declaration.methods:
        for part in (*samples, case):
            asks.predicted(writer, part)
    return writer.script(**found)


def _share(case: Case, part: Case) -> float:
    """The weight of a part in the whole gradient."""
    return len(part.inputs) / len(case.inputs) if case.loss.batch == "mean" else 1.0


def _shards(case: Case) -> list[Case]:
    cut = max(1, len(case.inputs) // 3)
    return [
        case.with_rows(case.inputs[:cut], case.targets[:cut]),
        case.with_rows(case.inputs[cut:], case.targets[cut:]),
    ]


def _turned(case: Case) -> Case:
    turn = case.extras["turn"] % len(case.inputs)
    return case.with_rows(
        case.inputs[turn:] + case.inputs[:turn], case.targets[turn:] + case.targets[:turn]
    )


def _with_other_samples(case: Case) -> list[Case]:
    """The last sample beside others than those of the batch."""
    far = [[-x for x in row] for row in case.inputs[:-1]] + case.inputs[-1:]
    # The same input with different targets: who looks a target up by its input finds the first.
    equal = case.inputs[-1:] * len(case.inputs)
    return [replace(case, inputs=far), replace(case, inputs=equal)]


def the_whole_is_the_sum_of(played: Played, parts: Parts) -> float:
    """Its gradient against the weighted sum of those of its parts, all of them its own."""
    got, gradients = _own_gradient(played, played.script.extras["whole"])
    allowed, seen = bounds(gradients), Comparison()
    with localcontext(DIGITS) as context:
        context.traps[InvalidOperation] = False  # inf - inf is nan here, and wrong
        totals = [Decimal(0)] * len(got)
        for place, weight in zip(*parts, strict=True):
            numbers, own = _own_gradient(played, place)
            totals = [
                s + Decimal(weight) * Decimal(g) for s, g in zip(totals, numbers, strict=True)
            ]
            allowed = [b + abs(weight) * e for b, e in zip(allowed, bounds(own), strict=True)]
        for k, (g, total, bound) in enumerate(zip(got, totals, allowed, strict=True)):
            seen.number(f"the batch against its parts, number {k}", g, Expected(total, bound))
    margin = seen.judge()
    refuse_dead(gradients)
    return margin


def the_whole_is_the_sum_of_its_samples(played: Played) -> float:
    return the_whole_is_the_sum_of(played, played.script.extras["samples"])


def the_whole_is_the_sum_of_its_shards(played: Played) -> float:
    return the_whole_is_the_sum_of(played, played.script.extras["shards"])


def _own_gradient(played: Played, k: int) -> tuple[list[float], Pairs]:
    """(the implementation's gradient, flat; the expected one)."""
    expected = played.oracle(k)
    expected.refuse_kinks()
    gradients = expected.gradients
    return flat(answered(partial(played.gradients, k), gradients)), gradients


def the_order_does_not_matter(played: Played) -> float:
    extras = played.script.extras
    return views.gradients(played, places=[extras["whole"], extras["turned"]])


def twice_the_batch_is_the_same_mean(played: Played) -> float:
    """The mean of a doubled batch is the same, its sum is twice as large."""
    if not played.declaration.several_rows:
        raise Unsupported("rows are taken one by one")
    extras = played.script.extras
    if "doubled" not in extras:
        raise Vacuous("the batch is large")
    return views.gradients(played, places=[extras["whole"], extras["doubled"]])


def each_sample_has_its_own_activations(played: Played) -> float:
    extras = played.script.extras
    last = extras["samples"].places[-1]
    return views.gradients(played, places=[extras["whole"], *extras["others"], last])


def _batch(id: str, judge: views.View, needs: str = SEEN, rare: bool = False) -> None:
    clause(
        id,
        "forward" if needs == "predict" else "gradient",
        needs,
        SEVERAL,
        whole_and_parts,
        judge,
        rare=[MANY] if rare else [],
    )


_batch("BATCH-SUM", the_whole_is_the_sum_of_its_samples, "gradients", rare=True)
_batch("BATCH-SHARDS", the_whole_is_the_sum_of_its_shards, "gradients", rare=True)
_batch("BATCH-ORDER", the_order_does_not_matter)
_batch("BATCH-DUPLICATE", twice_the_batch_is_the_same_mean)
_batch("BATCH-OWN", each_sample_has_its_own_activations)
_batch("BATCH-FORWARD", views.outputs, "predict", rare=True)
