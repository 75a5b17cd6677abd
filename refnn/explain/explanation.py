"""The worked example of any network: the passes of one sample, every number in its formula.

The formulas are not kept beside the code: the reference itself is run, layer by layer, on numbers
that write down how they were computed, so each line is what the code does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, NamedTuple

from refnn.batch import Rows
from refnn.explain.written import Written
from refnn.layer import Layer, Parameters
from refnn.model import Model
from refnn.scalar import N


class Line(NamedTuple, Generic[N]):
    """name = formula = value."""

    name: str
    formula: str
    value: N


class Section(NamedTuple, Generic[N]):
    """The lines of one layer, or of the loss, in one of the two passes; `rule` is its formula.

    The rules are in the docstrings: the first line is the forward formula, then the backward one.
    """

    title: str
    rule: str
    lines: list[Line[N]]


def explain(model: Model[N], x: Sequence[N], t: Sequence[N]) -> list[Section[N]]:
    """The sample x with the target t, then its forward pass, loss and backward pass."""
    model.check([x], [t], finite=True)
    layers: list[Layer[Any]] = list(model.cast(Written).layers)
    targets = _written(t)
    forward = [
        Section("sample", "x, and its target t", [*_row("x", _written(x)), *_row("t", targets)])
    ]
    trace = [[_written(x)]]
    for i, layer in enumerate(layers):
        y = layer.forward(trace[-1])
        name = "a" if layer.parameters is None else "z"
        forward.append(_section(_title(i, layer), layer, _row(name, y[0])))
        trace.append(_read_off(y))

    y = trace[-1]
    value = _row("L", [model.loss.value(y, [targets])], "")
    dy = model.loss.gradient(y, [targets])
    title = type(model.loss).__name__
    losses = [
        _section(f"loss {title}", model.loss, value),
        _section(f"loss {title}", model.loss, _row("dy", dy[0]), back=True),
    ]

    backward = []
    for i in range(len(layers) - 1, -1, -1):
        layer = layers[i]
        dx, gradient = layer.backward(trace[i], trace[i + 1], _read_off(dy))
        lines = [] if gradient is None else _parameter_lines(gradient)
        lines += _row("dx" if gradient or i == 0 else "dz", dx[0])
        backward.append(_section(_title(i, layer), layer, lines, back=True))
        dy = dx
    return [*forward, *losses, *backward]


def _parameter_lines(gradient: Parameters[Any]) -> list[Line[Any]]:
    lines = []
    for j, row in enumerate(gradient.weights):
        lines += _row(f"dW[{j}]", row)
    return lines + _row("db", gradient.bias or [])


def _title(i: int, layer: Layer[Any]) -> str:
    widths = "" if layer.inputs is None else f" {layer.inputs} -> {layer.outputs}"
    return f"layers[{i}] {type(layer).__name__}{widths}"


def _section(title: str, thing: object, lines: list[Line[N]], back: bool = False) -> Section[N]:
    forward, _, backward = (type(thing).__doc__ or "").partition("\n")[0].partition(". ")
    if back:
        return Section(f"{title}, backward", backward.removesuffix("."), lines)
    return Section(title, forward, lines)


def _row(name: str, row: Sequence[Written[N]], index: str = "[{}]") -> list[Line[N]]:
    return [Line(name + index.format(k), number.text, number.value) for k, number in enumerate(row)]


def _written(row: Sequence[N]) -> list[Written[N]]:
    return [Written(number) for number in row]


def _read_off(rows: Rows[Any]) -> list[list[Written[Any]]]:
    """The same numbers, with nothing to remember: the next layer starts from their values."""
    return [_written([number.value for number in row]) for row in rows]
