"""GRAD: the gradient is the derivative of the loss."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from spec_tests.cases.case import Case, Dense
from spec_tests.cases.extras import with_cotangent, with_place
from spec_tests.cases.networks import Unsupported, either, off_grid, on_grid
from spec_tests.clauses.observe import (
    compare_gradients,
    flat,
    oracle,
    refuse_dead,
    refuse_kinks,
)
from spec_tests.clauses.registry import check
from spec_tests.declaration import Declaration
from spec_tests.expect import Comparison, Violation
from spec_tests.oracle.ball import Vacuous
from spec_tests.oracle.oracle import Expected, Oracle
from spec_tests.subject import Subject

SEEN = "gradients|step"


@check("GRAD-EXACT", reads="gradient", needs=SEEN, cases=on_grid)
def gradient_is_exact(subject: Subject, case: Case) -> float:
    if not oracle(subject, case).exact:
        raise Vacuous
    return compare_gradients(subject, case)


@check("GRAD-BOUND", reads="gradient", needs=SEEN, cases=off_grid)
def gradient_is_within_the_ball(subject: Subject, case: Case) -> float:
    return compare_gradients(subject, case)


@check("GRAD-PULLBACK", reads="gradient", needs="pullback", cases=with_cotangent(either))
def any_output_gradient_is_pulled_back(subject: Subject, case: Case) -> float:
    expected = oracle(subject, case)
    refuse_kinks(expected)
    cotangent = case.extras["output_gradient"]
    pairs, inputs = expected.pullback(cotangent)
    refuse_dead(pairs)
    seen = Comparison()
    got_pairs, got_inputs = subject.load(case).pullback(cotangent)
    seen.pairs(got_pairs, pairs)
    seen.rows("dx", got_inputs, inputs)
    return seen.judge()


def few_digits(declaration: Declaration) -> st.SearchStrategy[Case]:
    """Cases on the grid that leave digits for a small difference: shallow ones for float32."""
    return on_grid(declaration, hidden=(0, 3 if declaration.dtype == "float64" else 1))


def small(subject: Subject) -> float:
    """The step of a difference: a power of two."""
    return 2.0**-6 if subject.declaration.dtype == "float64" else 2.0**-3


@check("GRAD-ADJOINT", reads="gradient", needs="pullback", cases=with_cotangent(few_digits))
def backward_is_the_adjoint_of_forward(subject: Subject, case: Case) -> None:
    """⟨J u, v⟩ = ⟨u, Jᵀ v⟩, with J u from the implementation's own forward pass at x ± h u."""
    expected = oracle(subject, case)
    refuse_kinks(expected)
    if not expected.exact:
        raise Vacuous
    h, direction, v = small(subject), case.extras["direction"], case.extras["output_gradient"]
    above = [_moved(x, u, h) for x, u in zip(case.inputs, direction, strict=True)]
    below = [_moved(x, u, -h) for x, u in zip(case.inputs, direction, strict=True)]
    for moved in (above, below):
        _refuse_crossing(subject, case, case.with_rows(moved, case.targets))
    network = subject.load(case)
    rise = zip(flat(network.predict(above)), flat(network.predict(below)), flat(v), strict=True)
    left = sum((a - b) / (2 * h) * w for a, b, w in rise)
    _, pulled = network.pullback(v)
    right = sum(u * d for u, d in zip(flat(direction), flat(pulled), strict=True))
    if left == right == 0:
        raise Vacuous
    seen = Comparison()
    seen.number("⟨u, Jᵀ v⟩", right, Expected(left, 0.0))
    seen.judge()


def _moved(row: list[float], direction: list[float], h: float) -> list[float]:
    return [x + h * u for x, u in zip(row, direction, strict=True)]


def _refuse_crossing(subject: Subject, case: Case, moved: Case) -> Oracle:
    """Both ends must be exact and on the same side of every kink as the case itself."""
    here, there = oracle(subject, case), oracle(subject, moved)
    if not there.exact or there.sides() != here.sides():
        raise Vacuous
    return there


@check(
    "GRAD-DIFFERENCE",
    reads="gradient loss",
    needs="loss_value gradients",
    cases=with_place(few_digits),
)
def gradient_is_the_central_difference_of_its_own_loss(subject: Subject, case: Case) -> None:
    """In one parameter the loss is a parabola between kinks: only the loss itself may round."""
    if subject.declaration.reported_loss:
        raise Unsupported("the loss that is reported is not the one that is descended")
    refuse_kinks(oracle(subject, case))
    layer, row, column = _place(case)
    step = small(subject)
    moved = [_with_parameter(case, layer, row, column, h) for h in (step, -step)]
    if not oracle(subject, case).exact:
        raise Vacuous
    losses = [_refuse_crossing(subject, case, other).loss() for other in moved]
    above, below = (subject.load(other).loss_value() for other in moved)
    weights, bias = subject.load(case).gradients()[layer]
    got = weights[row][column] if row < len(weights) else (bias or [])[column]
    difference = (above - below) / (2 * step)
    if got == difference == 0:
        raise Vacuous
    seen = Comparison()
    name = f"dW[{row}][{column}]" if row < len(weights) else f"db[{column}]"
    bound = sum(loss.bound for loss in losses) / (2 * step)
    seen.number(f"layer {layer} {name}", got, Expected(difference, bound))
    seen.judge()


def _place(case: Case) -> tuple[int, int, int]:
    """The parameter that the case's "place" points at; a row past the weights is the bias."""
    place: int = case.extras["place"]
    places = [
        (i, j, k)
        for i, layer in enumerate(case.dense)
        for j, row in enumerate([*layer.weights, layer.bias or []])
        for k in range(len(row))
    ]
    return places[place % len(places)]


def _with_parameter(case: Case, i: int, row: int, column: int, change: float) -> Case:
    layer = case.dense[i]
    rows = [list(numbers) for numbers in [*layer.weights, layer.bias or []]]
    rows[row][column] += change
    bias = rows[-1] if layer.bias is not None else None
    dense = list(case.dense)
    dense[i] = Dense(rows[:-1], bias, layer.activation)
    return replace(case, dense=dense)


def at_kinks(declaration: Declaration) -> st.SearchStrategy[Case]:
    """Cases of one row with the first unit of the first layer on its kink, the others past it."""
    names = ("relu", "leaky_relu")
    if not declaration.bias:
        raise Unsupported("without biases no unit can be put on its kink")
    if not {*names} & {*declaration.activations, *declaration.output_activations}:
        raise Unsupported("no activation with a kink is declared")

    def bent(case: Case) -> Case:
        weights, bias, name = case.dense[0]
        assert bias is not None
        sums = [sum(w * x for w, x in zip(row, case.inputs[0], strict=True)) for row in weights]
        moved = [float(j > 0) - z for j, z in enumerate(sums)]
        return replace(case, dense=[Dense(weights, moved, name), *case.dense[1:]])

    least = 0 if {*names} & {*declaration.output_activations} else 1
    return on_grid(declaration, first=names, hidden=(least, 2), rows=(1, 1)).map(bent)


@check("GRAD-KINK", reads="gradient", needs="gradients", cases=at_kinks)
def gradient_at_a_kink_lies_in_the_subdifferential(subject: Subject, case: Case) -> None:
    expected = oracle(subject, case)
    if not expected.exact or expected.kinks != 1:
        raise Vacuous
    left, right = (expected.with_slope(slope).gradients() for slope in _slopes(subject, case))
    if _values(left) == _values(right):
        raise Vacuous("the kink does not matter")
    got = subject.load(case).gradients()
    for i, (pair, a, b) in enumerate(zip(got, left, right, strict=True)):
        for name, numbers, lows, highs in zip(("dW", "db"), pair, a, b, strict=True):
            for g, p, q in zip(flat(numbers), _values(lows), _values(highs), strict=True):
                if not min(p, q) <= g <= max(p, q):
                    raise Violation(
                        f"layer {i} {name} has {g}, should be from {min(p, q)} to {max(p, q)}",
                        [(f"layer {i} {name}", g, p, 0.0)],
                    )


def _slopes(subject: Subject, case: Case) -> tuple[float, float]:
    name = case.dense[0].activation
    return (subject.declaration.leaky_relu_alpha if name == "leaky_relu" else 0.0), 1.0


def _values(nested: Any) -> list[float]:
    if isinstance(nested, Expected):
        return [nested.value]
    return [value for item in nested or [] for value in _values(item)]
