"""The tape differentiates as dual numbers do, which go forwards: exactly on the grid."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given, settings

from refnn import Dual
from spec_tests.cases.case import Case
from spec_tests.cases.networks import off_grid, on_grid
from spec_tests.cases.strategy import drawn
from spec_tests.declaration import declare
from spec_tests.formulas.activation_functions import ACTIVATIONS, Slopes
from spec_tests.formulas.reductions import row_loss
from spec_tests.implementations.ref import Ref
from spec_tests.oracle.expected import DIGITS, as_decimal, as_float
from spec_tests.oracle.oracle import Oracle
from spec_tests.oracle.tape import Taped

DECLARATION = declare(Ref)
SMALL: dict[str, Any] = {"units": (1, 3), "inputs": (1, 3), "outputs": (1, 3), "rows": (1, 2)}


def dual_slopes(case: Case, row: int, number: Any) -> list[Any]:
    """∂(the row's loss)/∂v for each input, then each pre-activation, one forward pass for each."""
    alpha = number(DECLARATION.leaky_relu_alpha)
    slopes_of_units = Slopes(alpha, {"relu": number(0), "leaky_relu": alpha})
    targets = [number(t) for t in case.targets[row]]
    seeds = sum(case.widths)

    def seeded(value: Any, place: int, seed: int) -> Any:
        """The number, moved where it is the one that is asked for."""
        step = Dual(number(0), number(int(place == seed)))
        return value + step

    slopes = []
    for seed in range(seeds):
        x = [seeded(number(v), k, seed) for k, v in enumerate(case.inputs[row])]
        place = len(x)
        for layer in case.dense:
            bias = layer.bias or [0.0] * len(layer.weights)
            z = []
            for w, b in zip(layer.weights, bias, strict=True):
                terms = [v * number(u) for v, u in zip(x, w, strict=True)]
                z.append(seeded(sum(terms[1:], terms[0]) + number(b), place, seed))
                place += 1
            x = ACTIVATIONS[layer.activation].row(z, slopes_of_units)
        slopes.append(row_loss(case.loss, x, targets, number).tangent)
    return slopes


def tape_slopes(oracle: Oracle, row: int) -> list[Any]:
    found = oracle.rows[row]
    return [*found.dx, *(slope for layer in found.dz for slope in layer)]


@settings(max_examples=100)
@given(drawn(off_grid(DECLARATION, **SMALL)))
def test_to_40_digits(case: Case) -> None:
    oracle = Oracle(case, DECLARATION)
    with localcontext(DIGITS):
        try:
            pairs = list(zip(tape_slopes(oracle, 0), dual_slopes(case, 0, as_decimal), strict=True))
        except ArithmeticError:
            return
        # Slopes of a saturated unit are differences of numbers of about 1, or of the largest slope.
        most = max(1, *(abs(Decimal(b)) for _, b in pairs))
        assert all(abs(Decimal(a) - Decimal(b)) <= most * Decimal("1e-40") for a, b in pairs)


@settings(max_examples=100)
@given(drawn(on_grid(DECLARATION, **SMALL)))
def test_exactly_on_the_grid(case: Case) -> None:
    oracle = Oracle(case, DECLARATION)
    if oracle.exact:
        assert tape_slopes(oracle, 0) == dual_slopes(case, 0, as_float)


@pytest.mark.parametrize("law", [test_to_40_digits, test_exactly_on_the_grid])
def test_a_wrong_product_rule_is_found(law: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tape's own rule for a product, with its factors swapped."""

    def wrong(self: Taped, other: Any) -> Any:
        if isinstance(other, Taped):
            return self._made(self.value * other.value, (self, self.value), (other, other.value))
        return self._made(self.value * other, (self, other + 1))

    monkeypatch.setattr(Taped, "__mul__", wrong)
    with pytest.raises(AssertionError):
        law()
