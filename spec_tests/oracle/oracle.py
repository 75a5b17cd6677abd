"""What is expected of a case, number by number, and how far a right answer may be from it.

On the grid nothing rounds, and the expected number is computed in floats; elsewhere with 50 digits.
The bound is the ball's on both: right code may round where the formula does not. What must be equal
on the grid says so by `without_bounds`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from functools import cached_property
from typing import Any

from spec_tests.cases.case import Case, Dense
from spec_tests.declaration import Declaration
from spec_tests.errors import Kink
from spec_tests.formulas.activation_functions import ACTIVATIONS, Slopes, Units
from spec_tests.formulas.ball import Arithmetic, Ball, exactly
from spec_tests.formulas.loss_functions import function_of
from spec_tests.formulas.reductions import divisor, loss_gradient, loss_value, row_loss
from spec_tests.oracle import bits
from spec_tests.oracle.ball_network import BallNetwork, Deltas, Parameters, handed_over
from spec_tests.oracle.expected import (
    DIGITS,
    Expected,
    Pairs,
    Rows,
    as_decimal,
    as_float,
    radii_of,
    with_radii,
)
from spec_tests.oracle.forward import RowDerivative, differentiate


class Oracle:
    """The expected outputs, loss and gradients of one case, for an adapter's declaration.

    `parameters` are balls where what the implementation holds is known but for a rounding.
    """

    def __init__(
        self,
        case: Case,
        declaration: Declaration,
        slope_at_zero: float | None = None,
        parameters: Sequence[Parameters] | None = None,
    ) -> None:
        self.case = case
        self.declaration = declaration
        alpha, at_zero = declaration.leaky_relu_alpha, declaration.relu_derivative_at_zero
        self.at_zero = {
            "relu": at_zero if slope_at_zero is None else slope_at_zero,
            "leaky_relu": alpha if slope_at_zero is None else slope_at_zero,
        }
        self.arithmetic = Arithmetic(declaration.dtype, declaration.ulps)
        self.parameters = parameters

    @cached_property
    def exact(self) -> bool:
        """Whether the case is on the grid."""
        case, alpha = self.case, self.declaration.leaky_relu_alpha
        if self.parameters is not None:
            return False
        is_piecewise = all(ACTIVATIONS[name].is_piecewise for name in case.activations)
        if not (is_piecewise and function_of(case.loss).is_exact(case.loss)):
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
        at_zero = {name: number(slope) for name, slope in self.at_zero.items()}
        slopes = Slopes(number(self.declaration.leaky_relu_alpha), at_zero)

        def loss_of(b: int) -> Callable[[Sequence[Any]], Any]:
            if output_gradient is not None:
                weights = [number(v) for v in output_gradient[b]]
                return lambda y: _weighted(y, weights)
            targets = [number(v) for v in case.targets[b]]
            return lambda y: row_loss(loss, y, targets, number)

        return [
            differentiate(dense, [number(v) for v in row], loss_of(b), slopes)
            for b, row in enumerate(case.inputs)
        ]

    @cached_property
    def balls(self) -> BallNetwork:
        """The network on balls. Raises Kink where rounding may decide a comparison."""
        parameters = self.parameters or handed_over(self.case.dense)
        slopes = Slopes(self.declaration.leaky_relu_alpha, self.at_zero)
        return BallNetwork(self.case, Units(self.arithmetic, slopes, self.exact), parameters)

    @cached_property
    def deltas(self) -> Deltas:
        """The backward pass on balls, from the loss."""
        case = self.case
        rows = zip(self.balls.a[-1], case.targets, strict=True)
        dy = [loss_gradient(self.arithmetic, case.loss, y, t, self.divisor) for y, t in rows]
        return self.balls.backward(dy)

    @cached_property
    def divisor(self) -> int:
        return divisor(self.case.loss, len(self.case.inputs), len(self.case.targets[0]))

    @cached_property
    def outputs(self) -> Rows:
        return with_radii([row.a[-1] for row in self.rows], self.balls.a[-1])

    @cached_property
    def loss(self) -> Expected:
        with localcontext(DIGITS):
            losses = [row.loss for row in self.rows]
            value = sum(losses[1:], losses[0]) / self.divisor
        return Expected(value, self._loss_ball.radius)

    @property
    def _loss_ball(self) -> Ball:
        case, y = self.case, self.balls.a[-1]
        return loss_value(self.arithmetic, case.loss, y, case.targets, self.divisor)

    @cached_property
    def gradients(self) -> Pairs:
        """[(dW, db), ...] of the declared loss."""
        return self._pairs(self.rows, self.divisor, self.deltas)

    @cached_property
    def input_gradient(self) -> Rows:
        return self._inputs(self.rows, self.divisor, self.deltas)

    def pullback(self, output_gradient: list[list[float]]) -> tuple[Pairs, Rows]:
        """The same two for a given dL/dy."""
        with localcontext(DIGITS):
            rows = self._differentiate(as_float if self.exact else as_decimal, output_gradient)
        deltas = self.balls.backward([exactly(row) for row in output_gradient])
        return self._pairs(rows, 1, deltas), self._inputs(rows, 1, deltas)

    def radii(self, method: str, output_gradient: list[list[float]] | None = None) -> list[float]:
        """The bounds of all numbers that a question is answered by; the numbers are not needed."""
        balls = self.balls
        match method:
            case "predict":
                return radii_of(balls.a[-1])
            case "loss_value":
                return [self._loss_ball.radius]
            case "gradients":
                return self._radii_of_gradients(self.deltas)
            case "input_gradient":
                return radii_of(self.deltas.inputs)
        assert output_gradient is not None
        deltas = balls.backward([exactly(row) for row in output_gradient])
        return [*self._radii_of_gradients(deltas), *radii_of(deltas.inputs)]

    def _radii_of_gradients(self, deltas: Deltas) -> list[float]:
        found: list[float] = []
        for layer, (dw, db) in zip(self.case.dense, self.balls.gradients(deltas), strict=True):
            found += radii_of(dw) + ([] if layer.bias is None else radii_of([db]))
        return found

    def sides(self) -> list[int]:
        """On which side of its kink each unit, and each residual of a kinked loss, is: 0 is on it.

        Between the kinks the loss is one polynomial.
        """
        return [(n > 0) - (n < 0) for n in [*self._kinked_units(), *self._residuals(True)]]

    @cached_property
    def kinks(self) -> int:
        """How many units and residuals sit exactly on a kink. That of Huber's loss is smooth."""
        return [*self._kinked_units(), *self._residuals(False)].count(0)

    def _kinked_units(self) -> list[Any]:
        kinked = [ACTIVATIONS[name].has_kink for name in self.case.activations]
        return [n for row in self.rows for i, z in enumerate(row.z) if kinked[i] for n in z]

    def _residuals(self, smooth: bool) -> list[Any]:
        """The distances of y - t from where the loss changes its formula."""
        edges = function_of(self.case.loss).edges(self.case.loss, smooth)
        if not edges:
            return []
        rows = zip(self.rows, self.case.targets, strict=True)
        pairs = [pair for row, t in rows for pair in zip(row.a[-1], t, strict=True)]
        return [float(y) - t - edge for y, t in pairs for edge in edges]

    def refuse_kinks(self) -> None:
        """A case that sits on a kink has more than one right gradient: it has clauses of its own.

        Off the grid, the balls refuse a case that rounding may bring across one.
        """
        if self.exact and self.kinks:
            raise Kink("a unit is on its kink")

    def stepped(self, rate: float) -> Pairs:
        """The parameters after one step of gradient descent."""
        pairs: Pairs = []
        moved = self.balls.descended(self.deltas, rate)
        with localcontext(DIGITS):
            eta = Decimal(rate)
            for i, (layer, (weights, bias)) in enumerate(zip(self.case.dense, moved, strict=True)):
                dw, db = gradient_of(self.rows, i, self.divisor)
                rows = zip(layer.weights, dw, weights, strict=True)
                new = [_descended(*row, eta) for row in rows]
                has_bias = layer.bias is not None and bias is not None
                pairs.append((new, _descended(layer.bias, db, bias, eta) if has_bias else None))
        return pairs

    def with_slope(self, at_zero: float) -> Oracle:
        """The same case, where a unit on its kink has this slope."""
        return Oracle(self.case, self.declaration, at_zero)

    def _pairs(self, rows: list[RowDerivative], n: int, deltas: Deltas) -> Pairs:
        with localcontext(DIGITS):
            gradients = [gradient_of(rows, i, n) for i in range(len(self.case.dense))]
        balls = self.balls.gradients(deltas)
        pairs: Pairs = []
        for layer, (weights, bias), (dw, db) in zip(self.case.dense, gradients, balls, strict=True):
            [expected_bias] = with_radii([bias], [db])
            none = layer.bias is None
            pairs.append((with_radii(weights, dw), None if none else expected_bias))
        return pairs

    def _inputs(self, rows: list[RowDerivative], n: int, deltas: Deltas) -> Rows:
        with localcontext(DIGITS):
            dx = [[d / n for d in row.dx] for row in rows]
        return with_radii(dx, deltas.inputs)


def _weighted(y: Sequence[Any], weights: Sequence[Any]) -> Any:
    terms = [a * w for a, w in zip(y, weights, strict=True)]
    return sum(terms[1:], terms[0])


def gradient_of(rows: list[RowDerivative], i: int, n: int) -> tuple[list[list[Any]], list[Any]]:
    """(dW, db) of layer i."""
    delta = list(zip(*(row.dz[i] for row in rows), strict=True))
    x = list(zip(*(row.a[i] for row in rows), strict=True))
    weights = [[_weighted(d, column) / n for column in x] for d in delta]
    return weights, [sum(d[1:], d[0]) / n for d in delta]


def _descended(w: Any, slopes: Any, balls: Any, eta: Decimal) -> list[Expected]:
    """w - η g of one row."""
    return [
        Expected(Decimal(a) - eta * Decimal(g), ball.radius)
        for a, g, ball in zip(w, slopes, balls, strict=True)
    ]
