"""GRAD: the gradient is the derivative of the loss."""

from __future__ import annotations

from dataclasses import replace

from spec_tests.cases.case import Case, Dense
from spec_tests.cases.drawing import Drawing, mapped
from spec_tests.cases.extras import usual, with_place, with_vectors
from spec_tests.cases.networks import on_grid
from spec_tests.clauses.registry import clause
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported, Vacuous, Violation
from spec_tests.expect import GRADIENT, Comparison
from spec_tests.judge import views
from spec_tests.judge.certainty import bounds, exact_sum, flat, values
from spec_tests.judge.played import Played
from spec_tests.oracle.expected import Expected, without_bounds
from spec_tests.oracle.oracle import Oracle
from spec_tests.scripts import asks
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer

SEEN = "gradients|step"


def gradients_that_are_exact(played: Played) -> float:
    if not all(played.oracle(k).exact for k in views.learning(played)):
        raise Vacuous("something may round")
    return views.gradients(played, bounded=without_bounds)


clause("GRAD-EXACT", "gradient", SEEN, on_grid, asks.learn, gradients_that_are_exact)
clause("GRAD-BOUND", "gradient", SEEN, usual, asks.questions, views.gradients)
clause("GRAD-PULLBACK", "gradient", "pullback", usual, asks.questions, views.pullback)


def few_digits(declaration: Declaration) -> Drawing[Case]:
    """Cases on the grid that leave digits for a small difference: shallow ones for float32."""
    return on_grid(declaration, hidden=(0, 3 if declaration.dtype == "float64" else 1))


def small(declaration: Declaration) -> float:
    """The step of a difference: a power of two."""
    return 2.0**-6 if declaration.dtype == "float64" else 2.0**-3


def forwards_and_back(case: Case, declaration: Declaration) -> Script:
    """predict at x + h u and at x - h u, then the pullback of v at x."""
    writer, h, u = Writer(case.loss, case.extras), small(declaration), case.extras["direction"]
    on = writer.load(case.dense)
    for step in (h, -h):
        moved = [_moved(*pair, step) for pair in zip(case.inputs, u, strict=True)]
        writer.ask(on, "predict", moved, case.targets)
    v = case.extras["cotangent"]
    writer.ask(on, "pullback", case.inputs, case.targets, output_gradient=v)
    return writer.script()


def _moved(row: list[float], direction: list[float], h: float) -> list[float]:
    return [x + h * u for x, u in zip(row, direction, strict=True)]


def backward_is_the_adjoint_of_forward(played: Played) -> float:
    """⟨J u, v⟩ = ⟨u, Jᵀ v⟩, with J u from the implementation's own forward pass at x ± h u."""
    [k], ends = played.calls("pullback"), played.calls("predict")
    expected = played.oracle(k)
    _refuse_crossing(expected, [played.oracle(end) for end in ends])
    h, extras = small(played.declaration), played.script.extras
    _, dx = expected.pullback(extras["cotangent"])
    above, below = (flat(played.outputs(end)) for end in ends)
    _, pulled = played.pullback(k)
    left, u = flat(extras["cotangent"]), flat(extras["direction"])
    rise = [(w / (2 * h), a) for w, a in zip(left, above, strict=True)]
    rise += [(-w / (2 * h), b) for w, b in zip(left, below, strict=True)]
    slack = [
        abs(w) * sum(pair) / (2 * h)
        for w, *pair in zip(left, *(bounds(played.oracle(k).outputs) for k in ends), strict=True)
    ]
    slack += [abs(a) * bound for a, bound in zip(u, bounds(dx), strict=True)]
    right = exact_sum(zip(u, flat(pulled), strict=True))
    seen = Comparison()
    seen.number("⟨u, Jᵀ v⟩", right, Expected(exact_sum(rise), sum(slack)))
    margin = seen.judge()
    if right == 0:
        raise Vacuous("nothing is moved")
    return margin


clause(
    "GRAD-ADJOINT",
    "gradient",
    "pullback",
    with_vectors(few_digits),
    forwards_and_back,
    backward_is_the_adjoint_of_forward,
)


def _refuse_crossing(here: Oracle, ends: list[Oracle]) -> None:
    """All must be exact, and both ends on the same side of every kink as the middle, on none."""
    here.refuse_kinks()
    if not here.exact:
        raise Vacuous("something may round")
    if not all(end.exact and end.sides() == here.sides() for end in ends):
        raise Vacuous("a kink is crossed")


def with_one_parameter_moved(case: Case, declaration: Declaration) -> Script:
    """The gradients, and the loss where one parameter is a little larger, and smaller."""
    if declaration.reported_loss:
        raise Unsupported("the loss that is reported is not the one that is descended")
    place, step = _place(case), small(declaration)
    writer = Writer(case.loss, {"place": place})
    writer.ask(writer.load(case.dense), "gradients", case.inputs, case.targets)
    for h in (step, -step):
        dense = _with_parameter(case, *place, h)
        writer.ask(writer.load(dense), "loss_value", case.inputs, case.targets)
    return writer.script()


def gradient_is_the_central_difference_of_its_own_loss(played: Played) -> None:
    """In one parameter the loss is a parabola between kinks: what differs is rounding."""
    [k], ends = played.calls("gradients"), played.calls("loss_value")
    here, there = played.oracle(k), [played.oracle(end) for end in ends]
    _refuse_crossing(here, there)
    layer, row, column = played.script.extras["place"]
    step = small(played.declaration)
    above, below = map(played.loss_value, ends)
    weights, bias = played.gradients(k)[layer]
    right, right_bias = here.gradients[layer]
    is_weight = row < len(weights)
    got = weights[row][column] if is_weight else (bias or [])[column]
    bound = (right[row] if is_weight else right_bias or [])[column].bound
    bound += sum(end.loss.bound for end in there) / (2 * step)
    difference, seen = (above - below) / (2 * step), Comparison()
    name = f"dW[{row}][{column}]" if is_weight else f"db[{column}]"
    seen.number(f"layer {layer} {name}", got, Expected(difference, bound))
    seen.judge()
    if abs(got) <= bound:
        raise Vacuous("the parameter moves nothing")


clause(
    "GRAD-DIFFERENCE",
    "gradient loss",
    "loss_value gradients",
    with_place(few_digits),
    with_one_parameter_moved,
    gradient_is_the_central_difference_of_its_own_loss,
)


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


def _with_parameter(case: Case, i: int, row: int, column: int, change: float) -> list[Dense]:
    layer = case.dense[i]
    rows = [list(numbers) for numbers in [*layer.weights, layer.bias or []]]
    rows[row][column] += change
    dense = list(case.dense)
    dense[i] = Dense(rows[:-1], rows[-1] if layer.bias is not None else None, layer.activation)
    return dense


def at_kinks(declaration: Declaration) -> Drawing[Case]:
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
    return mapped(on_grid(declaration, first=names, hidden=(least, 2), rows=(1, 1)), bent)


def gradient_at_a_kink_lies_in_the_subdifferential(played: Played) -> None:
    [k] = played.calls("gradients")
    expected = played.oracle(k)
    if not expected.exact or expected.kinks != 1:
        raise Vacuous("not one unit is on its kink")
    left, right = (expected.with_slope(slope).gradients for slope in _slopes(played))
    if values(left) == values(right):
        raise Vacuous("the kink does not matter")
    for i, (pair, a, b) in enumerate(zip(played.gradients(k), left, right, strict=True)):
        for name, numbers, lows, highs in zip(GRADIENT, pair, a, b, strict=True):
            ends = zip(values(lows), bounds(lows), values(highs), bounds(highs), strict=True)
            for g, (p, r, q, s) in zip(flat(numbers), ends, strict=True):
                if not min(p - r, q - s) <= g <= max(p + r, q + s):
                    raise Violation(
                        f"layer {i} {name} has {g}, should be from {min(p, q)} to {max(p, q)}",
                        [(f"layer {i} {name}", g, p, max(r, s))],
                    )


def _slopes(played: Played) -> tuple[float, float]:
    name = played.script.networks[0][0].activation
    return (played.declaration.leaky_relu_alpha if name == "leaky_relu" else 0.0), 1.0


clause(
    "GRAD-KINK",
    "gradient",
    "gradients",
    at_kinks,
    asks.asks("gradients"),
    gradient_at_a_kink_lies_in_the_subdifferential,
)
