"""Writing a script, call by call; a network or a batch that is there already is used again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from refnn.losses import Loss
from spec_tests.cases.case import Dense, Matrix
from spec_tests.scripts.script import Batch, Call, Script


class Writer:
    """`load` makes an object; all other methods are called on one, and give the call's place."""

    def __init__(self, loss: Loss, extras: dict[str, Any] | None = None) -> None:
        self._loss = loss
        self._extras = extras or {}
        self._networks: list[Sequence[Dense]] = []
        self._batches: list[Batch] = []
        self._calls: list[Call] = []
        self._objects = 0

    def load(self, dense: Sequence[Dense]) -> int:
        """A fresh object; its number."""
        on = self._objects
        self._objects += 1
        self._call("load", on, network=_place(self._networks, dense))
        return on

    def ask(self, on: int, method: str, inputs: Matrix, targets: Matrix, **more: Any) -> int:
        """predict, gradients, loss_value, input_gradient, pullback, step or train_epoch."""
        return self._call(method, on, batch=_place(self._batches, Batch(inputs, targets)), **more)

    def parameters(self, on: int) -> int:
        return self._call("parameters", on)

    def change(self, on: int, of: int) -> int:
        return self._call("change", on, of=of)

    def show(self, on: int, of: int) -> int:
        return self._call("show", on, of=of)

    def optimize(self, on: int, dense: Sequence[Dense], **more: Any) -> int:
        return self._call("optimize", on, network=_place(self._networks, dense), **more)

    @property
    def length(self) -> int:
        """How many calls there are: the place of the next one."""
        return len(self._calls)

    def script(self, **extras: Any) -> Script:
        more = {**self._extras, **extras}
        return Script(self._loss, self._networks, self._batches, self._calls, more)

    def _call(self, method: str, on: int, **arguments: Any) -> int:
        self._calls.append(Call(method, on, arguments))
        return len(self._calls) - 1


def _place(known: list[Any], item: Any) -> int:
    """Where it is in the list, to which it is appended where it is not."""
    if item not in known:
        known.append(item)
    return known.index(item)
