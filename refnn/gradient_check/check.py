"""gradcheck: are the gradients of a model the derivatives of its loss?

Expected values come from the forward pass alone. Where the model runs on fractions, they are exact
and so is the comparison. Otherwise it is run on decimals of 60 digits, or on floats where a layer
of one's own can do nothing else; then central differences decide, by how their error falls. Where
such a layer stands between a parameter and a kink, the subdifferential is not known, and the
parameter is listed as not judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial
from typing import Generic, NamedTuple

from refnn.backpropagation import trace
from refnn.batch import Rows, ShapeError, check_same_shape, number_type
from refnn.gradient_check.differences import compare, has_kink, largest_step
from refnn.gradient_check.forward import ForwardDerivative
from refnn.gradient_check.report import GradcheckReport, Mismatch
from refnn.gradient_check.subdifferential import Interval
from refnn.layer import Layer, M
from refnn.model import Model
from refnn.scalar import N, is_finite

DIGITS = 60


def gradcheck(model: Model[N], x: Rows[N], t: Rows[N]) -> GradcheckReport:
    """Check the gradient of every parameter of `model` at the batch (x, t).

    The report is true if nothing is wrong, and says what is when printed; `mismatches`, `kinks` and
    `unjudged` are its lists.

    The cost is some forward passes for each parameter, so take a small batch. The dx of a layer is
    judged by the parameters below it. A layer of one's own should compute in the type it is given.
    Wrong shapes, mixed number types and NaN in the data are refused as in training, and so is a
    loss that is not finite (ValueError).
    """
    model.check(x, t, finite=True)
    loss = model.evaluate(x, t)
    if not is_finite(loss):
        raise ValueError(f"the loss is {loss}, should be a finite number")
    if not all(is_finite(place.g) for place in _places(model, x, t)):
        return _check_by_differences(model, x, t)
    with localcontext() as context:
        context.prec = max(context.prec, DIGITS)
        try:
            return _check_exactly(model.cast(Fraction), _cast(x, Fraction), _cast(t, Fraction))
        except (TypeError, AttributeError, ValueError):
            pass
        try:
            return _check_by_differences(model.cast(Decimal), _cast(x, Decimal), _cast(t, Decimal))
        except (TypeError, AttributeError, ValueError, ArithmeticError):
            return _check_by_differences(model, x, t)


class _Place(NamedTuple, Generic[N]):
    """One parameter p with its gradient g; layer_of(q) is its layer with q in the place of p."""

    layer: int
    name: str
    p: N
    g: N
    layer_of: Callable[[N], Layer[N]]


def _check_exactly(model: Model[Fraction], x: Rows[Fraction], t: Rows[Fraction]) -> GradcheckReport:
    """Raises TypeError where something on the way is not a fraction."""
    passed = trace(model.layers, x)
    forward = ForwardDerivative(model.layers, model.loss, passed, t, Fraction(0))
    places = list(_places(model, x, t))
    mismatches = []
    for place in places:
        if number_type(place.g, place.name) not in (Fraction, int):
            raise TypeError(f"the gradient of {place.name} is {place.g!r}, not a fraction")
        expected = Interval.around(forward.of(place.layer, place.layer_of, place.p))
        if place.g not in expected:
            mismatches.append(Mismatch(place.name, place.g, expected.low, expected.high))
    return GradcheckReport("exact", len(places), mismatches, sorted(forward.kinks), [])


def _check_by_differences(model: Model[N], x: Rows[N], t: Rows[N]) -> GradcheckReport:
    passed = trace(model.layers, x)
    places = list(_places(model, x, t))
    mismatches, kinks, unjudged = [], set(), []
    for place in places:

        def loss_at(q: N, place: _Place[N] = place) -> N:
            layers = [place.layer_of(q), *model.layers[place.layer + 1 :]]
            return model.loss.value(trace(layers, passed[place.layer])[-1], t)

        difference = compare(loss_at, place.p, place.g)
        if difference.agrees:
            continue
        expected = Interval.around(difference.value)
        try:
            reach = 2 * largest_step(place.p)
            forward = ForwardDerivative(model.layers, model.loss, passed, t, reach)
            slope = forward.of(place.layer, place.layer_of, place.p)
        except (TypeError, ArithmeticError):
            if is_finite(place.g) and has_kink(loss_at, place.p, place.g):
                unjudged.append(place.name)
                continue
        else:
            if isinstance(slope, Interval):
                expected = slope + Interval(-difference.noise, difference.noise)
                kinks |= forward.kinks
        if place.g not in expected:
            mismatches.append(Mismatch(place.name, place.g, expected.low, expected.high))
    return GradcheckReport("central differences", len(places), mismatches, sorted(kinks), unjudged)


def _places(model: Model[N], x: Rows[N], t: Rows[N]) -> Iterator[_Place[N]]:
    _, gradients = model.gradients(x, t)
    for i, (layer, gradient) in enumerate(zip(model.layers, gradients, strict=True)):
        parameters = layer.parameters
        if parameters is None:
            continue
        if gradient is None:
            raise ShapeError(f"layers[{i}] has parameters, but gave no gradient")
        check_same_shape(f"layers[{i}]", parameters.rows, "its gradient", gradient.rows)
        rows = zip(parameters.names(), parameters.rows, gradient.rows, strict=True)
        for j, (name, row, slopes) in enumerate(rows):
            for k, (p, g) in enumerate(zip(row, slopes, strict=True)):
                yield _Place(i, f"layers[{i}].{name}[{k}]", p, g, partial(_with, layer, j, k))


def _with(layer: Layer[N], row: int, column: int, p: N) -> Layer[N]:
    assert layer.parameters is not None
    rows = [list(numbers) for numbers in layer.parameters.rows]
    rows[row][column] = p
    return layer.with_parameters(layer.parameters.with_rows(rows))


def _cast(rows: Rows[N], number: Callable[..., M]) -> list[list[M]]:
    return [[number(value) for value in row] for row in rows]
