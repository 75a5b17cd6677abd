"""The oracle: forwards and backwards agree, the grid is exact, and refnn itself is under test."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refnn import FCLayer, LeakyReLU, Parameters, ReLU, Softmax, SquaredError, Tanh
from refnn.losses.loss import Loss
from refnn.model import Model as RefnnModel
from spec_tests.cases.case import Case
from spec_tests.cases.networks import off_grid, on_grid
from spec_tests.cases.strategy import drawn
from spec_tests.declaration import declare
from spec_tests.errors import Vacuous
from spec_tests.implementations.ref import Ref
from spec_tests.oracle.expected import DIGITS, Expected
from spec_tests.oracle.oracle import Oracle
from spec_tests.runner.engine import run_clause
from spec_tests.subject import in_process

DECLARATION = declare(Ref)


def numbers(nested: Any) -> list[Expected]:
    if isinstance(nested, Expected):
        return [nested]
    return [number for item in nested or [] for number in numbers(item)]


@settings(max_examples=300)
@given(drawn(off_grid(DECLARATION)))
def test_the_backward_pass_on_balls_has_the_same_middle(case: Case) -> None:
    """The numbers come from the forward pass, the bounds from a backward one: they must meet."""
    oracle = Oracle(case, DECLARATION)
    try:
        balls = oracle.balls.gradients(oracle.deltas)
        expected = oracle.gradients
    except (Vacuous, ArithmeticError):
        return
    middles = [ball for weights, bias in balls for row in [*weights, bias] for ball in row]
    for number, ball in zip(numbers(expected), middles, strict=True):
        assert not abs(float(number.value) - ball.middle) > ball.radius


@settings(max_examples=300)
@given(drawn(on_grid(DECLARATION)))
def test_the_grid_is_exact(case: Case) -> None:
    """What floats give there is what fractions give, and both passes of refnn give it too."""
    oracle = Oracle(case, DECLARATION)
    if not oracle.exact or oracle.kinks:
        return
    adapter = Ref()
    adapter.loss = case.loss
    adapter.load([(w, b, name) for w, b, name in case.dense])
    exactly = adapter.model.cast(Fraction)
    x, t = ([[Fraction(v) for v in row] for row in rows] for rows in (case.inputs, case.targets))
    loss, gradients = exactly.gradients(x, t)
    assert loss == Fraction(oracle.loss.value)
    found = [v for g in gradients if g for row in g.rows for v in row]
    assert found == [Fraction(number.value) for number in numbers(oracle.gradients)]


@settings(max_examples=200)
@given(drawn(off_grid(DECLARATION)), st.integers(0, 99))
def test_a_derivative_is_the_slope_of_the_loss(case: Case, place: int) -> None:
    """The dual numbers' derivative against a difference quotient of their own loss."""
    oracle = Oracle(case, DECLARATION)
    try:
        expected = numbers(oracle.gradients)
    except (Vacuous, ArithmeticError):
        return
    k = place % len(expected)
    with localcontext(DIGITS) as context:
        context.prec = 50
        # Of 50 digits a saturated output may leave 36, and the quotient takes as many as h has.
        h = Decimal("1e-14")
        above, below = (_loss_with(case, k, sign * h) for sign in (1, -1))
        if above is None or below is None:
            return
        slope = (above - below) / (2 * h)
        value = Decimal(expected[k].value)
        assert abs(slope - value) <= h * (1 + abs(value))


def _loss_with(case: Case, k: int, change: Decimal) -> Decimal | None:
    """The loss with parameter number k moved, None where a unit crosses its kink on the way."""
    from spec_tests.cases.case import Dense
    from spec_tests.formulas.activation_functions import Slopes
    from spec_tests.formulas.reductions import divisor, row_loss
    from spec_tests.oracle.expected import as_decimal
    from spec_tests.oracle.forward import differentiate

    flat = 0
    dense: list[Any] = []
    for layer in case.dense:
        rows: list[Any] = []
        for row in [*layer.weights, layer.bias or []]:
            rows.append([Decimal(w) + (change if flat + j == k else 0) for j, w in enumerate(row)])
            flat += len(row)
        dense.append(Dense(rows[:-1], rows[-1] or None, layer.activation))
    alpha = Decimal(DECLARATION.leaky_relu_alpha)
    total = Decimal(0)
    for x, t in zip(case.inputs, case.targets, strict=True):
        targets = [Decimal(v) for v in t]
        try:
            found = differentiate(
                dense,
                [Decimal(v) for v in x],
                lambda y, targets=targets: row_loss(case.loss, y, targets, as_decimal),
                Slopes(alpha, {"relu": Decimal(0), "leaky_relu": alpha}),
            )
        except ArithmeticError:
            return None
        total += found.loss
    return total / divisor(case.loss, len(case.inputs), len(case.targets[0]))


PLANTED: dict[str, tuple[Any, str, Any, list[str]]] = {
    "dW is transposed": (
        FCLayer,
        "parameter_gradient",
        lambda self, x, y, dy: Parameters(
            [[d[0] * v for d in [dy[0]] for v in x[0]] for _ in self.weights], self.bias
        ),
        ["FC-WEIGHT-GRADIENT", "GRAD-EXACT"],
    ),
    "dx is not propagated": (
        FCLayer,
        "input_gradient",
        lambda self, x, y, dy: [[0.0] * self.inputs for _ in dy],
        ["FC-INPUT-GRADIENT", "NET-CHAIN-1"],
    ),
    "the bias is forgotten": (
        FCLayer,
        "forward",
        lambda self, x: [[sum(map(float.__mul__, w, row)) for w in self.weights] for row in x],
        ["FC-FORWARD", "NET-FORWARD"],
    ),
    "the mask of relu is dropped": (
        ReLU,
        "input_gradient",
        lambda self, x, y, dy: [list(row) for row in dy],
        ["ACT-RELU-DERIVATIVE"],
    ),
    "leaky relu's slope is 0": (
        LeakyReLU,
        "input_gradient",
        ReLU.input_gradient,
        ["ACT-LEAKY-RELU-DERIVATIVE"],
    ),
    "tanh' is 1 - a": (
        Tanh,
        "derivative",
        lambda self, z, a: 1 - a,
        ["ACT-TANH-DERIVATIVE"],
    ),
    "softmax' is its diagonal": (
        Softmax,
        "input_gradient",
        lambda self, x, y, dy: [
            [p * (1 - p) * d for p, d in zip(*rows, strict=True)]
            for rows in zip(y, dy, strict=True)
        ],
        ["ACT-SOFTMAX-DERIVATIVE"],
    ),
    "the factor 2 is lost": (
        SquaredError,
        "row_gradient",
        lambda self, y, t: [self.factor * (a - b) for a, b in zip(y, t, strict=True)],
        ["LOSS-SQUARED-GRADIENT", "LOSS-CONSISTENT"],
    ),
    "a loss is summed": (
        Loss,
        "value",
        lambda self, y, t: sum(self.row_value(*row) for row in zip(y, t, strict=True)),
        ["LOSS-SQUARED-VALUE", "LOSS-HUBER-VALUE"],
    ),
    "one row too few": (
        RefnnModel,
        "gradients",
        None,
        ["BATCH-SUM", "GRAD-EXACT"],
    ),
}


def _without_last_row(self: Any, x: Any, t: Any) -> Any:
    from refnn.backpropagation import gradients

    return gradients(self.layers, self.loss, x[:-1] or x, t[:-1] or t)


@pytest.mark.parametrize("name", PLANTED)
def test_a_bug_planted_in_refnn_fails_ref_at_the_right_clause(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oracle is not the subject: it does not share the bug."""
    owner, method, wrong, clauses = PLANTED[name]
    monkeypatch.setattr(owner, method, wrong or _without_last_row)
    for clause in clauses:
        assert run_clause(in_process(Ref), clause, "quick", shrink=False)[0].verdict == "fail", (
            clause
        )
