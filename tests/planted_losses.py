"""Classic bugs of losses and of back-propagation."""

from __future__ import annotations

from functools import partial
from typing import Any

import refnn.losses.classification
import refnn.model
from refnn import (
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    Huber,
    SoftmaxCrossEntropy,
    SquaredError,
)
from refnn.backpropagation import gradients, trace
from refnn.losses import Loss
from refnn.scalar import total
from tests import (
    test_batches,
    test_kinks,
    test_losses,
    test_symbolic_gradients,
    test_training,
)
from tests.planted import planted, tried
from tests.planted_layers import exact_gradient, smooth_gradient
from tests.strategies import cases, quarters

regression_formula = partial(
    tried(
        test_losses.test_a_regression_loss_is_its_formula,
        pair=test_losses.outputs_and_targets(quarters(-9, 9), quarters(-9, 9)),
    ),
    SquaredError(),
)
symbolic_regression = test_symbolic_gradients.test_regression_gradient_is_the_derivative_of_value
symbolic_classification = (
    test_symbolic_gradients.test_classification_gradient_is_the_derivative_of_value
)
certain = test_losses.test_a_certain_probability_has_a_loss_of_0_or_infinity
own_activations = tried(
    test_batches.test_every_sample_counts_once_with_its_own_activations, cases()
)
right_gradient = Loss.gradient


@planted(Loss, "value", regression_formula)
def sum_called_mean(self: Any, y: Any, t: Any) -> Any:
    return total([*map(self.row_value, y, t)])


@planted(Loss, "gradient", exact_gradient)
def loss_mean_gradient_sum(self: Any, y: Any, t: Any) -> Any:
    return [*map(self.row_gradient, y, t)]


@planted(Loss, "gradient", exact_gradient)
def outputs_factor(self: Any, y: Any, t: Any) -> Any:
    return [[g * len(row) for g in row] for row in right_gradient(self, y, t)]


@planted(Loss, "gradient", exact_gradient)
def divided_twice(self: Any, y: Any, t: Any) -> Any:
    return [[g / len(y) for g in row] for row in right_gradient(self, y, t)]


@planted(SquaredError, "row_gradient", exact_gradient)
@planted(SquaredError, "row_gradient", partial(symbolic_regression, SquaredError, "mean", "sum"))
def factor_two(self: Any, y: Any, t: Any) -> Any:
    return [self.factor * (a - b) for a, b in zip(y, t)]


@planted(AbsoluteError, "row_gradient", test_kinks.test_an_absolute_error_of_0_has_slope_0)
def absolute_slope_at_0_is_1(self: Any, y: Any, t: Any) -> Any:
    return [1 if a >= b else -1 for a, b in zip(y, t)]


@planted(Huber, "row_gradient", test_kinks.test_the_two_sides_of_huber_meet_in_value_and_slope)
def huber_cut_at_1(self: Any, y: Any, t: Any) -> Any:
    return [max(-1, min(1, 2 * (a - b))) for a, b in zip(y, t)]


@planted(
    refnn.losses.classification,
    "_times_minus_log",
    partial(certain, float, BinaryCrossEntropy(), 1, 1, 0, -1),
)
def log_of_zero(weight: Any, p: Any, log_p: Any) -> Any:
    return -weight * log_p


@planted(BinaryCrossEntropyWithLogits, "row_gradient", smooth_gradient)
def logit_taken_for_a_probability(self: Any, y: Any, t: Any) -> Any:
    return [a - b for a, b in zip(y, t)]


@planted(SoftmaxCrossEntropy, "row_gradient", smooth_gradient)
@planted(
    SoftmaxCrossEntropy, "row_gradient", partial(symbolic_classification, SoftmaxCrossEntropy())
)
def targets_taken_for_a_distribution(self: Any, y: Any, t: Any) -> Any:
    _, powers, rest = refnn.losses.classification._powers(y)
    return [power / (rest + 1) - b for power, b in zip(powers, t)]


@planted(refnn.model, "gradients", exact_gradient)
@planted(refnn.model, "gradients", own_activations)
def last_sample_gradient(layers: Any, loss: Any, x: Any, t: Any) -> Any:
    passed = trace(layers, x)
    dy = [[*map(sum, zip(*loss.gradient(passed[-1], t)))]]
    found = [None for _ in layers]
    for i in reversed(range(len(layers))):
        dy, found[i] = layers[i].backward(passed[i][-1:], passed[i + 1][-1:], dy)
    return loss.value(passed[-1], t), found


@planted(
    refnn.model,
    "gradients",
    test_training.test_the_input_gradient_of_the_first_layer_is_not_computed,
)
def first_input_gradient_computed(layers: Any, loss: Any, x: Any, t: Any) -> Any:
    passed = trace(layers, x)
    dy, found = loss.gradient(passed[-1], t), [None for _ in layers]
    for i in reversed(range(len(layers))):
        dy, found[i] = layers[i].backward(passed[i], passed[i + 1], dy)
    return loss.value(passed[-1], t), found


@planted(refnn.model, "gradients", own_activations)
def nominal_batch_size(layers: Any, loss: Any, x: Any, t: Any) -> Any:
    value, found = gradients(layers, loss, x, t)
    for gradient in found:
        for row in gradient.rows if gradient else ():
            row[:] = [g * len(x) / 2 for g in row]
    return value, found
