"""The same training step as tutorials write it: sample by sample, in comprehensions.

    indexed_step    every number is reached by its index: weights[j][i] * x[i]
    zipped_step     the same numbers, paired by zip

Both add up the gradients of all samples before they change a parameter. As in tutorials, every
layer hands an input gradient down, the first one too, which has nobody below it.
"""

from __future__ import annotations

from typing import Any

from benchmarks.problem import Dense, Problem


def indexed_step(network: list[Dense], problem: Problem) -> list[Dense]:
    """The network after one step of gradient descent on the whole batch."""
    inputs, targets, learning_rate = problem.inputs, problem.targets, problem.learning_rate
    zero = 0 * learning_rate
    last = len(network) - 1
    gradient = zeros(network, zero)
    divisor = len(inputs) * len(targets[0])
    for sample in range(len(inputs)):
        entered, t = [inputs[sample]], targets[sample]
        for layer in range(len(network)):
            weights, bias = network[layer]
            x = entered[layer]
            y = [
                sum(weights[j][i] * x[i] for i in range(len(x))) + bias[j] for j in range(len(bias))
            ]
            if layer < last:
                y = [y[j] if y[j] > zero else zero for j in range(len(y))]
            entered.append(y)
        dy = [2 * (y[k] - t[k]) / divisor for k in range(len(y))]
        for layer in range(last, -1, -1):
            weights, bias = network[layer]
            x = entered[layer]
            dw, db = gradient[layer]
            gradient[layer] = (
                [[dw[j][i] + dy[j] * x[i] for i in range(len(x))] for j in range(len(dy))],
                [db[j] + dy[j] for j in range(len(dy))],
            )
            dx = [sum(weights[j][i] * dy[j] for j in range(len(dy))) for i in range(len(x))]
            dy = [dx[i] if x[i] > zero else zero for i in range(len(x))]
    moved = []
    for (weights, bias), (dw, db) in zip(network, gradient):
        moved.append(
            (
                [
                    [weights[j][i] - learning_rate * dw[j][i] for i in range(len(weights[j]))]
                    for j in range(len(weights))
                ],
                [bias[j] - learning_rate * db[j] for j in range(len(bias))],
            )
        )
    return moved


def zipped_step(network: list[Dense], problem: Problem) -> list[Dense]:
    """The network after one step of gradient descent on the whole batch."""
    inputs, targets, learning_rate = problem.inputs, problem.targets, problem.learning_rate
    zero = 0 * learning_rate
    last = len(network) - 1
    gradient = zeros(network, zero)
    divisor = len(inputs) * len(targets[0])
    for x, t in zip(inputs, targets):
        entered = [x]
        for layer, (weights, bias) in enumerate(network):
            y = [sum(w * v for w, v in zip(row, entered[-1])) + b for row, b in zip(weights, bias)]
            if layer < last:
                y = [z if z > zero else zero for z in y]
            entered.append(y)
        dy = [2 * (a - b) / divisor for a, b in zip(y, t)]
        for layer in range(last, -1, -1):
            weights, _ = network[layer]
            x = entered[layer]
            dw, db = gradient[layer]
            gradient[layer] = (
                [[g + d * v for g, v in zip(row, x)] for row, d in zip(dw, dy)],
                [g + d for g, d in zip(db, dy)],
            )
            dx = [sum(w * d for w, d in zip(column, dy)) for column in zip(*weights)]
            dy = [d if v > zero else zero for d, v in zip(dx, x)]
    return [
        (
            [[w - learning_rate * g for w, g in zip(*rows)] for rows in zip(weights, dw)],
            [b - learning_rate * g for b, g in zip(bias, db)],
        )
        for (weights, bias), (dw, db) in zip(network, gradient)
    ]


def zeros(network: list[Dense], zero: Any) -> list[Dense]:
    """A gradient to add to: zeros in the shape of the network's parameters."""
    return [
        ([[zero] * len(row) for row in weights], [zero] * len(bias)) for weights, bias in network
    ]
