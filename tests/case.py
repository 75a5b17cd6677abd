"""A case: a model, and the data to run it on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from refnn import Model
from refnn.batch import Rows


@dataclass(frozen=True)
class Case:
    """model, x and t, all in one number type."""

    model: Model[Any]
    x: Rows[Any]
    t: Rows[Any]

    @property
    def loss(self) -> Any:
        return self.model.evaluate(self.x, self.t)

    @property
    def variables(self) -> int:
        """How many numbers the loss is differentiated by: the parameters, then the inputs."""
        return len(leaves([parameters(self.model), self.x]))

    def map(self, convert: Callable[[Any], Any]) -> Case:
        """With each number converted: the parameters layer by layer, then x, then t."""
        model = self.model.cast(convert)
        x, t = ([[convert(number) for number in row] for row in rows] for rows in (self.x, self.t))
        return Case(model, x, t)


def parameters(model: Model[Any]) -> list[Any]:
    """Those of each layer, None for a layer that has none."""
    return [layer.parameters for layer in model.layers]


def leaves(nested: Any) -> list[Any]:
    """The numbers of nested lists, in order; None holds none."""
    if nested is None:
        return []
    if isinstance(nested, list | tuple):
        return [number for part in nested for number in leaves(part)]
    return [nested]
