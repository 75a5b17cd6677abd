"""Classic bugs of layers, and of the numbers below them."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import refnn.activations.piecewise
import refnn.activations.smooth
import refnn.fc_layer
from refnn import Dual, FCLayer, Identity, LeakyReLU, Parameters, ReLU, Sigmoid, Softmax, Tanh
from refnn.activations import Activation
from refnn.activations.smooth import Smooth, sigmoid
from refnn.scalar import dot, exp, total
from tests import (
    test_bad_input,
    test_batches,
    test_dual,
    test_float_range,
    test_forward,
    test_kinks,
    test_number_types,
    test_purity,
    test_rational_gradients,
    test_smooth_gradients,
    test_symbolic_gradients,
)
from tests.planted import NOT_RAISED, planted, tried
from tests.strategies import QUARTER, cases, decimal, magnitudes, quarters, rows, smooth_cases

exact_gradient = tried(
    test_rational_gradients.test_the_reverse_gradient_is_the_dual_gradient, cases()
)
smooth_gradient = tried(
    test_smooth_gradients.test_the_reverse_gradient_is_the_dual_gradient, smooth_cases()
)
symbolic_layer = partial(
    test_symbolic_gradients.test_fully_connected_backward_is_the_derivative_of_forward, None
)
symbolic_activation = test_symbolic_gradients.test_activation_backward_is_the_derivative_of_forward
weighted_sum = tried(
    test_forward.test_a_fully_connected_output_is_the_weighted_sum_of_its_inputs, cases()
)
linear_formula = partial(
    tried(test_forward.test_a_piecewise_activation_is_its_formula, z=rows(2, 3, quarters(-9, 9))),
    *test_forward.PIECEWISE[0],
)
kink = tried(
    test_kinks.test_at_0_an_activation_has_the_slope_of_its_left_side,
    upstream=rows(1, 3, quarters(-9, 9)),
)
row_by_row = tried(test_batches.test_a_batch_is_predicted_row_by_row, cases())
same_answer = tried(test_purity.test_the_same_question_has_the_same_answer, cases())
layer_copies = test_purity.test_a_layer_copies_its_parameters
nan = test_float_range.test_nan_in_is_nan_out_of_an_activation
in_range = tried(test_float_range.test_a_smooth_activation_stays_in_range, magnitudes())
no_overflow = tried(
    test_float_range.test_nothing_overflows_at_any_score,
    rows(2, 3, magnitudes()),
    rows(2, 3, quarters(0, 4).map(float)),
)
precise_sigmoid = partial(
    tried(test_float_range.test_a_smooth_activation_is_precise_in_both_tails, z=magnitudes()),
    *test_float_range.SMOOTH[0],
)
rows_fit = partial(
    test_bad_input.test_a_part_refuses_rows_that_do_not_fit,
    lambda: test_bad_input.LAYER.forward([[1.0, 2.0, 3.0]]),
    "x[0] has 3 numbers, should have 2",
)
no_fraction = partial(test_number_types.test_a_fraction_has_no_smooth_activation, Sigmoid())
stays_fraction = partial(
    test_number_types.test_a_rational_network_stays_in_its_number_type, "Fraction"
)
dual_exp = partial(
    tried(
        test_dual.test_the_derivative_of_a_function_is_its_central_difference,
        x=quarters(1, 40).map(decimal),
    ),
    exp,
)
dual_quotient = partial(
    tried(test_dual.test_the_derivative_of_a_rational_function_is_exact, x=quarters(1, 40)),
    *test_dual.RATIONAL[10],
)
right_forward, right_gradient = FCLayer.forward, FCLayer.parameter_gradient


@planted(FCLayer, "forward", weighted_sum)
def width_one_unwraps(self: Any, x: Any) -> Any:
    return [y[0] if len(y) == 1 else y for y in right_forward(self, x)]


@planted(FCLayer, "forward", row_by_row)
def stale_forward(self: Any, x: Any) -> Any:
    return vars(self).setdefault("stale", right_forward(self, x))


@planted(FCLayer, "__post_init__", layer_copies)
def parameters_aliased(self: Any) -> None:
    pass


@planted(FCLayer, "input_gradient", exact_gradient)
def weights_transposed(self: Any, x: Any, y: Any, dy: Any) -> Any:
    square = self.inputs == self.outputs
    columns = self.weights if square else list(zip(*self.weights))
    return [[dot(d, w) for w in columns] for d in dy]


@planted(FCLayer, "parameter_gradient", exact_gradient)
@planted(FCLayer, "parameter_gradient", symbolic_layer)
def weight_gradient_transposed(self: Any, x: Any, y: Any, dy: Any) -> Any:
    weights, bias = right_gradient(self, x, y, dy)
    return Parameters([*map(list, zip(*weights))], bias)


@planted(FCLayer, "parameter_gradient", exact_gradient)
def weight_gradient_of_one_sample(self: Any, x: Any, y: Any, dy: Any) -> Any:
    _, bias = right_gradient(self, x, y, dy)
    return right_gradient(self, x[-1:], y[-1:], dy[-1:])._replace(bias=bias)


@planted(FCLayer, "parameter_gradient", exact_gradient)
def bias_gradient_of_one_sample(self: Any, x: Any, y: Any, dy: Any) -> Any:
    weights, bias = right_gradient(self, x, y, dy)
    return Parameters(weights, bias and list(dy[-1]))


@planted(FCLayer, "parameter_gradient", exact_gradient)
def bias_per_sample(self: Any, x: Any, y: Any, dy: Any) -> Any:
    weights, bias = right_gradient(self, x, y, dy)
    return Parameters(weights, bias and dy)


@planted(FCLayer, "parameter_gradient", exact_gradient)
def divided_by_the_batch_in_the_layer(self: Any, x: Any, y: Any, dy: Any) -> Any:
    return right_gradient(self, x, y, [[d / len(x) for d in row] for row in dy])


@planted(FCLayer, "backward", exact_gradient)
def update_before_propagate(self: Any, x: Any, y: Any, dy: Any) -> Any:
    gradient = right_gradient(self, x, y, dy)
    pairs = zip(self.parameters.rows, gradient.rows)
    moved = gradient.with_rows([[w - g for w, g in zip(*pair)] for pair in pairs])
    return self.with_parameters(moved).input_gradient(x, y, dy), gradient


@planted(Identity, "forward", linear_formula)
def linear_returns_zero(self: Any, x: Any) -> Any:
    return [[z * 0 for z in row] for row in x]


@planted(ReLU, "forward", partial(nan, ReLU()))
def relu_nan_swallowed(self: Any, x: Any) -> Any:
    return [[max(0, z) for z in row] for row in x]


@planted(ReLU, "input_gradient", exact_gradient)
@planted(ReLU, "input_gradient", partial(symbolic_activation, ReLU()))
def relu_mask_dropped(self: Any, x: Any, y: Any, dy: Any) -> Any:
    return dy


@planted(ReLU, "input_gradient", exact_gradient)
def relu_mask_of_the_upstream(self: Any, x: Any, y: Any, dy: Any) -> Any:
    return [[max(0, d) for d in row] for row in dy]


@planted(ReLU, "input_gradient", partial(kink, ReLU(), 0))
def relu_slope_at_0_is_1(self: Any, x: Any, y: Any, dy: Any) -> Any:
    return [[d if z >= 0 else 0 for z, d in zip(*pair)] for pair in zip(x, dy)]


@planted(LeakyReLU, "input_gradient", exact_gradient)
@planted(LeakyReLU, "input_gradient", partial(kink, LeakyReLU(QUARTER), QUARTER))
def leaky_derivative_is_relu(self: Any, x: Any, y: Any, dy: Any) -> Any:
    return ReLU().input_gradient(x, y, dy)


@planted(LeakyReLU, "input_gradient", exact_gradient)
def leaky_slope_by_the_sign_of_the_output_alone(self: Any, x: Any, y: Any, dy: Any) -> Any:
    return [[d * self.alpha if d * z < 0 else d for z, d in zip(*pair)] for pair in zip(x, dy)]


@planted(Activation, "backward", exact_gradient)
def derivative_missing(self: Any, x: Any, y: Any, dy: Any) -> Any:
    return dy, None


@planted(Smooth, "input_gradient", smooth_gradient)
def upstream_dropped(self: Any, x: Any, y: Any, dy: Any) -> Any:
    return [[self.derivative(z, a) for z, a in zip(*pair)] for pair in zip(x, y)]


@planted(Sigmoid, "derivative", smooth_gradient)
def derivative_of_the_activated_value(self: Any, z: Any, a: Any) -> Any:
    return sigmoid(a) * sigmoid(-a)


@planted(Sigmoid, "derivative", precise_sigmoid)
def tail_of_the_derivative_lost(self: Any, z: Any, a: Any) -> Any:
    return a * (1 - a)


@planted(Tanh, "derivative", smooth_gradient)
@planted(Tanh, "derivative", partial(symbolic_activation, Tanh()))
def sigmoid_derivative_for_all(self: Any, z: Any, a: Any) -> Any:
    return a * (1 - a)


@planted(Tanh, "derivative", smooth_gradient)
def tanh_derivative_with_a_plus(self: Any, z: Any, a: Any) -> Any:
    return 1 + a * a


@planted(refnn.activations.smooth, "sigmoid", in_range, by=OverflowError)
def sigmoid_overflow(z: Any) -> Any:
    return 1 / (1 + exp(-z))


@planted(Softmax, "forward", no_overflow, by=OverflowError)
def softmax_overflow(self: Any, x: Any) -> Any:
    return [[exp(z) / total([*map(exp, row)]) for z in row] for row in x]


@planted(Softmax, "input_gradient", smooth_gradient)
@planted(Softmax, "input_gradient", partial(symbolic_activation, Softmax()))
def softmax_diagonal(self: Any, x: Any, y: Any, dy: Any) -> Any:
    return [[a * (1 - a) * d for a, d in zip(*pair)] for pair in zip(y, dy)]


@planted(refnn.fc_layer, "check_rows", rows_fit, by=NOT_RAISED)
def rows_truncated(name: str, x: Any, width: int) -> None:
    x[0].pop()


@planted(refnn.activations.smooth, "exp", no_fraction, by=NOT_RAISED)
def fraction_becomes_a_float(x: Any) -> Any:
    return math.exp(x)


@planted(refnn.activations.piecewise, "constant", stays_fraction)
def constant_becomes_a_float(c: Any, like: Any) -> Any:
    return float(c)


@planted(Dual, "exp", dual_exp)
def dual_exponential_slightly_wrong(self: Any) -> Any:
    return Dual(exp(self.value), self.tangent * exp(self.value) * 2001 / 2000)


@planted(Dual, "__truediv__", dual_quotient)
def dual_quotient_with_a_plus(self: Any, other: Any) -> Any:
    q = self.value / other.value
    return Dual(q, (self.tangent + other.tangent * q) / other.value)
