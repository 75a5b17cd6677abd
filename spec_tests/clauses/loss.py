"""LOSS: the loss reported, the gradient used, and that one is the derivative of the other."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import strategies as st

from refnn.losses import (
    AbsoluteError,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    Huber,
    Loss,
    SoftmaxCrossEntropy,
    SquaredError,
)
from spec_tests.cases.case import Case, Dense
from spec_tests.cases.extras import many_rows, with_extras
from spec_tests.cases.networks import either, off_grid
from spec_tests.cases.targets import PROBABILITIES, SATURATED
from spec_tests.clauses.observe import (
    answer,
    arithmetic,
    compare_gradients,
    compare_loss,
    oracle,
)
from spec_tests.clauses.registry import Cases, check
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported, Violation
from spec_tests.expect import Comparison
from spec_tests.oracle.oracle import Expected
from spec_tests.subject import Subject

SEEN = "gradients|step"
TITLES: dict[type[Loss], str] = {
    SquaredError: "SQUARED",
    AbsoluteError: "ABSOLUTE",
    Huber: "HUBER",
    BinaryCrossEntropy: "BCE",
    BinaryCrossEntropyWithLogits: "BCE-LOGITS",
    CrossEntropy: "CE",
    SoftmaxCrossEntropy: "SOFTMAX-CE",
}


def of_loss(kind: type[Loss], base: Cases = either) -> Cases:
    def cases(declaration: Declaration) -> st.SearchStrategy[Case]:
        own = [loss for loss in declaration.losses if isinstance(loss, kind)]
        if not own:
            raise Unsupported(f"{kind.__name__} is not declared")
        return base(declaration, hidden=(0, 1), losses=own)

    return cases


def _register(kind: type[Loss]) -> None:
    title, cases, many = TITLES[kind], of_loss(kind), of_loss(kind, many_rows(off_grid))

    @check(f"LOSS-{title}-VALUE", reads="loss", needs="loss_value", cases=cases, rare=[many])
    def value(subject: Subject, case: Case) -> float:
        """The value of the loss that is declared as reported, or of the one that is descended."""
        loss = subject.declaration.reported_loss or case.loss
        return compare_loss(subject, oracle(subject, replace(case, loss=loss)))

    @check(f"LOSS-{title}-GRADIENT", reads="gradient", needs=SEEN, cases=cases, rare=[many])
    def gradient(subject: Subject, case: Case) -> float:
        return compare_gradients(subject, oracle(subject, case))


for _kind in TITLES:
    _register(_kind)


@check(
    "LOSS-CONSISTENT",
    reads="loss gradient",
    needs="loss_value gradients|step",
    cases=either,
    rare=[many_rows(off_grid)],
)
def the_loss_reported_is_the_loss_descended(subject: Subject, case: Case) -> float:
    """Both are compared with the declared loss, so a factor between them shows."""
    expected = oracle(subject, case)
    return max(compare_loss(subject, expected), compare_gradients(subject, expected))


def certain(declaration: Declaration) -> st.SearchStrategy[Case]:
    """Outputs that are exactly 0 or 1, through biases of ±1000."""
    own = [loss for loss in declaration.losses if isinstance(loss, PROBABILITIES)]
    if not own:
        raise Unsupported("no loss of probabilities is declared")
    if not declaration.bias:
        raise Unsupported("without biases no output is surely 0 or 1")
    base = off_grid(declaration, hidden=(0, 0), losses=own, rows=(1, 1), scales=(1.0,))

    def far(case: Case) -> Case:
        targets = [[float(round(t)) for t in case.targets[0]]]
        return _with_scores(replace(case, targets=targets), SATURATED, SATURATED)

    return base.map(far)


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


@check("LOSS-EDGES", reads="loss non-finite", needs="loss_value", cases=certain)
def certain_probabilities_give_no_nan(subject: Subject, case: Case) -> None:
    """Where all are right the loss is known; where one is wrong it is large, or infinite."""
    expected, seen = oracle(subject, case).loss(), Comparison()
    value = subject.load(case).loss_value()
    if math.isfinite(expected.bound):
        seen.number("the loss", value, expected)
        seen.judge()
        return
    least = oracle(subject, _with_scores(case, SATURATED, MILD)).loss()
    low = float(least.value) - least.bound
    if not value >= low:
        raise Violation(f"the loss is {value}, should be from {low:.3g} to infinity")


def one_row_of_nan(declaration: Declaration) -> st.SearchStrategy[Case]:
    """NaN in one row of several, where a batch may have several."""
    least = 2 if declaration.several_rows else 1
    base = with_extras(off_grid, place=st.integers(0, 98))
    return base(declaration, hidden=(0, 2), rows=(least, 4))


@check("LOSS-NAN", reads="loss non-finite", needs="loss_value", cases=one_row_of_nan)
def a_nan_prediction_gives_a_nan_loss(subject: Subject, case: Case) -> None:
    inputs = [list(row) for row in case.inputs]
    inputs[case.extras["place"] % len(inputs)] = [math.nan] * len(inputs[0])
    value = subject.load(case).loss_value(inputs)
    if not math.isnan(value):
        raise Violation(f"the loss of nan is {value}, should be nan")


def far_scores(declaration: Declaration) -> st.SearchStrategy[Case]:
    """The class of the target is so unlikely that its probability is no normal number."""
    own = [loss for loss in declaration.losses if isinstance(loss, SoftmaxCrossEntropy)]
    if not own:
        raise Unsupported("SoftmaxCrossEntropy is not declared")
    if not declaration.bias or "identity" not in declaration.output_activations:
        raise Unsupported("without biases and plain scores no probability is surely small")
    base = off_grid(
        declaration, hidden=(0, 0), last=("identity",), losses=own, rows=(1, 1), scales=(1.0,)
    )
    nearest, step = (700, 45 / 98) if declaration.dtype == "float64" else (85, 18 / 98)

    def far(drawn: tuple[Case, int]) -> Case:
        case, place = drawn
        gap = float(round(nearest + step * place))
        weights, bias, name = case.dense[-1]
        assert bias is not None
        scores = [-gap, *[0.0] * (len(bias) - 1)]
        nothing = [[0.0] * len(row) for row in weights]
        dense = [*case.dense[:-1], Dense(nothing, scores, name)]
        targets = [[float(k == 0) for k in range(len(bias))]]
        return replace(case, dense=dense, targets=targets)

    return st.tuples(base, st.integers(0, 98)).map(far)


@check("LOSS-PRECISION", reads="loss non-finite", needs="loss_value", cases=far_scores)
def the_loss_keeps_its_digits_in_the_far_tail(subject: Subject, case: Case) -> float:
    """A power and a logarithm with their ulps, the sum of the powers, and four more roundings.

    -ln p of a p that is no normal number has lost some: it is right, but not to all digits.
    """
    expected, ar, seen = oracle(subject, case).loss(), arithmetic(subject), Comparison()
    roundings = 2 * ar.ulps + len(case.targets[0]) + 4
    size = 1 + abs(float(expected.value))
    right = Expected(expected.value, ar.gamma(roundings) * size)
    seen.number("the loss", answer(subject.load(case).loss_value, right), right)
    return seen.judge()
