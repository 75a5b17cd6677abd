"""GRAD: the gradient is the derivative of the loss."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from spec_tests.cases.case import Case, Dense
from spec_tests.cases.extras import with_cotangent, with_place
from spec_tests.cases.networks import either, on_grid
from spec_tests.clauses.observe import (
    answer,
    bounds,
    compare_gradients,
    exact_sum,
    flat,
    oracle,
    refuse_dead,
    values,
)
from spec_tests.clauses.registry import check
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported, Vacuous, Violation
from spec_tests.expect import GRADIENT, Comparison
from spec_tests.oracle.oracle import Expected, Oracle, without_bounds
from spec_tests.subject import Subject

SEEN = "gradients|step"


@check("GRAD-EXACT", reads="gradient", needs=SEEN, cases=on_grid)
def gradient_is_exact(subject: Subject, case: Case) -> float:
    expected = oracle(subject, case)
    if not expected.exact:
        raise Vacuous("something may round")
    return compare_gradients(subject, expected, bounded=without_bounds)


@check("GRAD-BOUND", reads="gradient", needs=SEEN, cases=either)
def gradient_is_within_the_ball(subject: Subject, case: Case) -> float:
    return compare_gradients(subject, oracle(subject, case))


@check("GRAD-PULLBACK", reads="gradient", needs="pullback", cases=with_cotangent(either))
def any_output_gradient_is_pulled_back(subject: Subject, case: Case) -> float:
    expected, seen = oracle(subject, case), Comparison()
    expected.refuse_kinks()
    cotangent, network = case.extras["output_gradient"], subject.load(case)
    pairs, inputs = expected.pullback(cotangent)
    got_pairs, got_inputs = answer(lambda: network.pullback(cotangent), [pairs, inputs])
    seen.pairs(got_pairs, pairs)
    seen.rows("dx", got_inputs, inputs)
    margin = seen.judge()
    refuse_dead(pairs)
    return margin


def few_digits(declaration: Declaration) -> st.SearchStrategy[Case]:
    """Cases on the grid that leave digits for a small difference: shallow ones for float32."""
    return on_grid(declaration, hidden=(0, 3 if declaration.dtype == "float64" else 1))


def small(subject: Subject) -> float:
    """The step of a difference: a power of two."""
    return 2.0**-6 if subject.declaration.dtype == "float64" else 2.0**-3


@check("GRAD-ADJOINT", reads="gradient", needs="pullback", cases=with_cotangent(few_digits))
def backward_is_the_adjoint_of_forward(subject: Subject, case: Case) -> float:
    """⟨J u, v⟩ = ⟨u, Jᵀ v⟩, with J u from the implementation's own forward pass at x ± h u."""
    expected = oracle(subject, case)
    expected.refuse_kinks()
    if not expected.exact:
        raise Vacuous("something may round")
    h, direction, v = small(subject), case.extras["direction"], case.extras["output_gradient"]
    ends = []
    for step in (h, -h):
        moved = [_moved(x, u, step) for x, u in zip(case.inputs, direction, strict=True)]
        ends.append(_refuse_crossing(subject, expected, case.with_rows(moved, case.targets)))
    _, dx = expected.pullback(v)
    network = subject.load(case)
    above, below = (flat(network.predict(end.case.inputs)) for end in ends)
    _, pulled = network.pullback(v)
    left, u = flat(v), flat(direction)
    rise = [(w / (2 * h), a) for w, a in zip(left, above, strict=True)]
    rise += [(-w / (2 * h), b) for w, b in zip(left, below, strict=True)]
    slack = [
        abs(w) * sum(pair) / (2 * h)
        for w, *pair in zip(left, *(bounds(end.outputs()) for end in ends), strict=True)
    ]
    slack += [abs(a) * bound for a, bound in zip(u, bounds(dx), strict=True)]
    right = exact_sum(zip(u, flat(pulled), strict=True))
    seen = Comparison()
    seen.number("⟨u, Jᵀ v⟩", right, Expected(exact_sum(rise), sum(slack)))
    margin = seen.judge()
    if right == 0:
        raise Vacuous("nothing is moved")
    return margin


def _moved(row: list[float], direction: list[float], h: float) -> list[float]:
    return [x + h * u for x, u in zip(row, direction, strict=True)]


def _refuse_crossing(subject: Subject, here: Oracle, moved: Case) -> Oracle:
    """Both ends must be exact and on the same side of every kink as the case itself."""
    there = oracle(subject, moved)
    if not there.exact or there.sides() != here.sides():
        raise Vacuous("a kink is crossed")
    return there


@check(
    "GRAD-DIFFERENCE",
    reads="gradient loss",
    needs="loss_value gradients",
    cases=with_place(few_digits),
)
def gradient_is_the_central_difference_of_its_own_loss(subject: Subject, case: Case) -> None:
    """In one parameter the loss is a parabola between kinks: what differs is rounding."""
    if subject.declaration.reported_loss:
        raise Unsupported("the loss that is reported is not the one that is descended")
    here = oracle(subject, case)
    here.refuse_kinks()
    if not here.exact:
        raise Vacuous("something may round")
    layer, row, column = _place(case)
    step = small(subject)
    moved = [_with_parameter(case, layer, row, column, h) for h in (step, -step)]
    losses = [_refuse_crossing(subject, here, other).loss() for other in moved]
    above, below = (subject.load(other).loss_value() for other in moved)
    weights, bias = subject.load(case).gradients()[layer]
    right, right_bias = here.gradients()[layer]
    is_weight = row < len(weights)
    got = weights[row][column] if is_weight else (bias or [])[column]
    bound = (right[row] if is_weight else right_bias or [])[column].bound
    bound += sum(loss.bound for loss in losses) / (2 * step)
    difference, seen = (above - below) / (2 * step), Comparison()
    name = f"dW[{row}][{column}]" if is_weight else f"db[{column}]"
    seen.number(f"layer {layer} {name}", got, Expected(difference, bound))
    seen.judge()
    if abs(got) <= bound:
        raise Vacuous("the parameter moves nothing")


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
        raise Vacuous("not one unit is on its kink")
    left, right = (expected.with_slope(slope).gradients() for slope in _slopes(subject, case))
    if values(left) == values(right):
        raise Vacuous("the kink does not matter")
    got = subject.load(case).gradients()
    for i, (pair, a, b) in enumerate(zip(got, left, right, strict=True)):
        for name, numbers, lows, highs in zip(GRADIENT, pair, a, b, strict=True):
            ends = zip(values(lows), bounds(lows), values(highs), bounds(highs), strict=True)
            for g, (p, r, q, s) in zip(flat(numbers), ends, strict=True):
                if not min(p - r, q - s) <= g <= max(p + r, q + s):
                    raise Violation(
                        f"layer {i} {name} has {g}, should be from {min(p, q)} to {max(p, q)}",
                        [(f"layer {i} {name}", g, p, max(r, s))],
                    )


def _slopes(subject: Subject, case: Case) -> tuple[float, float]:
    name = case.dense[0].activation
    return (subject.declaration.leaky_relu_alpha if name == "leaky_relu" else 0.0), 1.0
