"""Shuffling: by the given random numbers, and by nothing else."""

from __future__ import annotations

import random
from itertools import chain
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.witness import batches_seen

seeds = st.integers(0, 2**32)
sizes = st.integers(1, 9)


def orders(samples: int, epochs: int, batch_size: int, shuffle: Random | None) -> list[list[int]]:
    """The order of the samples in each epoch."""
    batches = batches_seen(samples, epochs=epochs, batch_size=batch_size, shuffle=shuffle)
    seen = [*chain(*batches)]
    return [seen[start : start + samples] for start in range(0, len(seen), samples)]


@given(seeds, sizes, sizes)
def test_the_order_is_what_the_given_random_numbers_make_of_the_samples(
    seed: int, samples: int, batch_size: int
) -> None:
    """Each epoch sees list(range(N)), shuffled anew by the one generator that was handed in."""
    expected, rng = [], Random(seed)
    for _ in range(3):
        order = list(range(samples))
        rng.shuffle(order)
        expected.append(order)
    assert orders(samples, 3, batch_size, Random(seed)) == expected


@given(seeds, sizes)
def test_a_seed_repeats_its_training(seed: int, samples: int) -> None:
    """The same seed gives the same batches."""
    first, second = (batches_seen(samples, epochs=2, shuffle=Random(seed)) for _ in range(2))
    assert first == second


def test_every_epoch_has_an_order_of_its_own() -> None:
    """Of 12 samples, no two of 5 epochs see the same order, and none the given one."""
    found = orders(12, 5, 3, Random(1))
    assert len({*map(tuple, found), tuple(range(12))}) == 6


@given(sizes, sizes)
def test_without_random_numbers_the_order_is_the_given_one(samples: int, batch_size: int) -> None:
    """shuffle=None keeps every epoch in order."""
    assert orders(samples, 2, batch_size, None) == [list(range(samples))] * 2


def test_the_common_random_numbers_are_left_alone() -> None:
    """Neither used nor advanced."""
    before = random.getstate()
    batches_seen(12, epochs=2, shuffle=Random(1))
    assert random.getstate() == before
