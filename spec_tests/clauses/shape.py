"""SHAPE: what goes in and out has the shape that it should have."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from spec_tests.cases.case import Case, copy
from spec_tests.cases.extras import limited
from spec_tests.cases.networks import either
from spec_tests.clauses.registry import check
from spec_tests.errors import AdapterError, Violation
from spec_tests.subject import Network, Subject

SEEN = "gradients|step"
TAUGHT = "gradients|step|loss_value"
SEVERAL = limited(either, rows=(2, None))


@check("SHAPE-OUTPUT", reads="shape forward", needs="predict", cases=either)
def predict_gives_a_row_for_each_row(subject: Subject, case: Case) -> None:
    subject.load(case).predict()


@check("SHAPE-GRADIENT", reads="shape gradient", needs=SEEN, cases=either)
def gradients_have_the_shape_of_their_parameters(subject: Subject, case: Case) -> None:
    learn(subject, subject.load(case))


def learn(subject: Subject, network: Network, inputs: Any = None, targets: Any = None) -> Any:
    """The gradients, or the parameters after a step where there are no gradients."""
    if "gradients" in subject.declaration.methods:
        return network.gradients(inputs, targets)
    return network.step(0.5, inputs, targets)


def narrow(declaration: Any) -> Any:
    """One output, one row, and as few layers as there may be."""
    least = declaration.hidden_layers[0]
    slim = limited(either, hidden=(least, least), rows=(1, 1), outputs=(1, 1), strictly=True)
    return slim(declaration)


@check("SHAPE-ONE", reads="shape forward gradient", needs=SEEN, cases=narrow)
def a_width_of_1_is_a_width_like_any_other(subject: Subject, case: Case) -> None:
    network = subject.load(case)
    network.predict()
    learn(subject, network)


def must_refuse(what: str, call: Callable[[], Any]) -> None:
    """Any error of the adapter's own is a refusal; an answer of a wrong shape is none."""
    try:
        answer = str(call())[:60]
    except AdapterError as error:
        if error.is_broken:
            raise
        return
    except Violation as error:
        answer = f"what has a wrong shape: {error}"
    raise Violation(f"{what} is accepted, and answered by {answer}")


def _misfits(rows: Any) -> list[tuple[str, Any]]:
    """Each row too long, and too short where something is left; one number alone is broadcast."""
    width = len(rows[0])
    found = [(f"width {width + 1}", [[*row, 1.0] for row in rows])]
    for less in sorted({width - 1, 1} - {0, width}):
        found.append((f"width {less}", [row[:less] for row in rows]))
    return found


def taught(subject: Subject) -> list[Callable[[Network, Any], Any]]:
    """The calls that take targets."""
    found: list[Callable[[Network, Any], Any]] = []
    if {"gradients", "step"} & subject.declaration.methods:
        found.append(lambda network, targets: learn(subject, network, None, targets))
    if "loss_value" in subject.declaration.methods:
        found.append(lambda network, targets: network.loss_value(None, targets))
    return found


@check("SHAPE-INPUT-WIDTH", reads="errors", needs="predict", cases=either)
def an_input_of_another_width_is_refused(subject: Subject, case: Case) -> None:
    for width, inputs in _misfits(case.inputs):
        network = subject.load(case)
        message = f"an input row of {width} where there are {case.widths[0]} inputs"
        must_refuse(message, partial(network.predict, inputs))


@check("SHAPE-TARGET-WIDTH", reads="errors", needs=TAUGHT, cases=either)
def a_target_of_another_width_is_refused(subject: Subject, case: Case) -> None:
    for width, targets in _misfits(case.targets):
        message = f"a target row of {width} where there are {case.widths[-1]} outputs"
        for call in taught(subject):
            must_refuse(message, partial(call, subject.load(case), copy(targets)))


@check("SHAPE-TARGET-ROWS", reads="errors", needs=TAUGHT, cases=SEVERAL)
def another_number_of_targets_is_refused(subject: Subject, case: Case) -> None:
    """One too few, and one for all."""
    for few in sorted({len(case.targets) - 1, 1}):
        message = f"{few} target row{'s' * (few > 1)} for {len(case.inputs)} input rows"
        for call in taught(subject):
            must_refuse(message, partial(call, subject.load(case), copy(case.targets[:few])))


@check("SHAPE-RAGGED", reads="errors", needs="predict", cases=SEVERAL)
def a_ragged_batch_is_refused(subject: Subject, case: Case) -> None:
    inputs = [*copy(case.inputs[:-1]), [*case.inputs[-1], 1.0]]
    network = subject.load(case)
    must_refuse("a batch with one row too long", lambda: network.predict(inputs))


@check("SHAPE-EMPTY", reads="errors", needs=SEEN, cases=SEVERAL)
def an_empty_batch_is_refused(subject: Subject, case: Case) -> None:
    network = subject.load(case)
    must_refuse("a batch without rows", lambda: learn(subject, network, [], []))
