"""What is expected of a case, number by number, and how far a right answer may be from it.

On the grid nothing rounds: the bound is 0 and a comparison is equality. Elsewhere the expected
number is computed with 50 digits, and the bound is the ball's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from spec_tests.cases.case import Case, Dense
from spec_tests.cases.dyadic import PIECEWISE, can_be_exact
from spec_tests.declaration import Declaration
from spec_tests.oracle import bits
from spec_tests.oracle.ball import Arithmetic, Ball
from spec_tests.oracle.ball_losses import loss_gradient, loss_value
from spec_tests.oracle.ball_network import BallNetwork, Gradients
from spec_tests.oracle.formulas import divisor, row_loss
from spec_tests.oracle.forward import RowDerivative, differentiate

DIGITS = Context(prec=50)


class Expected(NamedTuple):
    """A number, and the largest distance from it that is not wrong."""

    value: Any
    bound: float


Rows = list[list[Expected]]
Pairs = list[tuple[Rows, list[Expected] | None]]


def as_float(value: Any) -> float:
    return float(value)


def as_decimal(value: Any) -> Decimal:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value)


class Oracle:
    """The expected outputs, loss and gradients of one case, for an adapter's declaration."""

    def __init__(
        self, case: Case, declaration: Declaration, slope_at_zero: float | None = None
    ) -> None:
        self.case = case
        self.declaration = declaration
        alpha, at_zero = declaration.leaky_relu_alpha, declaration.relu_derivative_at_zero
        self.at_zero = {
            "relu": at_zero if slope_at_zero is None else slope_at_zero,
            "leaky_relu": alpha if slope_at_zero is None else slope_at_zero,
        }
        self.arithmetic = Arithmetic(declaration.dtype, declaration.ulps)

    @cached_property
    def exact(self) -> bool:
        """Whether the case is on the grid."""
        case, alpha = self.case, self.declaration.leaky_relu_alpha
        if not (can_be_exact(case.loss) and set(case.activations) <= set(PIECEWISE)):
            return False
        n = divisor(case.loss, len(case.inputs), len(case.targets[0]))
        a = [row.a for row in self._in_floats]
        dz = [[[d / n for d in layer] for layer in row.dz] for row in self._in_floats]
        return bits.is_exact(case, a, dz, alpha, self.declaration.dtype)

    @cached_property
    def _in_floats(self) -> list[RowDerivative]:
        return self._differentiate(as_float)

    @cached_property
    def rows(self) -> list[RowDerivative]:
        """Each row, differentiated."""
        if self.exact:
            return self._in_floats
        with localcontext(DIGITS):
            return self._differentiate(as_decimal)

    def _differentiate(
        self,
        number: Callable[[Any], Any],
        output_gradient: Sequence[Sequence[float]] | None = None,
        inputs: bool = False,
    ) -> list[RowDerivative]:
        case, loss = self.case, self.case.loss
        dense = [
            Dense(
                [[number(w) for w in row] for row in layer.weights],
                layer.bias and [number(b) for b in layer.bias],
                layer.activation,
            )
            for layer in case.dense
        ]
        alpha = number(self.declaration.leaky_relu_alpha)
        at_zero = {name: number(slope) for name, slope in self.at_zero.items()}

        def loss_of(b: int) -> Callable[[Sequence[Any]], Any]:
            if output_gradient is not None:
                weights = [number(v) for v in output_gradient[b]]
                return lambda y: _weighted(y, weights)
            targets = [number(v) for v in case.targets[b]]
            return lambda y: row_loss(loss, y, targets, number)

        return [
            differentiate(dense, [number(v) for v in row], loss_of(b), alpha, at_zero, inputs)
            for b, row in enumerate(case.inputs)
        ]

    @cached_property
    def balls(self) -> BallNetwork:
        return BallNetwork(self.case, self.arithmetic, self.declaration.leaky_relu_alpha)

    @cached_property
    def divisor(self) -> int:
        return divisor(self.case.loss, len(self.case.inputs), len(self.case.targets[0]))

    def outputs(self) -> Rows:
        y = [row.a[-1] for row in self.rows]
        return _expected(y, None if self.exact else self.balls.a[-1])

    def loss(self) -> Expected:
        """On the grid too with its ball: who squares the root of a sum is right, and rounds."""
        with localcontext(DIGITS):
            losses = [row.loss for row in self.rows]
            value = sum(losses[1:], losses[0]) / self.divisor
        y = self.balls.a[-1]
        if self.exact:
            y = [[Ball(number, 0.0) for number in row.a[-1]] for row in self.rows]
        ball = loss_value(self.arithmetic, self.case.loss, y, self.case.targets, self.divisor)
        return Expected(value, ball.radius)

    def gradients(self) -> Pairs:
        """[(dW, db), ...] of the declared loss."""
        return self._pairs(self.rows, self.divisor, lambda: self.backward_balls)

    def input_gradient(self) -> Rows:
        with localcontext(DIGITS):
            rows = self._differentiate(as_float if self.exact else as_decimal, inputs=True)
        return self._inputs(rows, self.divisor, lambda: self.backward_balls)

    def pullback(self, output_gradient: list[list[float]]) -> tuple[Pairs, Rows]:
        """The same two for a given dL/dy."""
        with localcontext(DIGITS):
            number = as_float if self.exact else as_decimal
            rows = self._differentiate(number, output_gradient, inputs=True)

        def back() -> Gradients:
            return self.balls.backward([[Ball(d, 0.0) for d in row] for row in output_gradient])

        return self._pairs(rows, 1, back), self._inputs(rows, 1, back)

    def sides(self) -> list[int]:
        """On which side of its kink each unit, and each residual of a kinked loss, is: 0 is on it.

        Between the kinks the loss is one polynomial.
        """
        case = self.case
        kinked = [name in ("relu", "leaky_relu") for name in case.activations]
        numbers = [n for row in self.rows for i, z in enumerate(row.z) if kinked[i] for n in z]
        edges = {"AbsoluteError": [0.0], "Huber": [-1.0, 1.0]}.get(type(case.loss).__name__, [])
        delta = float(getattr(case.loss, "delta", 1))
        for row, targets in zip(self.rows, case.targets, strict=True):
            for y, t in zip(row.a[-1], targets, strict=True):
                numbers += [y - t - edge * delta for edge in edges]
        return [(n > 0) - (n < 0) for n in numbers]

    @cached_property
    def kinks(self) -> int:
        """How many units and residuals sit exactly on a kink."""
        smooth = 2 if type(self.case.loss).__name__ == "Huber" else 0
        own = self.sides()
        inner = len(own) - smooth * len(self.case.inputs) * len(self.case.targets[0])
        return own[:inner].count(0)

    def with_slope(self, at_zero: float) -> Oracle:
        """The same case, where a unit on its kink has this slope."""
        return Oracle(self.case, self.declaration, at_zero)

    def updated(self, rate: float) -> Pairs:
        """The parameters after one step of gradient descent."""
        pairs: Pairs = []
        with localcontext(DIGITS):
            for layer, (weights, bias) in zip(self.case.dense, self.gradients(), strict=True):
                new = [
                    [self._moved(w, rate, g) for w, g in zip(*rows, strict=True)]
                    for rows in zip(layer.weights, weights, strict=True)
                ]
                b = None
                if bias is not None and layer.bias is not None:
                    b = [self._moved(w, rate, g) for w, g in zip(layer.bias, bias, strict=True)]
                pairs.append((new, b))
        return pairs

    def _moved(self, w: float, rate: float, g: Expected) -> Expected:
        if self.exact:
            return Expected(w - rate * g.value, 0.0)
        ar = self.arithmetic
        move = ar.product(ar.constant(rate), Ball(float(g.value), g.bound))
        ball = ar.difference(Ball(w, 0.0), move)
        return Expected(Decimal(w) - Decimal(rate) * g.value, ball.radius)

    @cached_property
    def backward_balls(self) -> Gradients:
        """The backward pass on balls. Raises Kink where rounding may decide a comparison."""
        case = self.case
        rows = zip(self.balls.a[-1], case.targets, strict=True)
        dy = [loss_gradient(self.arithmetic, case.loss, y, t, self.divisor) for y, t in rows]
        return self.balls.backward(dy)

    def _pairs(self, rows: list[RowDerivative], n: int, back: Callable[[], Gradients]) -> Pairs:
        with localcontext(DIGITS):
            gradients = [gradient_of(rows, i, n) for i in range(len(self.case.dense))]
        balls = None if self.exact else back()
        pairs: Pairs = []
        for i, (weights, bias) in enumerate(gradients):
            dw = _expected(weights, balls and balls.weights[i])
            [db] = _expected([bias], balls and [balls.bias[i]])
            pairs.append((dw, db if self.case.dense[i].bias is not None else None))
        return pairs

    def _inputs(self, rows: list[RowDerivative], n: int, back: Callable[[], Gradients]) -> Rows:
        with localcontext(DIGITS):
            dx = [[d / n for d in row.dx] for row in rows]
        return _expected(dx, None if self.exact else back().inputs)


def _weighted(y: Sequence[Any], weights: Sequence[Any]) -> Any:
    terms = [a * w for a, w in zip(y, weights, strict=True)]
    return sum(terms[1:], terms[0])


def gradient_of(rows: list[RowDerivative], i: int, n: int) -> tuple[list[list[Any]], list[Any]]:
    delta = list(zip(*(row.dz[i] for row in rows), strict=True))
    x = list(zip(*(row.a[i] for row in rows), strict=True))
    weights = [[_weighted(d, column) / n for column in x] for d in delta]
    return weights, [sum(d[1:], d[0]) / n for d in delta]


def _expected(values: list[list[Any]], balls: Any) -> Rows:
    if balls is None:
        return [[Expected(v, 0.0) for v in row] for row in values]
    return [
        [Expected(v, ball.radius) for v, ball in zip(*rows, strict=True)]
        for rows in zip(values, balls, strict=True)
    ]
