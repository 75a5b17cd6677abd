"""Networks and data as JSON files that give back the same numbers, to the bit.

    {"format": "refnn-network/1",
     "layers": [{"type": "FCLayer", "weights": [[0.5, -1.0]], "bias": [0.25]}, {"type": "ReLU"}],
     "loss": {"type": "SquaredError", "factor": 1, "batch": "mean", "outputs": "mean"}}

    {"x": [[1.0, 2.0]], "t": [[0.0]]}

Floats and ints are JSON numbers. A fraction is the string "1/3", a decimal the string "0.10". What
does not fit this is refused with the file's name and the place in it.
"""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from refnn import activations, losses
from refnn.batch import check_numbers, named_rows
from refnn.fc_layer import FCLayer
from refnn.files import write_whole
from refnn.interchange.json_file import (
    FilePath,
    FormatError,
    Reader,
    as_list,
    as_number,
    as_rows,
    check_keys,
    read_json,
)
from refnn.model import Model

FORMAT = "refnn-network/1"
Batch: TypeAlias = list[list[Any]]
LAYERS: dict[str, Any] = {"FCLayer": FCLayer} | {
    name: getattr(activations, name) for name in activations.__all__ if name != "Activation"
}
LOSSES: dict[str, Any] = {
    name: getattr(losses, name) for name in losses.__all__ if name not in ("Loss", "MSE")
}


def save(model: Model[Any], path: FilePath) -> None:
    """Write `model` to `path`. ValueError for a layer or loss of one's own, and for NaN."""
    check_numbers(model.parameter_rows(), finite=True)
    layers = [_entry(f"layers[{i}]", layer, LAYERS) for i, layer in enumerate(model.layers)]
    lines = ",\n  ".join(json.dumps(layer, allow_nan=False) for layer in layers)
    loss = json.dumps(_entry("loss", model.loss, LOSSES), allow_nan=False)
    text = f'{{"format": "{FORMAT}",\n "layers": [\n  {lines}],\n "loss": {loss}}}\n'
    write_whole(path, text.encode())


def load(path: FilePath, number: Reader | None = None) -> Model[Any]:
    """The model in `path`; `number` reads its numbers, as Fraction does: "0.1" is then 1/10."""
    document = read_json(path, number)
    try:
        check_keys("the file", document, ("format", "layers", "loss"))
        if document["format"] != FORMAT:
            raise ValueError(f"format is {document['format']!r}, should be {FORMAT!r}")
        entries = as_list("layers", document["layers"])
        layers = [_build(f"layers[{i}]", v, LAYERS, number) for i, v in enumerate(entries)]
        model = Model(layers, _build("loss", document["loss"], LOSSES, number))
        check_numbers(model.parameter_rows(), finite=True)
    except (ValueError, TypeError) as error:
        raise FormatError(f"{path}: {error}") from None
    return model


def load_data(
    path: FilePath, number: Reader | None = None
) -> tuple[list[list[Any]], list[list[Any]]]:
    """(x, t) from the file `path`."""
    document = read_json(path, number)
    try:
        check_keys("the file", document, ("x", "t"))
        x, t = (as_rows(name, document[name], number) for name in ("x", "t"))
        check_numbers([*named_rows("x", x), *named_rows("t", t)], finite=True)
    except (ValueError, TypeError) as error:
        raise FormatError(f"{path}: {error}") from None
    return x, t


def _entry(place: str, thing: Any, known: dict[str, Any]) -> dict[str, Any]:
    name = type(thing).__name__
    if known.get(name) is not type(thing):
        raise ValueError(f"{place} is a {name}, a file holds only {', '.join(known)}")
    return {"type": name} | {f.name: _encode(getattr(thing, f.name)) for f in fields(thing)}


def _encode(value: Any) -> Any:
    if isinstance(value, list):
        return [_encode(item) for item in value]
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return str(value) if isinstance(value, Decimal) else value


def _build(place: str, entry: Any, known: dict[str, Any], number: Reader | None) -> Any:
    named = entry.get("type") if isinstance(entry, dict) else entry
    if not isinstance(entry, dict) or named not in [*known]:
        raise ValueError(
            f"{place} is {named!r}, should be an object whose type is one of {', '.join(known)}"
        )
    kind = known[entry["type"]]
    check_keys(place, entry, ("type", *(f.name for f in fields(kind))))
    arguments = {
        f.name: _field(f"{place}.{f.name}", f.name, entry[f.name], number) for f in fields(kind)
    }
    try:
        return kind(**arguments)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


def _field(place: str, name: str, value: Any, number: Reader | None) -> Any:
    if name == "weights":
        return as_rows(place, value, number)
    if name == "bias":
        return None if value is None else as_rows(place, [value], number)[0]
    if name in ("batch", "outputs"):
        return value
    return as_number(place, value, number)
