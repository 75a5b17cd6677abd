"""Which losses, activations and widths of the declared ones go together; and if none, why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random

from refnn.losses import BinaryCrossEntropy, CrossEntropy, Loss
from spec_tests.adapter import Range
from spec_tests.cases.drawing import Drawing, one_of
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported
from spec_tests.formulas.activation_functions import ACTIVATIONS
from spec_tests.formulas.dyadic import is_dyadic
from spec_tests.formulas.loss_functions import function_of

INSTEAD = {
    (CrossEntropy, "sigmoid"): "BinaryCrossEntropy",
    (CrossEntropy, "identity"): "SoftmaxCrossEntropy",
    (BinaryCrossEntropy, "identity"): "BinaryCrossEntropyWithLogits",
}
"""What is often meant."""
NARROW = 2
NOT_TOGETHER = "no such activation and loss are declared together"


def both(what: str, limits: Range, wanted: Range) -> Range:
    """The range that is in both; Unsupported where there is none."""
    low = max(limits[0], wanted[0])
    highs = [high for high in (limits[1], wanted[1]) if high is not None]
    high = min(highs) if highs else None
    if high is not None and low > high:
        raise Unsupported(f"needs {_range(wanted)} {what}, declared are {_range(limits)}")
    return low, high


def _range(limits: Range) -> str:
    low, high = limits
    if low == high:
        return str(low)
    return f"{low} or more" if high is None else f"{low} to {high}"


def at_least_two(limits: Range, activation: str) -> Range:
    """A softmax of one score is 1, whatever the score."""
    low, high = limits
    return (max(low, 2) if activation == "softmax" and high != 1 else low), high


def widths(limits: Range, usual: int = 4) -> Drawing[int]:
    """Within the limits: mostly small, sometimes past 8, 16 and 32."""
    return one_of(*_widths(limits, usual))


@cache
def _widths(limits: Range, usual: int) -> Sequence[int]:
    low, high = limits
    most = max(low, usual) if high is None else min(max(low, usual), high)
    small = [low, *(width for width in range(low, most + 1) for _ in range(1 + (width > 1)))]
    wide = [w for w in (9, 17, 33) if usual > NARROW and most < w and (high is None or w <= high)]
    return [*small * 4, *wide]


class Fitting:
    """Of one clause: on the grid or not, with some activations only, with some outputs only."""

    def __init__(
        self,
        declaration: Declaration,
        grid: bool,
        first: Sequence[str] | None,
        last: Sequence[str] | None,
        outputs: Range,
    ) -> None:
        """`outputs`: how many there may be here."""
        self.declaration = declaration
        self.grid = grid
        self.hidden = _told_apart(declaration.hidden_width, declaration.activations, first)
        self.last = _told_apart(declaration.outputs, declaration.output_activations, last)
        if grid:
            self.hidden = self._exact_names(self.hidden)
            self.last = self._exact_names(self.last)
        self.outputs = outputs

    def _exact_names(self, names: Sequence[str]) -> list[str]:
        leaky = is_dyadic(self.declaration.leaky_relu_alpha)
        exact = [name for name in names if ACTIVATIONS[name].is_piecewise]
        return [name for name in exact if leaky or name != "leaky_relu"]

    def losses(self, wanted: Sequence[Loss] | None) -> list[Loss]:
        losses = self.declaration.losses if wanted is None else wanted
        left = [loss for loss in losses if not self.grid or function_of(loss).is_exact(loss)]
        left = [loss for loss in left if self.output_names(loss) and self._widths(loss) is not None]
        if not left:
            raise Unsupported(_misfit(self.declaration) or NOT_TOGETHER)
        return left

    def output_names(self, loss: Loss) -> list[str]:
        names = _within(self.last, function_of(loss).after)
        return _within(names, self.hidden) if self.declaration.uniform_activation else names

    def activations(self, rng: Random, loss: Loss, depth: int) -> list[str]:
        final = rng.choice(self.output_names(loss))
        if self.declaration.uniform_activation:
            return [final] * (depth + 1)
        return [*(rng.choice(self.hidden) for _ in range(depth)), final]

    def output_widths(self, loss: Loss, activation: str) -> Drawing[int]:
        found = self._widths(loss, activation)
        assert found is not None
        return found

    def _widths(self, loss: Loss, activation: str = "") -> Drawing[int] | None:
        low, high = at_least_two(self.outputs, activation)
        if self.grid and loss.outputs == "mean":
            powers = [k for k in (1, 2, 4) if low <= k and (high is None or k <= high)]
            return one_of(*powers) if powers else None
        fewest = function_of(loss).fewest_outputs
        if self.declaration.outputs[1] is not None and self.declaration.outputs[1] < fewest:
            return None
        low = max(low, fewest) if high != 1 else low
        return widths((low, high)) if high is None or low <= high else None


def _misfit(declaration: Declaration) -> str:
    """Why no declared loss goes with any declared output, and what would; "" where one does."""
    for loss in declaration.losses:
        name, function = type(loss).__name__, function_of(loss)
        needed, most = function.after, declaration.outputs[1]
        own = declaration.output_activations
        if needed is not None and not set(needed) & set(own):
            other = INSTEAD.get((type(loss), own[0]))
            hint = f": {other}?" if other else ""
            return f"{name} needs {' or '.join(needed)} outputs, yours has {own[0]}{hint}"
        if most is not None and most < function.fewest_outputs:
            return f"{name} needs two outputs or more, yours has 1: a binary cross-entropy?"
    return ""


def _told_apart(width: Range, names: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    """Without softmax where there is never more than one unit: its output is 1 then."""
    return [name for name in _within(names, wanted) if width[1] != 1 or name != "softmax"]


def _within(names: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    return [name for name in names if wanted is None or name in wanted]
