"""What training is made of: epochs, batches, steps.

    for each epoch, for each batch:    θ' = optimizer(θ, ∂L/∂θ)

In an epoch every sample is seen once. The last batch may be shorter; its mean is over its own
samples. All gradients of a batch are known before any parameter changes. Derived in
docs/pages/learn: equations (7.1) to (7.3), (7.10).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Generic, NamedTuple

from refnn.layer import Layer, Parameters
from refnn.optimizers import Optimizer, State
from refnn.scalar import N


class History(NamedTuple, Generic[N]):
    """losses: the mean loss over the samples of each epoch, each seen just before its update."""

    losses: list[N]


def batches(samples: int, batch_size: int, shuffle: Random | None) -> Iterator[list[int]]:
    """The numbers of the samples, each once, in batches."""
    order = list(range(samples))
    if shuffle is not None:
        shuffle.shuffle(order)
    for start in range(0, samples, batch_size):
        yield order[start : start + batch_size]


def step(
    layers: Sequence[Layer[N]],
    found: list[Parameters[N] | None],
    states: Sequence[State[N] | None],
    optimizer: Optimizer,
) -> tuple[list[Layer[N]], list[State[N] | None]]:
    """The layers and the optimizer's states after one update. It empties `found` as it goes."""
    moved, remembered = list(layers), list(states)
    for i, layer in enumerate(layers):
        gradient, found[i] = found[i], None
        if layer.parameters is not None and gradient is not None:
            parameters, remembered[i] = optimizer.update(layer.parameters, gradient, states[i])
            del gradient
            moved[i] = layer.with_parameters(parameters)
    return moved, remembered
