"""What an adapter declares, as JSON for the wire: its attributes, by their names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refnn.losses import Loss
from spec_tests.adapter import METHODS, Adapter
from spec_tests.declaration import Declaration, DeclarationError, declare
from spec_tests.scripts.script import loss_as_json, loss_from_json
from spec_tests.scripts.wire import VERSION

ATTRIBUTES = (
    "activations",
    "output_activations",
    "uniform_activation",
    "leaky_relu_alpha",
    "loss",
    "losses",
    "reported_loss",
    "weights",
    "bias",
    "dtype",
    "ulps",
    "batch",
    "last_batch",
    "targets",
    "inputs",
    "hidden_layers",
    "hidden_width",
    "outputs",
    "relu_derivative_at_zero",
    "optimizers",
)
NEARLY = "nearly"


def as_json(adapter: type[Adapter]) -> dict[str, Any]:
    """DeclarationError where the adapter declares what there is not."""
    declaration = declare(adapter)
    entry: dict[str, Any] = {"wire": VERSION, "name": declaration.name}
    for name in ATTRIBUTES:
        value = getattr(adapter, name)
        if value != getattr(Adapter, name, None):
            entry[name] = _plain(value)
    entry["methods"] = sorted(declaration.methods)
    if declaration.nearly:
        entry[NEARLY] = declaration.nearly
    return entry


def _plain(value: Any) -> Any:
    if isinstance(value, Loss):
        return loss_as_json(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def read(entry: Any) -> Declaration:
    """What a player has declared. DeclarationError, in one line, where that is nothing."""
    if not isinstance(entry, dict) or entry.get("wire") != VERSION:
        raise DeclarationError(f'the first answer is {entry!r}, should have "wire": {VERSION}')
    own = {name: value for name, value in entry.items() if name not in ("wire", "methods", NEARLY)}
    unknown = set(own) - {*ATTRIBUTES, "name"}
    if unknown:
        raise DeclarationError(f"the program declares {min(unknown)}, which is nothing")
    methods = entry.get("methods", ())
    for name in methods:
        if name not in METHODS:
            raise DeclarationError(f"the program has {name!r}, there are {' '.join(METHODS)}")
    attributes: dict[str, Any] = {name: _losses(name, value) for name, value in own.items()}
    attributes |= dict.fromkeys(methods, _in_the_program)
    attributes |= dict.fromkeys(entry.get(NEARLY, {}).values(), _in_the_program)
    return declare(type("the program", (Adapter,), attributes))


def _in_the_program(*arguments: Any) -> None:
    """A method that the player has, and this process has not."""


def _losses(name: str, value: Any) -> Any:
    try:
        if name in ("loss", "reported_loss") and isinstance(value, Mapping):
            return loss_from_json(value)
        if name == "losses" and isinstance(value, list):
            return [loss_from_json(item) for item in value]
    except (ValueError, TypeError, AttributeError) as error:
        raise DeclarationError(f"the program's {name}: {error}") from None
    return value
