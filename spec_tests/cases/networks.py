"""Whole cases to draw: topology, parameters, batch, loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random
from typing import Any

from refnn.losses import Loss
from spec_tests.adapter import Range
from spec_tests.cases.case import Case, Dense, Least
from spec_tests.cases.drawing import Drawing, any_of, one_of
from spec_tests.cases.fitting import NARROW, Fitting, at_least_two, both, widths
from spec_tests.cases.numbers import Pool, in_format, offsets, pools, quarters, ragged
from spec_tests.cases.targets import targets_of, with_a_saturated_output
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported
from spec_tests.formulas.loss_functions import function_of

SCALES = (1.0, 0.5, 2.0, 1.0, 0.25, 8.0)
DEEPEST_EXACT = 3
"""With each layer numbers have more bits, and more units are exactly on their kinks."""
DEEP = 5
"""Networks of more hidden layers are as narrow as may be, so that they cost no more than others."""


def _batch_sizes(limits: Range, grid: bool) -> Drawing[int]:
    """Mostly up to 4 rows, sometimes past 8 and 16; powers of two on the grid, where means are.

    Where the limits leave none of these, the smallest sizes that they leave.
    """
    low, high = limits
    sizes = [1, 2, 4] * 5 + [8, 16] if grid else [1, 2, 3, 4] * 5 + [7, 9, 17]
    fitting = [n for n in sizes if low <= n and (high is None or n <= high)]
    if not fitting:
        power = 2 ** math.ceil(math.log2(low))
        nearest = [power] if grid else [low, low + 3, low + 4]
        fitting = [n for n in nearest if high is None or n <= high] or [low]
    return one_of(*fitting)


def _nearest(what: str, declared: Range, wanted: Range, strictly: bool) -> Range:
    """As many as wanted; unless `strictly`, the fewest that are declared where these are more."""
    low, high = wanted
    if not strictly and high is not None:
        high = max(high, declared[0])
    return both(what, declared, (low, high))


def cases(
    declaration: Declaration,
    *,
    grid: bool,
    hidden: Range = (0, 3),
    strictly: bool = False,
    rows: Range = (1, None),
    losses: Sequence[Loss] | None = None,
    first: Sequence[str] | None = None,
    last: Sequence[str] | None = None,
    inputs: Range = (1, None),
    outputs: Range = (1, None),
    units: Range = (1, None),
    scales: Sequence[float] = SCALES,
) -> Drawing[Case]:
    """Cases of what the adapter declares; on the grid, or of numbers with many digits.

    hidden: how many hidden layers, units: how wide; where more are declared than that, as few as
    may be, unless it is meant `strictly`. first and last: activations of the hidden layers and of
    the last one. Unsupported where nothing of this is declared.
    """
    exit = _nearest("outputs", declaration.outputs, outputs, strictly)
    fitting = Fitting(declaration, grid, first, last, exit)
    low, high = _nearest("hidden layers", declaration.hidden_layers, hidden, strictly)
    depths = low, low + 3 if high is None else high
    if grid:
        if low > DEEPEST_EXACT:
            raise Unsupported(f"more than {DEEPEST_EXACT} hidden layers leave nothing exact")
        depths = low, min(depths[1], DEEPEST_EXACT)
    at_once = 1, None if declaration.several_rows else 1
    batch = both(f"rows of batch {declaration.batch!r}", at_once, rows)
    width = _nearest("hidden units", declaration.hidden_width, units, strictly)
    entrance = _nearest("inputs", declaration.inputs, inputs, strictly)
    left = fitting.losses(losses)
    if not fitting.hidden:
        if depths[0]:
            raise Unsupported("no such activation is declared for hidden layers")
        depths = (0, 0)

    sizes_of_batches = _batch_sizes(batch, grid)

    def case(rng: Random) -> Case:
        loss = rng.choice(left)
        depth = rng.randint(*depths)
        usual = NARROW if depth > DEEP else 4
        names = fitting.activations(rng, loss, depth)
        sizes = [widths(entrance, usual)(rng)]
        sizes += [widths(at_least_two(width, n), usual)(rng) for n in names[:-1]]
        sizes += [fitting.output_widths(loss, names[-1])(rng)]
        is_near = function_of(loss).keeps_scores_near
        small = [scale for scale in scales if scale <= 1]
        own = small if is_near else scales
        weights, data, shifts = _pools(rng, grid, declaration.dtype, own)
        # The sizes of many layers multiply: undamped, such networks die or run away.
        damped = not grid and (depth > DEEP or is_near or rng.random() < 0.5)
        dense = []
        for i, (below, above, name) in enumerate(zip(sizes[:-1], sizes[1:], names, strict=True)):
            w, b = weights.matrix(i, above, below), shifts.row(i, above)
            if damped:
                w, b = _damped(w, declaration.dtype), _damped([b], declaration.dtype, below)[0]
            if depth > DEEP:
                w, b = _alive(w, declaration.dtype), [abs(b[0]), *b[1:]]
            dense.append(Dense(w, b if declaration.bias else None, name))
        size = sizes_of_batches(rng)
        targets = targets_of(rng, declaration.targets, shifts, loss, size, sizes[-1])
        fewest = max(exit[0], function_of(loss).fewest_outputs)
        least = Least(batch[0], entrance[0], width[0], fewest, depths[0] + 1)
        found = Case(dense, data.matrix(0, size, sizes[0]), targets, loss, {}, least)
        return found if grid else with_a_saturated_output(rng, found)

    return case


def _pools(rng: Random, grid: bool, dtype: str, scales: Sequence[float]) -> tuple[Pool, Pool, Pool]:
    """Of weights, of inputs, and of biases and targets."""
    if grid:
        return pools(quarters)(rng), pools(quarters)(rng), pools(offsets)(rng)
    numbers = ragged(dtype, rng.choice(scales))
    return pools(numbers)(rng), pools(numbers)(rng), pools(numbers)(rng)


def _damped(rows: list[list[float]], dtype: str, fan_in: int = 0) -> list[list[float]]:
    """Divided by the root of the fan-in: so wide and deep networks do not saturate."""
    root = math.sqrt(fan_in or len(rows[0]))
    return [[in_format(number / root, dtype) for number in row] for row in rows]


def _alive(rows: list[list[float]], dtype: str) -> list[list[float]]:
    """With the first row positive: a unit that is not below 0 where what it is fed with is not, and
    no larger than that. Of many layers of narrow relus, some is dead for all rows in most networks:
    nothing behind it learns, and there is nothing to judge.
    """
    return [*_damped([[abs(number) for number in rows[0]]], dtype), *rows[1:]]


def either(declaration: Declaration, **limits: Any) -> Drawing[Case]:
    """Cases on the grid and off it, where there are such."""
    free = off_grid(declaration, **limits)
    try:
        return any_of(on_grid(declaration, **limits), free)
    except Unsupported:
        return free


def on_grid(declaration: Declaration, **limits: Any) -> Drawing[Case]:
    return cases(declaration, grid=True, **limits)


def off_grid(declaration: Declaration, **limits: Any) -> Drawing[Case]:
    return cases(declaration, grid=False, **limits)
