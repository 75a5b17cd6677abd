"""Who is seen in training, and when."""

from __future__ import annotations

from random import Random
from typing import Any

from refnn import SGD, Identity, Model
from refnn.batch import Row, Rows
from refnn.losses import Loss


class Witness(Loss):
    """A loss of 0 that takes down the batches it is asked about, as pairs of output and target."""

    def __init__(self) -> None:
        self.batches: list[list[tuple[Any, Any]]] = []

    def value(self, y: Rows[Any], t: Rows[Any]) -> Any:
        self.batches.append([(a[0], b[0]) for a, b in zip(y, t, strict=True)])
        return super().value(y, t)

    def row_value(self, y: Row[Any], t: Row[Any]) -> Any:
        return 0

    def row_gradient(self, y: Row[Any], t: Row[Any]) -> list[Any]:
        return [0 for _ in y]


def batches_seen(
    samples: int, *, epochs: int = 1, batch_size: int = 3, shuffle: Random | None = None
) -> list[list[int]]:
    """The batches of a training on samples 0, 1, 2, ..., each of which must keep its own target."""
    witness = Witness()
    x, t = [[i] for i in range(samples)], [[i + 100] for i in range(samples)]
    Model([Identity()], witness).train(
        x, t, epochs=epochs, batch_size=batch_size, optimizer=SGD(1), shuffle=shuffle
    )
    assert all(b == a + 100 for batch in witness.batches for a, b in batch)
    return [[a for a, _ in batch] for batch in witness.batches]
