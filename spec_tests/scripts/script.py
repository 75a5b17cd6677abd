"""A script: calls on objects of an implementation, with all their numbers. It is data.

    {"loss": {"type": "SquaredError", "factor": 1, "batch": "mean", "outputs": "mean"},
     "networks": [[[[[1.0, 0.5]], [0.0], "relu"]]],
     "batches": [{"inputs": [[1.0, -1.0]], "targets": [[0.0]]}],
     "calls": [{"call": "load", "on": 0, "network": 0},
               {"call": "predict", "on": 0, "batch": 0}]}

Networks and batches stand there once, and calls point at them by number. `on` is the number of the
object that is called: `load` makes it anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from refnn.losses import Loss
from spec_tests.cases.case import Dense, Matrix
from spec_tests.formulas import loss_functions

Network = Sequence[Dense]


class Batch(NamedTuple):
    """Rows of inputs, and of as many targets."""

    inputs: Matrix
    targets: Matrix


@dataclass(frozen=True)
class Call:
    """One call of `method` on the object number `on`.

    arguments, by name:
      load             network
      predict          batch; row, where only that row is asked for
      gradients, loss_value, input_gradient
                       batch; row
      pullback         batch, output_gradient; row
      step             batch, learning_rate; row
      parameters
      train_epoch      batch, learning_rate, batch_size
      optimize         network, name, options, gradients
      change           of: adds 1 to every number that was handed over in that call
      show             of: answers what was handed over in that call, as it is now

    `network`, `batch`, `row` and `of`, which is a call, are numbers, counted from 0.
    """

    method: str
    on: int = 0
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Script:
    """The calls are played in their order; each has one answer, or an error."""

    loss: Loss
    networks: Sequence[Network]
    batches: Sequence[Batch]
    calls: Sequence[Call]
    extras: Mapping[str, Any] = field(default_factory=dict)
    """What a judge knows beside the calls; it is not played."""

    def as_json(self) -> dict[str, Any]:
        """Nested lists, numbers and texts. NaN and infinities are still floats."""
        return {
            "loss": loss_as_json(self.loss),
            "networks": [[list(layer) for layer in network] for network in self.networks],
            "batches": [batch._asdict() for batch in self.batches],
            "calls": [
                {"call": call.method, "on": call.on, **call.arguments} for call in self.calls
            ],
        }

    @staticmethod
    def from_json(entry: Mapping[str, Any]) -> Script:
        """KeyError, TypeError or ValueError where `entry` is no script."""
        return Script(
            loss_from_json(entry["loss"]),
            [[Dense(*layer) for layer in network] for network in entry["networks"]],
            [Batch(**batch) for batch in entry["batches"]],
            [_call(call) for call in entry["calls"]],
        )


def _call(entry: Mapping[str, Any]) -> Call:
    arguments = {name: value for name, value in entry.items() if name not in ("call", "on")}
    return Call(entry["call"], entry["on"], arguments)


LOSSES: dict[str, type[Loss]] = {kind.__name__: kind for kind in loss_functions.LOSSES}


def loss_as_json(loss: Loss) -> dict[str, Any]:
    """The name of the loss and what it takes."""
    [name] = [name for name, kind in LOSSES.items() if isinstance(loss, kind)]
    numbers = {k: float(v) if isinstance(v, Fraction) else v for k, v in vars(loss).items()}
    return {"type": name, **numbers}


def loss_from_json(entry: Mapping[str, Any]) -> Loss:
    """ValueError, in one line, where there is no such loss."""
    arguments = dict(entry)
    name = arguments.pop("type", None)
    if name not in LOSSES:
        raise ValueError(f"loss type is {name!r}, should be one of {', '.join(LOSSES)}")
    try:
        return LOSSES[name](**arguments)
    except TypeError as error:
        raise ValueError(f"loss {name}: {error}") from None
