"""The project in one test.

Hypothesis draws networks, batches and training steps. On each the list-based reference is compared
with central differences, to which its gradient is equal on fractions, and with a NumPy twin, to
which it is equal on the grid, where nothing rounds, and as near as rounding allows elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refnn import FCLayer, Model, Parameters, SquaredError
from refnn.scalar import dot
from spec_tests.cases.case import Case, Dense
from spec_tests.cases.networks import either
from spec_tests.cases.strategy import drawn
from spec_tests.declaration import declare
from spec_tests.errors import Vacuous
from spec_tests.formulas.loss_functions import function_of
from spec_tests.implementations.numpy_adapter import NumPy
from spec_tests.implementations.ref import Ref
from spec_tests.judge.certainty import bounds, flat
from spec_tests.oracle.oracle import Oracle
from spec_tests.scripts.writer import Writer
from spec_tests.subject import in_process
from tests.case import Case as Exactly
from tests.gradients import (
    central_difference,
    reverse_gradient,
    sides,
    step_across_no_kink,
)

DECLARATION = declare(Ref)
RATES = (0.5, 0.125, 0.1)
STEPS = 2
ASKED: tuple[tuple[str, dict[str, float]], ...] = (
    ("predict", {}),
    ("loss_value", {}),
    ("gradients", {}),
)
MOST_DIFFERENCES = 12
"""Of a large network, so many parameters are moved."""


def both_agree(case: Case, rate: float) -> None:
    """Before each of a few steps, and after the last."""
    for _ in range(STEPS):
        writer = Writer(case.loss)
        asked = {
            method: writer.ask(writer.load(case.dense), method, case.inputs, case.targets, **more)
            for method, more in (*ASKED, ("step", {"learning_rate": rate}))
        }
        writer.parameters(len(asked) - 1)
        reference, twin = (in_process(kind).play(writer.script()) for kind in (Ref, NumPy))
        equals_central_differences(case)
        expected = Oracle(case, DECLARATION)

        mine, its = ({m: each.answer(k) for m, k in asked.items()} for each in (reference, twin))
        try:
            expected.refuse_kinks()
            agree(mine["predict"], its["predict"], expected.outputs, expected.exact)
            agree(mine["loss_value"], its["loss_value"], expected.loss, False)
            agree(mine["gradients"], its["gradients"], expected.gradients, expected.exact)
            moved = expected.stepped(rate)
        except (Vacuous, ArithmeticError):
            return
        after, other = (played.moved(asked["step"]) for played in (reference, twin))
        agree(after, other, moved, expected.exact and rate != 0.1)
        case = replace(case, dense=trained(case, after))


def agree(mine: Any, its: Any, expected: Any, equal: bool) -> None:
    """Equal, or at most two bounds apart: each is within one of what is right."""
    for a, b, bound in zip(flat([mine]), flat([its]), bounds([expected]), strict=True):
        if equal:
            assert a == b
        elif math.isfinite(bound):
            assert abs(Fraction(a) - Fraction(b)) <= 2 * Fraction(bound)


def equals_central_differences(case: Case) -> None:
    """On fractions, where there are such, and between the kinks: there L is a parabola."""
    if not (
        function_of(case.loss).is_exact(case.loss) and set(case.activations) <= {"identity", "relu"}
    ):
        return
    adapter = Ref()
    adapter.loss = case.loss
    adapter.load([tuple(layer) for layer in case.dense])
    model: Model[float] = adapter.model
    whole = Exactly(model, case.inputs, case.targets).map(Fraction)
    if 0 in sides(whole):
        return
    slopes = reverse_gradient(whole)
    for k in range(0, whole.variables, 1 + whole.variables // MOST_DIFFERENCES):
        assert slopes[k] == central_difference(whole, k, step_across_no_kink(whole, k))


def trained(case: Case, pairs: Any) -> list[Dense]:
    return [
        Dense(weights, bias, layer.activation)
        for (weights, bias), layer in zip(pairs, case.dense, strict=True)
    ]


NETWORKS = drawn(either(DECLARATION, units=(1, 4), outputs=(1, 4), inputs=(1, 4)))


@settings(max_examples=200)
@given(NETWORKS, st.sampled_from(RATES))
def test_the_reference_against_central_differences_and_a_numpy_twin(
    case: Case, rate: float
) -> None:
    both_agree(case, rate)


def _doubled(self: Any, x: Any, y: Any, dy: Any) -> Any:
    weights, bias = right(self, x, y, dy)
    return Parameters([[2 * g for g in row] for row in weights], bias)


right = FCLayer.parameter_gradient
PLANTED: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "dW is doubled": (FCLayer, "parameter_gradient", _doubled),
    "the bias is forgotten": (
        FCLayer,
        "forward",
        lambda self, x: [[dot(w, row) for w in self.weights] for row in x],
    ),
    "a factor is lost": (
        SquaredError,
        "row_gradient",
        lambda self, y, t: [a - b for a, b in zip(y, t, strict=True)],
    ),
}


@pytest.mark.parametrize("name", PLANTED)
@pytest.mark.parametrize("with_twin", [False, True])
def test_each_comparison_finds_a_planted_bug(
    name: str, with_twin: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Differences alone, and the twin alone."""
    owner, method, wrong = PLANTED[name]
    monkeypatch.setattr(owner, method, wrong)

    def compare(case: Case) -> None:
        if with_twin:
            monkeypatch.setattr(f"{__name__}.equals_central_differences", lambda case: None)
            both_agree(case, 0.5)
        else:
            equals_central_differences(case)

    once = settings(max_examples=100, database=None, report_multiple_bugs=False)
    law = once(given(NETWORKS)(compare))
    with pytest.raises(AssertionError):
        law()
