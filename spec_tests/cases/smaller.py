"""Cases a little smaller or plainer than a given one: shrinking is a walk through these.

A case is data, so that one of a report can be shrunk as well as one that was just drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from refnn.losses import Loss
from spec_tests.cases.case import Case, Dense
from spec_tests.formulas.activation_functions import ACTIVATIONS
from spec_tests.formulas.loss_functions import function_of

Places = Sequence[int]
OF_OUTPUTS = {"output_gradient", "cotangent"}
PLAINNESS = tuple(ACTIVATIONS)
FAR = 1e6
"""A number as large as this, or NaN, is not made plainer: the case is about it."""


def smaller(case: Case) -> Iterator[Case]:
    """The largest cuts first: calls, rows, units, layers; then numbers."""
    yield from _fewer_calls(case)
    for kept in _parts(len(case.inputs), case.least.rows):
        yield _with_rows(case, kept)
    for i, width in enumerate(case.widths):
        for kept in _parts(width, _least_width(case, i)):
            yield _with_units(case, i, kept)
    yield from _fewer_layers(case)
    yield from _plainer(case)


def size(case: Case) -> tuple[int, int, int]:
    """By which the plainest of several is chosen: layers, then activations, then numbers."""
    activations = sum(map(PLAINNESS.index, case.activations))
    return len(case.dense), activations, case.work + len(case.inputs) * sum(case.widths)


def _parts(length: int, least: int) -> Iterator[Places]:
    """As few as may be, one half or the other, all but one."""
    everything = range(length)
    if length <= least:
        return
    tried: list[Places] = [everything[:least]] if least else []
    half = max(least, length // 2)
    tried += [everything[:half], everything[-half:]]
    tried += [[k for k in everything if k != left_out] for left_out in everything]
    yield from (kept for n, kept in enumerate(tried) if kept not in tried[:n])


def _least_width(case: Case, i: int) -> int:
    if i == 0:
        return case.least.inputs
    return case.least.units if i < len(case.dense) else case.least.outputs


def _fewer_calls(case: Case) -> Iterator[Case]:
    """Of a sequence of calls, and of the steps of an optimizer; without pulling back."""
    if "output_gradient" in case.extras:
        others = {k: v for k, v in case.extras.items() if k != "output_gradient"}
        yield replace(case, extras=others)
    for name in ("calls", "gradients"):
        if name in case.extras:
            for kept in _parts(len(case.extras[name]), 1):
                yield _with_extra(case, name, [case.extras[name][k] for k in kept])


def _with_rows(case: Case, kept: Places) -> Case:
    found = case.with_rows([case.inputs[b] for b in kept], [case.targets[b] for b in kept])
    for name in {*OF_OUTPUTS, "direction"} & set(case.extras):
        found = _with_extra(found, name, [case.extras[name][b] for b in kept])
    return found


def _with_units(case: Case, i: int, kept: Places) -> Case:
    """Of the inputs (i = 0) or of the units of layer i, which are the inputs of the next one."""
    dense, extras = list(case.dense), dict(case.extras)
    if i:
        weights, bias, name = dense[i - 1]
        dense[i - 1] = Dense(_chosen(weights, kept), bias and _chosen(bias, kept), name)
    if i < len(dense):
        dense[i] = dense[i]._replace(weights=_columns(dense[i].weights, kept))
    found = replace(case, dense=dense)
    if i == 0:
        found = replace(found, inputs=_columns(case.inputs, kept))
        if "direction" in extras:
            extras["direction"] = _columns(extras["direction"], kept)
    if i == len(case.dense):
        found = replace(found, targets=_targets(case, kept))
        for name in OF_OUTPUTS & set(extras):
            extras[name] = _columns(extras[name], kept)
    if "gradients" in extras:
        extras["gradients"] = [_slopes(step, i, kept) for step in extras["gradients"]]
    return replace(found, extras=extras)


def _slopes(step: list[Any], i: int, kept: Places) -> list[Any]:
    """The gradients of one step, shaped as the parameters are."""
    pairs = [list(pair) for pair in step]
    if i:
        weights, bias = pairs[i - 1]
        pairs[i - 1] = [_chosen(weights, kept), bias and _chosen(bias, kept)]
    if i < len(pairs):
        pairs[i][0] = _columns(pairs[i][0], kept)
    return pairs


def _targets(case: Case, kept: Places) -> list[list[float]]:
    """Where a row is a distribution, the first class has the share of those that are left out."""
    found = _columns(case.targets, kept)
    if function_of(case.loss).targets == "distributions":
        for row, whole in zip(found, case.targets, strict=True):
            row[0] += sum(whole) - sum(row)
    return found


def _fewer_layers(case: Case) -> Iterator[Case]:
    """Without a hidden layer that is as wide as what it is fed with."""
    if len(case.dense) <= case.least.layers or "gradients" in case.extras:
        return
    for i in range(len(case.dense) - 1):
        if case.widths[i] == case.widths[i + 1]:
            yield replace(case, dense=[*case.dense[:i], *case.dense[i + 1 :]])


def _plainer(case: Case) -> Iterator[Case]:
    """One number at a time."""
    for b, row in enumerate(case.targets):
        for changed in _plainer_targets(case.loss, row):
            yield replace(case, targets=_put(case.targets, b, changed))
    for b, row in enumerate(case.inputs):
        for changed in _plainer_rows(row, biases=False):
            yield replace(case, inputs=_put(case.inputs, b, changed))
    for i, (weights, bias, name) in enumerate(case.dense):
        for j, row in enumerate(weights):
            for changed in _plainer_rows(row, biases=False):
                layer = Dense(_put(weights, j, changed), bias, name)
                yield replace(case, dense=_put(case.dense, i, layer))
        for changed in _plainer_rows(bias or [], biases=True):
            yield replace(case, dense=_put(case.dense, i, Dense(weights, changed, name)))


def _plainer_targets(loss: Loss, row: list[float]) -> Iterator[list[float]]:
    """Probabilities become 0 or 1, and distributions one class."""
    kind = function_of(loss).targets
    if kind == "distributions":
        largest = row.index(max(row))
        plain = [float(k == largest) for k in range(len(row))]
    elif kind == "shares":
        plain = [float(round(t)) for t in row]
    else:
        yield from _plainer_rows(row, biases=True)
        return
    if plain != row:
        yield plain


def _plainer_rows(row: list[float], biases: bool) -> Iterator[list[float]]:
    """Biases and targets are plainest at 0, other numbers at 1: 0 hides what it multiplies."""
    for k, number in enumerate(row):
        if number == 0 or (abs(number) == 1 and not biases) or not abs(number) < FAR:
            continue
        sign = 1.0 if number > 0 else -1.0
        plain = [0.0] if biases else [sign]
        plain += [float(round(number)), float(round(2 * number)) / 2]
        for other in plain:
            if other != number and (biases or other != 0):
                yield _put(row, k, other)


def _with_extra(case: Case, name: str, value: Any) -> Case:
    return replace(case, extras={**case.extras, name: value})


def _chosen(items: Sequence[Any], kept: Places) -> list[Any]:
    return [items[k] for k in kept]


def _columns(rows: Sequence[Sequence[float]], kept: Places) -> list[list[float]]:
    return [_chosen(row, kept) for row in rows]


def _put(items: Sequence[Any], k: int, item: Any) -> list[Any]:
    return [*items[:k], item, *items[k + 1 :]]
