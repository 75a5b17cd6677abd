"""A case: a network, a batch, and whatever else one example of a clause needs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from refnn.losses import Loss

Matrix = list[list[float]]


class Dense(NamedTuple):
    """One dense layer: weights out x in, bias out (None where there is none), activation."""

    weights: Matrix
    bias: list[float] | None
    activation: str


class Least(NamedTuple):
    """The smallest sizes that are declared, and that a clause means."""

    rows: int = 1
    inputs: int = 1
    units: int = 1
    outputs: int = 1
    layers: int = 1


ANY_SIZE = Least()


@dataclass(frozen=True)
class Case:
    """`extras` are named numbers of one clause: a learning rate, a cotangent, a batch size.

    A smaller case that fails is looked for down to `least`.
    """

    dense: list[Dense]
    inputs: Matrix
    targets: Matrix
    loss: Loss
    extras: dict[str, Any] = field(default_factory=dict)
    least: Least = ANY_SIZE

    @property
    def activations(self) -> list[str]:
        return [layer.activation for layer in self.dense]

    @property
    def widths(self) -> list[int]:
        return [len(self.inputs[0]), *(len(layer.weights) for layer in self.dense)]

    @property
    def work(self) -> int:
        """Weights times rows: what a pass through the network costs."""
        return len(self.inputs) * sum(len(w) * len(w[0]) for w, _, _ in self.dense)

    def with_rows(self, inputs: Matrix, targets: Matrix) -> Case:
        return replace(self, inputs=inputs, targets=targets)

    def row(self, b: int) -> Case:
        return self.with_rows([self.inputs[b]], [self.targets[b]])


def copy(rows: Any) -> Any:
    """Nested lists, anew."""
    return [copy(item) for item in rows] if isinstance(rows, list) else rows
