"""Classic bugs of training, optimizers and initializers."""

from __future__ import annotations

import random
from functools import partial
from random import Random
from typing import Any

import refnn.model
import refnn.training
from refnn import SGD, Adam, FCLayer, Glorot, He, Model, Momentum, Nesterov, RMSProp, Uniform
from refnn.backpropagation import gradients
from refnn.losses import Loss
from refnn.optimizers import Optimizer
from refnn.scalar import constant, power, sqrt
from tests import (
    test_bad_input,
    test_initializers,
    test_optimizers,
    test_purity,
    test_shuffling,
    test_training,
)
from tests.planted import NOT_RAISED, planted, tried
from tests.planted_layers import same_answer
from tests.strategies import training_cases

sizes = test_training.batch_sizes
epoch = tried(
    test_training.test_an_epoch_is_a_step_down_the_gradient_of_each_batch, training_cases(), sizes
)
epoch_loss = tried(
    test_training.test_the_loss_of_an_epoch_is_the_mean_over_its_samples, training_cases(), sizes
)
no_shared_state = tried(
    test_training.test_layers_do_not_share_the_state_of_the_optimizer, training_cases(), sizes
)
no_memory = tried(
    test_training.test_an_optimizer_remembers_nothing_between_trainings, training_cases()
)
everyone = partial(test_training.test_an_epoch_sees_every_sample_once_with_its_target, 3)
order = tried(
    test_shuffling.test_the_order_is_what_the_given_random_numbers_make_of_the_samples,
    test_shuffling.seeds,
    test_shuffling.sizes,
    test_shuffling.sizes,
)
own_orders = test_shuffling.test_every_epoch_has_an_order_of_its_own
data_kept = tried(test_purity.test_training_changes_the_model_alone, training_cases())
finite = partial(test_bad_input.test_training_data_is_finite, float("nan"))
first_formula = test_optimizers.test_a_rational_optimizer_follows_its_formula
sgd, momentum, nesterov = (partial(first_formula, *row) for row in test_optimizers.RATIONAL)
second_formula = test_optimizers.test_an_adaptive_optimizer_follows_its_formula
rmsprop, adam = (partial(second_formula, *row) for row in test_optimizers.ADAPTIVE)
no_decay_of_biases = partial(
    test_optimizers.test_weight_decay_is_a_gradient_of_weights_and_not_of_biases, SGD
)
scale = test_initializers.test_weights_are_drawn_one_by_one_on_their_scale
uniform_scale, _, glorot_scale, _, he_scale, _ = (
    partial(scale, *row) for row in test_initializers.SCALES
)
units_differ = partial(test_initializers.test_units_start_differently, Uniform(-1.0, 1.0))
right_train, right_update, right_step = Model.train, Optimizer.update, refnn.training.step
memory: dict[Any, Any] = {}


@planted(refnn.model, "batches", everyone)
def tail_dropped(samples: int, batch_size: int, shuffle: Any) -> Any:
    starts = range(0, samples - batch_size + 1, batch_size)
    return [[*range(start, start + batch_size)] for start in starts]


@planted(refnn.model, "batches", everyone, by=IndexError)
def tail_index_error(samples: int, batch_size: int, shuffle: Any) -> Any:
    starts = range(0, samples, batch_size)
    return [[*range(start, start + batch_size)] for start in starts]


@planted(refnn.model, "batches", everyone)
def tail_filled_up(samples: int, batch_size: int, shuffle: Any) -> Any:
    starts = range(0, samples, batch_size)
    return [[i % samples for i in range(start, start + batch_size)] for start in starts]


@planted(refnn.model, "batches", order)
def drawn_with_replacement(samples: int, batch_size: int, shuffle: Any) -> Any:
    return [[shuffle.randrange(samples)] for _ in range(samples)]


@planted(refnn.model, "batches", order)
def shuffled_by_the_common_random_numbers(samples: int, batch_size: int, shuffle: Any) -> Any:
    yield random.sample(range(samples), samples)


@planted(refnn.model, "batches", own_orders)
def every_epoch_in_the_same_order(samples: int, batch_size: int, shuffle: Any) -> Any:
    yield Random(0).sample(range(samples), samples)


@planted(Model, "train", data_kept)
def caller_shuffled(self: Any, x: Any, t: Any, **how: Any) -> Any:
    x.reverse()
    t.reverse()
    return right_train(self, x, t, **how)


@planted(Model, "train", everyone)
def targets_left_behind(self: Any, x: Any, t: Any, **how: Any) -> Any:
    return right_train(self, x[::-1], t, **how)


@planted(Model, "check", finite, by=NOT_RAISED)
def nan_learned(self: Any, x: Any, t: Any, finite: bool = False) -> None:
    pass


@planted(FCLayer, "with_parameters", data_kept)
def layer_edited_in_place(self: Any, parameters: Any) -> Any:
    self.weights[:] = parameters.weights
    return self


@planted(Loss, "over_samples", epoch_loss)
def epoch_loss_of_batch_means(self: Any, value: Any, samples: int) -> Any:
    return value


@planted(Loss, "over_samples", epoch_loss)
def epoch_loss_by_nominal_batch_size(self: Any, value: Any, samples: int) -> Any:
    return value * 2


@planted(refnn.model, "gradients", same_answer)
def gradient_never_zeroed(layers: Any, loss: Any, x: Any, t: Any) -> Any:
    value, found = gradients(layers, loss, x, t)
    shapes = str([gradient and [*map(len, gradient.rows)] for gradient in found])
    for gradient, earlier in zip(found, memory.get(shapes, [])):
        for row, more in zip(gradient.rows, earlier.rows) if gradient else ():
            row[:] = [a + b for a, b in zip(row, more)]
    memory[shapes] = found
    return value, found


@planted(refnn.model, "step", no_memory, by=(AssertionError, ValueError))
def memory_of_the_last_training(layers: Any, found: Any, states: Any, optimizer: Any) -> Any:
    moved, memory[optimizer] = right_step(layers, found, memory.get(optimizer, states), optimizer)
    return moved, memory[optimizer]


@planted(refnn.model, "step", no_shared_state, by=(AssertionError, ValueError))
def momentum_shared(layers: Any, found: Any, states: Any, optimizer: Any) -> Any:
    moved, shared = list(layers), states[0]
    for i, gradient in enumerate(found):
        if gradient is not None:
            new, shared = optimizer.update(layers[i].parameters, gradient, shared)
            moved[i] = layers[i].with_parameters(new)
    return moved, [shared for _ in layers]


@planted(Optimizer, "update", epoch)
def bias_never_updated(self: Any, parameters: Any, gradient: Any, state: Any = None) -> Any:
    moved, state = right_update(self, parameters, gradient, state)
    return moved._replace(bias=parameters.bias), state


@planted(Optimizer, "update", no_decay_of_biases)
def decay_on_bias(self: Any, parameters: Any, gradient: Any, state: Any = None) -> Any:
    if parameters.bias is not None:
        decay = constant(self.weight_decay, gradient.bias[0])
        pairs = zip(parameters.bias, gradient.bias)
        gradient = gradient._replace(bias=[g + decay * b for b, g in pairs])
    return right_update(self, parameters, gradient, state)


@planted(Optimizer, "update", momentum)
def momentum_reset(self: Any, parameters: Any, gradient: Any, state: Any = None) -> Any:
    return right_update(self, parameters, gradient, None)


@planted(Optimizer, "update", adam)
def adam_step_per_parameter(self: Any, parameters: Any, gradient: Any, state: Any = None) -> Any:
    moved, state = right_update(self, parameters, gradient, state)
    return moved, state._replace(steps=state.steps + len(parameters.rows) - 1)


@planted(SGD, "rule", sgd)
@planted(SGD, "rule", epoch)
def ascent(self: Any, like: Any, step: int) -> Any:
    return lambda w, g, _: ([a + self.lr * b for a, b in zip(w, g)], [])


@planted(SGD, "rule", sgd)
def learning_rate_twice(self: Any, like: Any, step: int) -> Any:
    return lambda w, g, _: ([a - self.lr * self.lr * b for a, b in zip(w, g)], [])


@planted(Momentum, "rule", momentum)
def momentum_on_gradient(self: Any, like: Any, step: int) -> Any:
    def row(w: Any, g: Any, averages: Any) -> Any:
        v = [a + self.mu * b for a, b in zip(averages[0], g)]
        return [a - self.lr * b for a, b in zip(w, v)], [v]

    return row


@planted(Nesterov, "rule", nesterov)
def nesterov_is_momentum(self: Any, like: Any, step: int) -> Any:
    return Momentum.rule(self, like, step)


@planted(RMSProp, "rule", rmsprop)
def epsilon_inside_root(self: Any, like: Any, step: int) -> Any:
    lr, rho, epsilon = (constant(c, like) for c in (self.lr, self.rho, self.epsilon))

    def row(w: Any, g: Any, averages: Any) -> Any:
        s = [rho * a + (1 - rho) * b * b for a, b in zip(averages[0], g)]
        return [a - lr * b / sqrt(c + epsilon) for a, b, c in zip(w, g, s)], [s]

    return row


def adam_row(self: Any, like: Any, correct: Any, inside: bool = False) -> Any:
    """Adam, but for how an average with a rate is corrected and where ε stands."""
    lr, epsilon = constant(self.lr, like), constant(self.epsilon, like)
    beta1, beta2 = constant(self.beta1, like), constant(self.beta2, like)

    def row(w: Any, g: Any, averages: Any) -> Any:
        m = [beta1 * a + (1 - beta1) * b for a, b in zip(averages[0], g)]
        s = [beta2 * a + (1 - beta2) * b * b for a, b in zip(averages[1], g)]
        roots = [sqrt(correct(c, beta2) + epsilon * inside) + epsilon * (not inside) for c in s]
        return [a - lr * correct(b, beta1) / c for a, b, c in zip(w, m, roots)], [m, s]

    return row


@planted(Adam, "rule", adam)
def adam_no_power(self: Any, like: Any, step: int) -> Any:
    return adam_row(self, like, lambda average, rate: average / (1 - rate))


@planted(Adam, "rule", adam)
def adam_multiplies_correction(self: Any, like: Any, step: int) -> Any:
    return adam_row(self, like, lambda average, rate: average * (1 - power(rate, step)))


@planted(Adam, "rule", adam)
def adam_uncorrected(self: Any, like: Any, step: int) -> Any:
    return adam_row(self, like, lambda average, rate: average)


@planted(Adam, "rule", adam)
def adam_epsilon_inside_root(self: Any, like: Any, step: int) -> Any:
    return adam_row(self, like, lambda average, rate: average / (1 - power(rate, step)), True)


@planted(Glorot, "__call__", glorot_scale)
def xavier_brackets(self: Any, inputs: int, outputs: int, rng: Random) -> Any:
    radius = (2 / inputs + outputs) ** 0.5
    return Uniform(-radius, radius)(inputs, outputs, rng)


@planted(He, "__call__", he_scale)
def he_of_fan_out(self: Any, inputs: int, outputs: int, rng: Random) -> Any:
    deviation = (2 / outputs) ** 0.5
    return [[rng.gauss(0.0, deviation) for _ in range(inputs)] for _ in range(outputs)]


@planted(Uniform, "__call__", uniform_scale)
@planted(Uniform, "__call__", units_differ)
def positive_init(self: Any, inputs: int, outputs: int, rng: Random) -> Any:
    return [[rng.random() for _ in range(inputs)] for _ in range(outputs)]


@planted(Uniform, "__call__", uniform_scale)
def inputs_and_outputs_swapped(self: Any, inputs: int, outputs: int, rng: Random) -> Any:
    return [[rng.uniform(self.low, self.high) for _ in range(outputs)] for _ in range(inputs)]


@planted(Uniform, "__call__", units_differ)
def same_seed_units(self: Any, inputs: int, outputs: int, rng: Random) -> Any:
    return [[rng.uniform(self.low, self.high) for _ in range(inputs)]] * outputs


@planted(
    Uniform, "__call__", partial(test_initializers.test_a_seed_repeats_its_weights, Uniform(0, 1))
)
def common_random_numbers(self: Any, inputs: int, outputs: int, rng: Random) -> Any:
    return [[random.random() for _ in range(inputs)] for _ in range(outputs)]
