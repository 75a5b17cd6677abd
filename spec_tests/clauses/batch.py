"""BATCH: every sample counts, with its own activations, and counts as declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation, localcontext
from functools import partial
from typing import NamedTuple

from spec_tests.cases.case import Case
from spec_tests.cases.drawing import between
from spec_tests.cases.extras import limited, many_rows, with_extras
from spec_tests.cases.networks import either
from spec_tests.clauses.registry import clause
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported
from spec_tests.expect import Comparison
from spec_tests.judge import views
from spec_tests.judge.certainty import answered, bounds, flat, refuse_dead
from spec_tests.judge.played import Played
from spec_tests.oracle.oracle import DIGITS, Expected, Pairs
from spec_tests.scripts import asks
from spec_tests.scripts.script import Script

SEEN = "gradients|step"
SEVERAL = limited(either, rows=(2, None))
MANY = many_rows(either)


class Part(NamedTuple):
    """A part of a batch, and its weight in the gradient of the whole."""

    weight: float
    case: Case


def whole_and(parts: Callable[[Case], list[Part]]) -> asks.Ask:
    """The gradients of the whole batch, then of each part."""

    def ask(case: Case, declaration: Declaration) -> Script:
        found = parts(case)
        extras = {**case.extras, "weights": [part.weight for part in found]}
        whole = replace(case, extras=extras)
        return asks.each_learned([whole, *(part.case for part in found)], declaration)

    return ask


def _share(case: Case, samples: int) -> float:
    """The weight of a part of so many samples in the whole gradient."""
    return samples / len(case.inputs) if case.loss.batch == "mean" else 1.0


def samples(case: Case) -> list[Part]:
    return [Part(_share(case, 1), case.row(b)) for b in range(len(case.inputs))]


def shards(case: Case) -> list[Part]:
    cut = max(1, len(case.inputs) // 3)
    halves = [
        case.with_rows(case.inputs[:cut], case.targets[:cut]),
        case.with_rows(case.inputs[cut:], case.targets[cut:]),
    ]
    return [Part(_share(case, len(half.inputs)), half) for half in halves]


def the_whole_is_the_sum_of_its_parts(played: Played) -> float:
    """The first gradient against the weighted sum of the others, all of them its own."""
    whole, *parts = views.learning(played)
    got, gradients = _own_gradient(played, whole)
    allowed, seen = bounds(gradients), Comparison()
    with localcontext(DIGITS) as context:
        context.traps[InvalidOperation] = False  # inf - inf is nan here, and wrong
        totals = [Decimal(0)] * len(got)
        for weight, part in zip(played.script.extras["weights"], parts, strict=True):
            numbers, own = _own_gradient(played, part)
            totals = [
                s + Decimal(weight) * Decimal(g) for s, g in zip(totals, numbers, strict=True)
            ]
            allowed = [b + abs(weight) * e for b, e in zip(allowed, bounds(own), strict=True)]
        for k, (g, total, bound) in enumerate(zip(got, totals, allowed, strict=True)):
            seen.number(f"the batch against its parts, number {k}", g, Expected(total, bound))
    margin = seen.judge()
    refuse_dead(gradients)
    return margin


def _own_gradient(played: Played, k: int) -> tuple[list[float], Pairs]:
    """(the implementation's gradient, flat; the expected one)."""
    expected = played.oracle(k)
    expected.refuse_kinks()
    gradients = expected.gradients
    return flat(answered(partial(played.gradients, k), gradients)), gradients


for _id, _parts in (("BATCH-SUM", samples), ("BATCH-SHARDS", shards)):
    clause(
        _id,
        reads="gradient",
        needs="gradients",
        cases=SEVERAL,
        rare=[MANY],
        ask=whole_and(_parts),
        judge=the_whole_is_the_sum_of_its_parts,
    )


def turned(case: Case, declaration: Declaration) -> Script:
    turn = case.extras["turn"] % len(case.inputs)
    other = case.with_rows(
        case.inputs[turn:] + case.inputs[:turn], case.targets[turn:] + case.targets[:turn]
    )
    return asks.each_learned([case, other], declaration)


clause(
    "BATCH-ORDER",
    reads="gradient",
    needs=SEEN,
    cases=with_extras(SEVERAL, turn=between(1, 4)),
    ask=turned,
    judge=views.gradients,
)


def doubled(case: Case, declaration: Declaration) -> Script:
    """The mean of a doubled batch is the same, its sum is twice as large."""
    if not declaration.several_rows:
        raise Unsupported("rows are taken one by one")
    other = case.with_rows(case.inputs * 2, case.targets * 2)
    return asks.each_learned([case, other], declaration)


clause(
    "BATCH-DUPLICATE",
    reads="gradient",
    needs=SEEN,
    cases=limited(either, rows=(1, 2)),
    ask=doubled,
    judge=views.gradients,
)


def with_other_samples(case: Case, declaration: Declaration) -> Script:
    """The last sample beside others, and alone."""
    last = case.with_rows(case.inputs[-1:], case.targets[-1:])
    far = [[-x for x in row] for row in case.inputs[:-1]] + case.inputs[-1:]
    other = replace(case, inputs=far)
    # The same input with different targets: who looks a target up by its input finds the first.
    equal = replace(case, inputs=case.inputs[-1:] * len(case.inputs))
    return asks.each_learned([case, other, last, equal], declaration)


clause(
    "BATCH-OWN",
    reads="gradient",
    needs=SEEN,
    cases=limited(either, rows=(2, None), hidden=(1, 2)),
    ask=with_other_samples,
    judge=views.gradients,
)


def row_by_row(case: Case, declaration: Declaration) -> Script:
    return asks.each_predicted([*(case.row(b) for b in range(len(case.inputs))), case])


clause(
    "BATCH-FORWARD",
    reads="forward",
    needs="predict",
    cases=SEVERAL,
    rare=[MANY],
    ask=row_by_row,
    judge=views.outputs,
)
