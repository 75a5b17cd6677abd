"""Is a case exact? Proved by counting bits: then no right implementation rounds anything.

Numbers on a grid are whole multiples of a power of two, the step. A sum of products is exact in
every order, with FMA or without, when the largest sum of magnitudes is less than 2^p steps (p = 53
for float64, 24 for float32). So forward and backward pass are walked once, with magnitudes and
steps in the place of numbers. Divisions must be by powers of two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from spec_tests.cases.case import Case
from spec_tests.formulas.activation_functions import ACTIVATIONS
from spec_tests.formulas.dyadic import is_dyadic
from spec_tests.formulas.loss_functions import function_of
from spec_tests.formulas.reductions import divisor


def is_exact(case: Case, a: Any, dz: Any, alpha: float, dtype: str) -> bool:
    """Whether the case, with a and dz = ∂L/∂z of each row and layer as in `forward`, is exact.

    Magnitudes are summed in floats, which may round: one bit is kept back for that.
    """
    counter = _Counter(52 if dtype == "float64" else 23)
    loss, batch, outputs = case.loss, len(case.inputs), len(case.targets[0])
    is_exact_loss = function_of(loss).is_exact(loss)
    if not (is_exact_loss and _is_power_of_two(divisor(loss, batch, outputs))):
        return False
    names = set(case.activations)
    if not all(ACTIVATIONS[name].is_piecewise for name in names):
        return False
    if "leaky_relu" in names and not is_dyadic(alpha):
        return False
    slope = _lowest_bit([alpha]) if "leaky_relu" in names else 1.0
    factor = _lowest_bit([float(getattr(loss, "factor", 1)), float(getattr(loss, "delta", 1))])
    for layer, inputs in zip(case.dense, zip(*a, strict=True), strict=False):
        step = _lowest_bit(_flat(layer.weights)) * _lowest_bit(_flat(inputs))
        bias = layer.bias or [0.0] * len(layer.weights)
        step = min(step, _lowest_bit(bias)) * slope
        for row in inputs:
            for w, b in zip(layer.weights, bias, strict=True):
                size = abs(b) + sum(abs(p * q) for p, q in zip(w, row, strict=True))
                counter.count(size, step)
    residuals = [
        (abs(y) + abs(t), y - t)
        for rows, targets in zip(a, case.targets, strict=True)
        for y, t in zip(rows[-1], targets, strict=True)
    ]
    step = _lowest_bit([y for rows in a for y in rows[-1]] + _flat(case.targets))
    counter.count(max(size for size, _ in residuals), step)
    n = divisor(loss, batch, outputs)
    square = sum(r * r for _, r in residuals) + sum(abs(r) for _, r in residuals)
    counter.count(square * max(1, float(getattr(loss, "factor", 1))), step * step * factor / 4)
    deltas = list(zip(*dz, strict=True))
    rate = case.extras.get("learning_rate", 1.0)
    for i in range(len(case.dense) - 1, -1, -1):
        d, x = deltas[i], [rows[i] for rows in a]
        d_step = _lowest_bit(_flat(d)) * slope / n
        columns = list(zip(*x, strict=True))
        w_step = min(
            _lowest_bit(_flat(case.dense[i].weights)), _lowest_bit(case.dense[i].bias or [])
        )
        w_size = max(abs(w) for row in case.dense[i].weights for w in row)
        b_size = max(map(abs, case.dense[i].bias or [0]))
        for column in zip(*d, strict=True):
            size = n * sum(map(abs, column))
            counter.count(size, d_step)
            counter.count(b_size + rate * size, min(w_step, rate * d_step))
            for values in columns:
                size = n * sum(abs(p * q) for p, q in zip(column, values, strict=True))
                step = d_step * _lowest_bit(values)
                counter.count(size, step)
                counter.count(w_size + rate * size, min(w_step, rate * step))
        for row in d:
            for weights in zip(*case.dense[i].weights, strict=True):
                size = sum(abs(p * q) for p, q in zip(row, weights, strict=True))
                counter.count(n * size, d_step * _lowest_bit(weights))
    return counter.fits


class _Counter:
    def __init__(self, bits: int) -> None:
        self.most = 2.0**bits
        self.fits = True

    def count(self, magnitude: float, step: float) -> None:
        self.fits = self.fits and magnitude < self.most * step


def _lowest_bit(numbers: Iterable[float]) -> float:
    """The largest power of two of which all are multiples; 1 at most."""
    smallest = 1.0
    for number in numbers:
        smallest = min(smallest, 1 / float(number).as_integer_ratio()[1])
    return smallest


def _flat(rows: Sequence[Sequence[float]]) -> list[float]:
    return [number for row in rows for number in row]


def _is_power_of_two(n: int) -> bool:
    return n & (n - 1) == 0
