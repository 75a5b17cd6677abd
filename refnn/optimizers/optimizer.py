"""Optimizers turn a gradient into an update. They are values: their state is handed in and out.

For each parameter w with gradient g, at step t = 1, 2, ...

    w', state' = rule(w, g, state)        every running average starts at 0

Weight decay λ adds λ w to the gradient of weights, never of biases: the gradient of L + λ/2 ‖W‖²,
equations (8.17) to (8.19) of docs/pages/learn.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from typing import ClassVar, Generic, NamedTuple, TypeAlias

from refnn.batch import check_same_shape, number_type
from refnn.layer import Parameters
from refnn.scalar import Constant, N, constant, is_finite, typical, zero

Averages: TypeAlias = list[list[N]]
Rule: TypeAlias = Callable[[list[N], list[N], Averages[N]], tuple[list[N], Averages[N]]]


class State(NamedTuple, Generic[N]):
    """What is remembered of one layer: the steps taken, and the averages of each of its rows."""

    steps: int
    averages: list[Averages[N]]


@dataclass(frozen=True)
class Optimizer(ABC):
    """lr is η, weight_decay is λ; both >= 0 and used exactly, or refused.

    `averages` is how many a parameter has, `rates` names the options that must be below 1.
    """

    lr: Constant
    weight_decay: Constant = field(default=0, kw_only=True)

    averages: ClassVar[int] = 0
    rates: ClassVar[tuple[str, ...]] = ()

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            number_type(value, name)
            if not (is_finite(value) and value >= 0):
                raise ValueError(f"{name} is {value}, should be a finite number >= 0")
            if name in self.rates and value >= 1:
                raise ValueError(f"{name} is {value}, should be less than 1")

    @abstractmethod
    def rule(self, like: N, step: int) -> Rule[N]:
        """The update of one row, (w, g, averages) -> (w', averages'), at step t = `step`."""

    def update(
        self, parameters: Parameters[N], gradient: Parameters[N], state: State[N] | None = None
    ) -> tuple[Parameters[N], State[N]]:
        """The parameters of one layer after one step; `state` is what the step before returned."""
        rows, slopes = parameters.rows, gradient.rows
        check_same_shape("the weights", parameters.weights, "their gradient", gradient.weights)
        check_same_shape("the parameters", rows, "their gradient", slopes)
        like = typical(chain(*rows, *slopes))
        if self.weight_decay > 0:
            decay = constant(self.weight_decay, like)
            for i, weights in enumerate(parameters.weights):
                slopes[i] = [g + decay * w for w, g in zip(weights, slopes[i])]
        if state is None:
            nothing = zero(like)
            state = State(0, [[[nothing] * len(w)] * self.averages for w in rows])
        remembered = [row for own in state.averages for row in own]
        expected = [w for w in rows for _ in range(self.averages)]
        check_same_shape("the state", remembered, "its parameters", expected)
        rule = self.rule(like, state.steps + 1)
        moved = [rule(*row) for row in zip(rows, slopes, state.averages, strict=True)]
        averages = [averages for _, averages in moved]
        return parameters.with_rows([w for w, _ in moved]), State(state.steps + 1, averages)
