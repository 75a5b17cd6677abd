"""BATCH: every sample counts, with its own activations, and counts as declared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation, localcontext

from hypothesis import strategies as st

from spec_tests.cases.case import Case
from spec_tests.cases.extras import limited, many_rows, with_extras
from spec_tests.cases.networks import either
from spec_tests.clauses.observe import (
    answer,
    bounds,
    compare_gradients,
    compare_outputs,
    flat,
    oracle,
    refuse_dead,
)
from spec_tests.clauses.registry import check
from spec_tests.errors import Unsupported
from spec_tests.expect import Comparison
from spec_tests.oracle.oracle import DIGITS, Expected, Pairs
from spec_tests.subject import Subject

SEEN = "gradients|step"
SEVERAL = limited(either, rows=(2, None))
MANY = many_rows(either)


def own_gradient(subject: Subject, case: Case) -> tuple[list[float], Pairs]:
    """(the implementation's gradient, flat; the expected one)."""
    expected = oracle(subject, case)
    expected.refuse_kinks()
    gradients = expected.gradients()
    return flat(answer(subject.load(case).gradients, gradients)), gradients


def compare_sums(
    subject: Subject, whole: Case, parts: Sequence[tuple[float, Case]], name: str
) -> float:
    """The gradient of `whole` against the weighted sum of those of the parts: its own, all."""
    got, gradients = own_gradient(subject, whole)
    allowed, seen = bounds(gradients), Comparison()
    with localcontext(DIGITS) as context:
        context.traps[InvalidOperation] = False  # inf - inf is nan here, and wrong
        totals = [Decimal(0)] * len(got)
        for weight, part in parts:
            numbers, own = own_gradient(subject, part)
            totals = [
                s + Decimal(weight) * Decimal(g) for s, g in zip(totals, numbers, strict=True)
            ]
            allowed = [b + abs(weight) * e for b, e in zip(allowed, bounds(own), strict=True)]
        for k, (g, total, bound) in enumerate(zip(got, totals, allowed, strict=True)):
            seen.number(f"{name}, number {k}", g, Expected(total, bound))
    margin = seen.judge()
    refuse_dead(gradients)
    return margin


def _share(case: Case, samples: int) -> float:
    """The weight of a part of so many samples in the whole gradient."""
    return samples / len(case.inputs) if case.loss.batch == "mean" else 1.0


@check("BATCH-SUM", reads="gradient", needs="gradients", cases=SEVERAL, rare=[MANY])
def the_batch_gradient_is_made_of_its_samples(subject: Subject, case: Case) -> float:
    parts = [(_share(case, 1), case.row(b)) for b in range(len(case.inputs))]
    return compare_sums(subject, case, parts, "the batch against its samples")


@check("BATCH-SHARDS", reads="gradient", needs="gradients", cases=SEVERAL, rare=[MANY])
def shards_weighted_by_size_give_the_whole(subject: Subject, case: Case) -> float:
    cut = max(1, len(case.inputs) // 3)
    shards = [
        case.with_rows(case.inputs[:cut], case.targets[:cut]),
        case.with_rows(case.inputs[cut:], case.targets[cut:]),
    ]
    parts = [(_share(case, len(shard.inputs)), shard) for shard in shards]
    return compare_sums(subject, case, parts, "the batch against its shards")


@check(
    "BATCH-ORDER",
    reads="gradient",
    needs=SEEN,
    cases=with_extras(SEVERAL, turn=st.integers(1, 4)),
)
def the_order_of_samples_is_irrelevant(subject: Subject, case: Case) -> float:
    turn = case.extras["turn"] % len(case.inputs)
    turned = case.with_rows(
        case.inputs[turn:] + case.inputs[:turn], case.targets[turn:] + case.targets[:turn]
    )
    return max(compare_gradients(subject, oracle(subject, each)) for each in (case, turned))


@check("BATCH-DUPLICATE", reads="gradient", needs=SEEN, cases=limited(either, rows=(1, 2)))
def a_doubled_batch_has_the_same_mean(subject: Subject, case: Case) -> float:
    """And twice the sum, where the loss sums over the batch."""
    if not subject.declaration.several_rows:
        raise Unsupported("rows are taken one by one")
    doubled = case.with_rows(case.inputs * 2, case.targets * 2)
    return max(compare_gradients(subject, oracle(subject, each)) for each in (case, doubled))


@check(
    "BATCH-OWN", reads="gradient", needs=SEEN, cases=limited(either, rows=(2, None), hidden=(1, 2))
)
def every_sample_counts_with_its_own_activations(subject: Subject, case: Case) -> float:
    last = case.with_rows(case.inputs[-1:], case.targets[-1:])
    far = [[-x for x in row] for row in case.inputs[:-1]] + case.inputs[-1:]
    other = replace(case, inputs=far)
    # The same input with different targets: who looks a target up by its input finds the first.
    equal = replace(case, inputs=case.inputs[-1:] * len(case.inputs))
    cases = case, other, last, equal
    return max(compare_gradients(subject, oracle(subject, each)) for each in cases)


@check("BATCH-FORWARD", reads="forward", needs="predict", cases=SEVERAL, rare=[MANY])
def a_batch_is_predicted_row_by_row(subject: Subject, case: Case) -> float:
    rows = [case.row(b) for b in range(len(case.inputs))]
    return max(compare_outputs(subject, oracle(subject, each)) for each in (*rows, case))
