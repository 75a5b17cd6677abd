"""LOSS: the loss reported, the gradient used, and that one is the derivative of the other."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import Any

from refnn.losses import Loss, SoftmaxCrossEntropy
from spec_tests.cases.case import Case, Dense
from spec_tests.cases.drawing import Drawing, between, mapped
from spec_tests.cases.extras import limited, many_rows, usual, with_extras
from spec_tests.cases.networks import either, off_grid
from spec_tests.cases.targets import SATURATED
from spec_tests.clauses.registry import Cases, clause
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported, Violation
from spec_tests.expect import Comparison
from spec_tests.formulas.loss_functions import LOSSES, function_of
from spec_tests.judge import views
from spec_tests.judge.certainty import answered, arithmetic
from spec_tests.judge.played import Played
from spec_tests.oracle.expected import Expected
from spec_tests.oracle.oracle import Oracle
from spec_tests.scripts import asks
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer

SEEN = "gradients|step"


def of_loss(kind: type[Loss], base: Cases = either) -> Cases:
    def cases(declaration: Declaration) -> Drawing[Case]:
        own = [loss for loss in declaration.losses if isinstance(loss, kind)]
        if not own:
            raise Unsupported(f"{kind.__name__} is not declared")
        return base(declaration, hidden=(0, 1), losses=own)

    return cases


def _register(kind: type[Loss]) -> None:
    cases, many = of_loss(kind), of_loss(kind, many_rows(off_grid))
    title = LOSSES[kind].title
    clause(
        f"LOSS-{title}-VALUE", "loss", "loss_value", cases, asks.questions, views.loss, rare=[many]
    )
    clause(
        f"LOSS-{title}-GRADIENT",
        "gradient",
        SEEN,
        cases,
        asks.questions,
        views.gradients,
        rare=[many],
    )


for _kind in LOSSES:
    _register(_kind)


def the_loss_reported_is_the_loss_descended(played: Played) -> float:
    """Both are compared with the declared loss, so a factor between them shows."""
    return max(views.descended_loss(played), views.gradients(played))


clause(
    "LOSS-CONSISTENT",
    "loss gradient",
    "loss_value gradients|step",
    usual,
    asks.questions,
    the_loss_reported_is_the_loss_descended,
    rare=[many_rows(off_grid)],
)


def certain(declaration: Declaration) -> Drawing[Case]:
    """Outputs that are exactly 0 or 1, through biases of ±1000."""
    own = [loss for loss in declaration.losses if function_of(loss).after is not None]
    if not own:
        raise Unsupported("no loss of probabilities is declared")
    if not declaration.bias:
        raise Unsupported("without biases no output is surely 0 or 1")
    base = off_grid(declaration, hidden=(0, 0), losses=own, rows=(1, 1), scales=(1.0,))

    def far(case: Case) -> Case:
        targets = [[float(round(t)) for t in case.targets[0]]]
        return _with_scores(replace(case, targets=targets), SATURATED, SATURATED)

    return mapped(base, far)


def _with_scores(case: Case, right: float, wrong: float) -> Case:
    """Every other score is positive; its size depends on whether the target agrees."""
    weights, _, name = case.dense[-1]
    scores = []
    for k, t in enumerate(case.targets[0]):
        sign = 1 if k % 2 else -1
        scores.append(sign * (right if (sign > 0) == (t > 0.5) else wrong))
    nothing = [[0.0] * len(row) for row in weights]
    return replace(case, dense=[*case.dense[:-1], Dense(nothing, scores, name)])


MILD = 4.0
"""A score whose probability is 1.8 %. The loss falls with the probability, so that at 0 it is no
less than here; those who clip probabilities do so far below."""


def edge_and_mild(case: Case, declaration: Declaration) -> Script:
    """The loss at certain probabilities; the network after it is not asked, its loss is a floor."""
    writer = Writer(case.loss, {"mild": _with_scores(case, SATURATED, MILD).dense})
    writer.ask(writer.load(case.dense), "loss_value", case.inputs, case.targets)
    return writer.script()


def certain_probabilities_give_no_nan(played: Played) -> None:
    """Where all are right the loss is known; where one is wrong it is large, or infinite."""
    [k] = played.calls("loss_value")
    oracle, seen = played.oracle(k), Comparison()
    expected, value = oracle.loss, played.loss_value(k)
    if math.isfinite(expected.bound):
        seen.number("the loss", value, expected)
        seen.judge()
        return
    mild = replace(oracle.case, dense=played.script.extras["mild"])
    least = Oracle(mild, played.declaration).loss
    low = float(least.value) - least.bound
    if not value >= low:
        raise Violation(f"the loss is {value}, should be from {low:.3g} to infinity")


clause(
    "LOSS-EDGES",
    "loss non-finite",
    "loss_value",
    certain,
    edge_and_mild,
    certain_probabilities_give_no_nan,
)


def one_row_of_nan(declaration: Declaration) -> Drawing[Case]:
    """NaN in one row of several, where a batch may have several."""
    least = 2 if declaration.several_rows else 1
    base = with_extras(off_grid, place=between(0, 98))
    return base(declaration, hidden=(0, 2), rows=(least, 4))


def with_a_row_of_nan(case: Case, declaration: Declaration) -> Script:
    inputs = [list(row) for row in case.inputs]
    inputs[case.extras["place"] % len(inputs)] = [math.nan] * len(inputs[0])
    return asks.asks("loss_value")(case.with_rows(inputs, case.targets), declaration)


def a_nan_prediction_gives_a_nan_loss(played: Played) -> None:
    [k] = played.calls("loss_value")
    value = played.loss_value(k)
    if not math.isnan(value):
        raise Violation(f"the loss of nan is {value}, should be nan")


clause(
    "LOSS-NAN",
    "loss non-finite",
    "loss_value",
    one_row_of_nan,
    with_a_row_of_nan,
    a_nan_prediction_gives_a_nan_loss,
)


def far_scores(declaration: Declaration) -> Drawing[Case]:
    """The class of the target is so unlikely that its probability is no normal number."""
    own = [loss for loss in declaration.losses if isinstance(loss, SoftmaxCrossEntropy)]
    if not own:
        raise Unsupported("SoftmaxCrossEntropy is not declared")
    if not declaration.bias or "identity" not in declaration.output_activations:
        raise Unsupported("without biases and plain scores no probability is surely small")
    limits: Any = {"hidden": (0, 0), "losses": own, "rows": (1, 1), "scales": (1.0,)}
    base = with_extras(limited(off_grid, last=("identity",), **limits), place=between(0, 98))
    nearest, step = (700, 45 / 98) if declaration.dtype == "float64" else (85, 18 / 98)

    def far(case: Case) -> Case:
        gap = float(round(nearest + step * case.extras["place"]))
        weights, bias, name = case.dense[-1]
        assert bias is not None
        scores = [-gap, *[0.0] * (len(bias) - 1)]
        nothing = [[0.0] * len(row) for row in weights]
        dense = [*case.dense[:-1], Dense(nothing, scores, name)]
        targets = [[float(k == 0) for k in range(len(bias))]]
        return replace(case, dense=dense, targets=targets)

    return mapped(base(declaration), far)


def the_loss_keeps_its_digits_in_the_far_tail(played: Played) -> float:
    """A power and a logarithm with their ulps, the sum of the powers, and four more roundings.

    -ln p of a p that is no normal number has lost some: it is right, but not to all digits.
    """
    [k] = played.calls("loss_value")
    oracle, ar, seen = played.oracle(k), arithmetic(played.declaration), Comparison()
    expected = oracle.loss
    roundings = 2 * ar.ulps + len(oracle.case.targets[0]) + 4
    size = 1 + abs(float(expected.value))
    right = Expected(expected.value, ar.gamma(roundings) * size)
    seen.number("the loss", answered(partial(played.loss_value, k), right), right)
    return seen.judge()


clause(
    "LOSS-PRECISION",
    "loss non-finite",
    "loss_value",
    far_scores,
    asks.asks("loss_value"),
    the_loss_keeps_its_digits_in_the_far_tail,
)
