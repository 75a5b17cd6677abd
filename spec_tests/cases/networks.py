"""Whole cases to draw: topology, parameters, batch, loss. Shrinking leads to the smallest net."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from refnn.losses import Loss
from spec_tests.adapter import Range
from spec_tests.cases.case import Case, Dense, Matrix
from spec_tests.cases.dyadic import PIECEWISE, can_be_exact, is_dyadic
from spec_tests.cases.numbers import Pool, offsets, pools, quarters, ragged
from spec_tests.declaration import Declaration

Draw = Callable[[Any], Any]
PROBABILITIES = ("BinaryCrossEntropy", "CrossEntropy")
CLASSES = (*PROBABILITIES, "BinaryCrossEntropyWithLogits", "SoftmaxCrossEntropy")
SCALES = (1.0, 0.5, 2.0, 1.0, 0.25, 8.0)


class Unsupported(Exception):
    """What the adapter declares leaves no such case."""


def widths(limits: Range, usual: int = 4) -> st.SearchStrategy[int]:
    """Within the limits: mostly small, sometimes past 8, 16 and 32. Shrinks to the smallest."""
    low, high = limits
    most = max(low, usual) if high is None else min(max(low, usual), high)
    small = [low, *(width for width in range(low, most + 1) for _ in range(1 + (width > 1)))]
    wide = [w for w in (9, 17, 33) if most < w and (high is None or w <= high)]
    return st.sampled_from(small * 4 + wide)


def _batch_sizes(limits: Range, grid: bool) -> st.SearchStrategy[int]:
    """Mostly up to 4 rows, sometimes past 8 and 16; powers of two on the grid, where means are."""
    low, high = limits
    small = [n for n in ((1, 2, 4) if grid else (1, 2, 3, 4)) if n >= low]
    large = [8, 16] if grid else [7, 9, 17]
    sizes = (small or [low]) * 5 + large
    return st.sampled_from([n for n in sizes if high is None or n <= high])


def _exact_names(declaration: Declaration, names: Sequence[str]) -> list[str]:
    leaky = is_dyadic(declaration.leaky_relu_alpha)
    return [name for name in names if name in PIECEWISE and (leaky or name != "leaky_relu")]


def cases(
    declaration: Declaration,
    *,
    grid: bool,
    hidden: Range = (0, 3),
    rows: Range = (1, None),
    losses: Sequence[Loss] | None = None,
    first: Sequence[str] | None = None,
    last: Sequence[str] | None = None,
    outputs: Range = (1, None),
    units: Range = (1, None),
    scales: Sequence[float] = SCALES,
) -> st.SearchStrategy[Case]:
    """Cases of what the adapter declares; on the grid, or of numbers with many digits.

    hidden: how many hidden layers, units: how wide; first and last: activations of the hidden
    layers and of the last one. Unsupported where nothing of this is declared.
    """
    fitting = _Fitting(declaration, grid, first, last, outputs)
    depths = _both("hidden layers", declaration.hidden_layers, hidden)
    batch = _both(f"rows of batch {declaration.batch!r}", _rows_at_once(declaration), rows)
    width = _both("hidden units", declaration.hidden_width, units)
    left = fitting.losses(losses)
    if depths[0] and not fitting.hidden:
        raise Unsupported("no such activation is declared for hidden layers")
    if not fitting.hidden:
        depths = (0, 0)

    @st.composite
    def case(draw: Draw) -> Case:
        loss = draw(st.sampled_from(left))
        depth = draw(st.integers(depths[0], depths[0] + 3 if depths[1] is None else depths[1]))
        names = fitting.activations(draw, loss, depth)
        sizes = [draw(widths(declaration.inputs))]
        sizes += [draw(widths(_at_least_two(width, n))) for n in names[:-1]]
        sizes += [draw(fitting.output_widths(loss, names[-1]))]
        number, offset = quarters, offsets
        if not grid:
            number = offset = ragged(declaration.dtype, draw(st.sampled_from(scales)))
        weights, data = draw(pools(number, 13)), draw(pools(number))
        shifts = draw(pools(offset))
        dense = [
            Dense(
                weights.matrix(i, above, below),
                shifts.matrix(i, 1, above)[0] if declaration.bias else None,
                name,
            )
            for i, (below, above, name) in enumerate(zip(sizes[:-1], sizes[1:], names, strict=True))
        ]
        size = draw(_batch_sizes(batch, grid))
        inputs = data.matrix(0, size, sizes[0])
        return Case(dense, inputs, _targets(draw, shifts, loss, size, sizes[-1]), loss)

    return case()


def either(declaration: Declaration, **limits: Any) -> st.SearchStrategy[Case]:
    """Cases on the grid and off it, where there are such."""
    free = cases(declaration, grid=False, **limits)
    try:
        return st.one_of(cases(declaration, grid=True, **limits), free)
    except Unsupported:
        return free


def on_grid(declaration: Declaration, **limits: Any) -> st.SearchStrategy[Case]:
    return cases(declaration, grid=True, **limits)


def off_grid(declaration: Declaration, **limits: Any) -> st.SearchStrategy[Case]:
    return cases(declaration, grid=False, **limits)


def _rows_at_once(declaration: Declaration) -> Range:
    return 1, None if declaration.several_rows else 1


def _both(what: str, limits: Range, wanted: Range) -> Range:
    """The range that is in both; Unsupported where there is none."""
    low = max(limits[0], wanted[0])
    highs = [high for high in (limits[1], wanted[1]) if high is not None]
    high = min(highs) if highs else None
    if high is not None and low > high:
        least, most = wanted
        wish = f"{least} or more" if most is None else f"{least} to {most}"
        raise Unsupported(f"needs {wish} {what}, declared are {limits}")
    return low, high


class _Fitting:
    """Which losses, activations and widths of the declared ones go together."""

    def __init__(
        self,
        declaration: Declaration,
        grid: bool,
        first: Sequence[str] | None,
        last: Sequence[str] | None,
        outputs: Range,
    ) -> None:
        self.declaration = declaration
        self.grid = grid
        self.hidden = _told_apart(declaration.hidden_width, declaration.activations, first)
        self.last = _told_apart(declaration.outputs, declaration.output_activations, last)
        if grid:
            self.hidden = _exact_names(declaration, self.hidden)
            self.last = _exact_names(declaration, self.last)
        self.outputs = _both("outputs", declaration.outputs, outputs)

    def losses(self, wanted: Sequence[Loss] | None) -> list[Loss]:
        losses = self.declaration.losses if wanted is None else wanted
        left = [loss for loss in losses if not self.grid or can_be_exact(loss)]
        left = [loss for loss in left if self.output_names(loss) and self._widths(loss) is not None]
        if not left:
            raise Unsupported("no such activation and loss are declared together")
        return left

    def output_names(self, loss: Loss) -> list[str]:
        name = type(loss).__name__
        fitting = {
            "BinaryCrossEntropy": ("sigmoid", "softmax"),
            "CrossEntropy": ("softmax",),
        }.get(name, self.last)
        names = _within(self.last, fitting)
        return _within(names, self.hidden) if self.declaration.uniform_activation else names

    def activations(self, draw: Draw, loss: Loss, depth: int) -> list[str]:
        final = draw(st.sampled_from(self.output_names(loss)))
        if self.declaration.uniform_activation:
            return [final] * (depth + 1)
        return [*(draw(st.sampled_from(self.hidden)) for _ in range(depth)), final]

    def output_widths(self, loss: Loss, activation: str) -> st.SearchStrategy[int]:
        found = self._widths(loss, activation)
        assert found is not None
        return found

    def _widths(self, loss: Loss, activation: str = "") -> st.SearchStrategy[int] | None:
        low, high = _at_least_two(self.outputs, activation)
        if self.grid and loss.outputs == "mean":
            powers = [k for k in (1, 2, 4) if low <= k and (high is None or k <= high)]
            return st.sampled_from(powers) if powers else None
        if type(loss).__name__ in ("CrossEntropy", "SoftmaxCrossEntropy"):
            if self.declaration.outputs[1] == 1:
                return None
            low = max(low, 2) if high != 1 else low
        return widths((low, high)) if high is None or low <= high else None


def _at_least_two(limits: Range, activation: str) -> Range:
    """A softmax of one score is 1, whatever the score."""
    low, high = limits
    return (max(low, 2) if activation == "softmax" and high != 1 else low), high


def _told_apart(width: Range, names: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    """Without softmax where there is never more than one unit: its output is 1 then."""
    return [name for name in _within(names, wanted) if width[1] != 1 or name != "softmax"]


def _within(names: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    return [name for name in names if wanted is None or name in wanted]


def _targets(draw: Draw, shifts: Pool, loss: Loss, batch: int, outputs: int) -> Matrix:
    name = type(loss).__name__
    if name not in CLASSES:
        return shifts.matrix(2, batch, outputs)
    if name.startswith("Binary"):
        shares = draw(pools(st.sampled_from([0.0, 1.0, 0.25, 0.5]), 3))
        return [list(row) for row in shares.matrix(0, batch, outputs)]
    chosen = draw(pools(st.sampled_from([0, 1, 2, 3]), 3)).matrix(0, batch, 1)
    return [[float(k == one % outputs) for k in range(outputs)] for [one] in chosen]
