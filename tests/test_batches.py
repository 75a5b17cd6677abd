"""A batch is its samples: what they give one by one, the batch gives at once."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.case import Case, leaves
from tests.strategies import cases


def part(case: Case, samples: list[int]) -> Case:
    """The case with these samples alone."""
    return Case(case.model, [case.x[i] for i in samples], [case.t[i] for i in samples])


def loss_and_gradient(case: Case) -> list[Any]:
    return leaves(case.model.gradients(case.x, case.t))


def summed(case: Case) -> list[Fraction]:
    """Loss and gradient as a sum over the samples, where the loss takes their mean."""
    weight = len(case.x) if case.model.loss.batch == "mean" else 1
    return [weight * number for number in loss_and_gradient(case)]


@given(cases())
def test_a_batch_is_predicted_row_by_row(case: Case) -> None:
    """The prediction of a row does not depend on its neighbours."""
    assert case.model.predict(case.x) == [case.model.predict([row])[0] for row in case.x]


@given(cases())
def test_every_sample_counts_once_with_its_own_activations(case: Case) -> None:
    """The gradient of a batch is the mean, or sum, of its samples' gradients."""
    samples = [summed(part(case, [i])) for i in range(len(case.x))]
    assert summed(case) == [*map(sum, zip(*samples))]


@given(cases(), st.integers(1, 2))
def test_shards_weighted_by_their_size_make_the_whole(case: Case, cut: int) -> None:
    """The gradient of a batch is the size-weighted mean, or sum, of its shards' gradients."""
    everyone = list(range(len(case.x)))
    shards = [part(case, shard) for shard in (everyone[:cut], everyone[cut:]) if shard]
    assert summed(case) == [*map(sum, zip(*map(summed, shards)))]


@given(cases(), st.permutations(range(3)))
def test_the_order_of_samples_is_irrelevant(case: Case, order: list[int]) -> None:
    """Permuted samples have the same loss and gradient."""
    permuted = part(case, [i for i in order if i < len(case.x)])
    assert loss_and_gradient(permuted) == loss_and_gradient(case)


@given(cases())
def test_a_batch_seen_twice_weighs_twice(case: Case) -> None:
    """Duplicated samples leave a mean as it is and double a sum."""
    twice = part(case, [*range(len(case.x))] * 2)
    assert summed(twice) == [2 * number for number in summed(case)]
