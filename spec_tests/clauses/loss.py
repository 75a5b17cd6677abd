"""LOSS: the loss reported, the gradient used, and that one is the derivative of the other."""

from __future__ import annotations

import math
from dataclasses import replace

from hypothesis import strategies as st

from spec_tests.cases.case import Case, Dense
from spec_tests.cases.extras import limited
from spec_tests.cases.networks import PROBABILITIES, Unsupported, either, off_grid
from spec_tests.clauses.observe import compare_gradients, oracle
from spec_tests.clauses.registry import Cases, check
from spec_tests.declaration import Declaration
from spec_tests.expect import Comparison, Violation
from spec_tests.oracle.ball import Vacuous
from spec_tests.subject import Subject

SEEN = "gradients|step"
TITLES = {
    "SquaredError": "SQUARED",
    "AbsoluteError": "ABSOLUTE",
    "Huber": "HUBER",
    "BinaryCrossEntropy": "BCE",
    "BinaryCrossEntropyWithLogits": "BCE-LOGITS",
    "CrossEntropy": "CE",
    "SoftmaxCrossEntropy": "SOFTMAX-CE",
}


def of_loss(name: str) -> Cases:
    def cases(declaration: Declaration) -> st.SearchStrategy[Case]:
        own = [loss for loss in declaration.losses if type(loss).__name__ == name]
        if not own:
            raise Unsupported(f"{name} is not declared")
        return either(declaration, hidden=(0, 1), losses=own)

    return cases


def compare_loss(subject: Subject, case: Case, reported: bool) -> float:
    """The value of the reported loss, where one is declared, or of the loss that is descended."""
    loss = subject.declaration.reported_loss if reported else None
    expected = oracle(subject, replace(case, loss=loss or case.loss))
    number = expected.loss()
    if not math.isfinite(number.bound) or abs(number.value) < number.bound:
        raise Vacuous
    seen = Comparison()
    seen.number("the loss", subject.load(case).loss_value(), number)
    return seen.judge()


def _register(name: str) -> None:
    title = TITLES[name]

    @check(f"LOSS-{title}-VALUE", reads="loss", needs="loss_value", cases=of_loss(name))
    def value(subject: Subject, case: Case) -> float:
        return compare_loss(subject, case, reported=True)

    @check(f"LOSS-{title}-GRADIENT", reads="gradient", needs=SEEN, cases=of_loss(name))
    def gradient(subject: Subject, case: Case) -> float:
        return compare_gradients(subject, case)


for _name in TITLES:
    _register(_name)


@check("LOSS-CONSISTENT", reads="loss gradient", needs="loss_value gradients|step", cases=either)
def the_loss_reported_is_the_loss_descended(subject: Subject, case: Case) -> float:
    """Both are compared with the declared loss, so a factor between them shows."""
    return max(compare_loss(subject, case, reported=False), compare_gradients(subject, case))


def certain(declaration: Declaration) -> st.SearchStrategy[Case]:
    """Outputs that are exactly 0 or 1: pre-activations of ±1000."""
    own = [loss for loss in declaration.losses if type(loss).__name__ in PROBABILITIES]
    if not own:
        raise Unsupported("no loss of probabilities is declared")
    base = off_grid(declaration, hidden=(0, 0), losses=own, rows=(1, 1), scales=(1.0,))

    def far(case: Case) -> Case:
        weights, bias, name = case.dense[0]
        width = len(weights[0])
        rows = [[1000.0 * (1 if j % 2 else -1)] + [0.0] * (width - 1) for j in range(len(weights))]
        none = None if bias is None else [0.0] * len(bias)
        inputs = [[1.0] * width]
        targets = [[float(round(t)) for t in case.targets[0]]]
        return replace(case, dense=[Dense(rows, none, name)], inputs=inputs, targets=targets)

    return base.map(far)


@check("LOSS-EDGES", reads="loss non-finite", needs="loss_value", cases=certain)
def certain_probabilities_give_no_nan(subject: Subject, case: Case) -> None:
    value = subject.load(case).loss_value()
    if math.isnan(value) or value < 0:
        raise Violation(f"the loss is {value}, should be from 0 to infinity")


@check(
    "LOSS-NAN",
    reads="loss non-finite",
    needs="loss_value",
    cases=limited(off_grid, hidden=(0, 0)),
)
def a_nan_prediction_gives_a_nan_loss(subject: Subject, case: Case) -> None:
    inputs = [[math.nan] * len(row) for row in case.inputs]
    value = subject.load(case).loss_value(inputs)
    if not math.isnan(value):
        raise Violation(f"the loss of nan is {value}, should be nan")
