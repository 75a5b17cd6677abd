"""PURE and ERR: nothing is changed that was lent, nothing is shared, nothing is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from spec_tests.cases.case import Case, copy
from spec_tests.cases.networks import Unsupported, either
from spec_tests.clauses.registry import check
from spec_tests.clauses.shape import learn
from spec_tests.expect import Violation
from spec_tests.subject import AdapterError, Network, Subject


def same(what: str, before: Any, after: Any) -> None:
    """Bit for bit, where NaN is NaN."""
    if repr(before) != repr(after):
        raise Violation(f"{what}: {_first_difference(before, after)}")


def _first_difference(before: Any, after: Any, place: str = "") -> str:
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        if len(before) != len(after):
            return f"{place} has {len(after)} items, had {len(before)}"
        for k, pair in enumerate(zip(before, after, strict=True)):
            if repr(pair[0]) != repr(pair[1]):
                return _first_difference(*pair, f"{place}[{k}]")
    return f"{place} is {after!r}, was {before!r}"


Call = Callable[[Network, Any, Any], object]


def calls(subject: Subject) -> list[Call]:
    """Every call that the adapter offers for a batch."""
    methods = subject.declaration.methods
    found: list[Call] = [lambda network, x, t: network.predict(x)]
    if {"gradients", "step"} & methods:
        found.append(lambda network, x, t: learn(subject, network, x, t))
    if "loss_value" in methods:
        found.append(lambda network, x, t: network.loss_value(x, t))
    if "step" in methods:
        found.append(lambda network, x, t: network.step(0.5, x, t))
    if "train_epoch" in methods and subject.declaration.several_rows:
        found.append(lambda network, x, t: network.train_epoch(0.5, len(x), x, t))
    return found


@check("PURE-ARGUMENTS", reads="purity", needs="predict", cases=either)
def arguments_are_not_changed(subject: Subject, case: Case) -> None:
    """Each call on a network of its own: after a step the next one may have no finite numbers."""
    for call in calls(subject):
        network = subject.load(case)
        inputs, targets = copy(case.inputs), copy(case.targets)
        call(network, inputs, targets)
        same("the inputs that were handed over", case.inputs, inputs)
        same("the targets that were handed over", case.targets, targets)
        same("the parameters that were handed over", network.dense(), network.handed)


@check("PURE-ALIAS", reads="purity", needs="predict", cases=either)
def later_changes_to_arguments_change_nothing(subject: Subject, case: Case) -> None:
    network = subject.load(case)
    first = network.predict()
    for weights, bias, _ in network.handed:
        for row in weights:
            row[:] = [w + 1 for w in row]
        if bias is not None:
            bias[:] = [b + 1 for b in bias]
    same("predict, after the parameters handed over were changed", first, network.predict())
    if {"gradients", "step"} & subject.declaration.methods and subject.declaration.several_rows:
        usual = learn(subject, subject.load(case))
        other = subject.load(case)
        inputs = [[x + 1 for x in row] for row in case.inputs]
        other.predict(inputs)
        for row in inputs:
            row[:] = [0.0] * len(row)
        same(
            "the gradient, after inputs of another call were changed", usual, learn(subject, other)
        )


@check("PURE-PREDICT", reads="purity", needs="predict", cases=either)
def predicting_disturbs_nothing(subject: Subject, case: Case) -> None:
    network = subject.load(case)
    first = network.predict()
    network.predict([[x + 1 for x in row] for row in case.inputs])
    same("predict, after another predict", first, network.predict())
    if "gradients" in subject.declaration.methods:
        usual = subject.load(case).gradients()
        network.predict([[x + 1 for x in case.inputs[0]]])
        same("the gradient, after a predict", usual, network.gradients())


@check("PURE-OBJECTS", reads="purity", needs="predict", cases=either)
def two_networks_share_nothing(subject: Subject, case: Case) -> None:
    first = subject.load(case)
    answer = first.predict()
    moved = [
        layer._replace(weights=[[w + 1 for w in row] for row in layer.weights])
        for layer in case.dense
    ]
    second = subject.load(replace(case, dense=moved))
    second.predict()
    if {"gradients", "step"} & subject.declaration.methods:
        learn(subject, second)
    same("predict, after another network was used", answer, first.predict())


@check("PURE-REPEAT", reads="purity", needs="predict", cases=either)
def a_repeated_call_repeats_its_answer(subject: Subject, case: Case) -> None:
    network = subject.load(case)
    same("predict, called again", network.predict(), network.predict())
    if "gradients" in subject.declaration.methods:
        same("the gradient, called again", network.gradients(), network.gradients())
    if "step" in subject.declaration.methods:
        first, second = (subject.load(case).step(0.5) for _ in range(2))
        same("a step from the same parameters", first, second)


@check("ERR-STATE", reads="errors purity", needs="predict", cases=either)
def a_refused_call_leaves_the_network_as_it_was(subject: Subject, case: Case) -> None:
    inputs, targets = ([[*row, 1.0] for row in rows] for rows in (case.inputs, case.targets))
    wrong: list[Callable[[Network], Any]] = [lambda network: network.predict(inputs)]
    if {"gradients", "step"} & subject.declaration.methods:
        wrong.append(lambda network: learn(subject, network, inputs))
        wrong.append(lambda network: learn(subject, network, None, targets))
    refused = [_refused(subject.load(case), call) for call in wrong]
    if not any(refused):
        raise Unsupported("nothing is refused")


def _refused(network: Network, call: Callable[[Network], Any]) -> bool:
    """Whether the call raises an error; then predict must give what it gave before."""
    first = network.predict()
    try:
        call(network)
    except Violation:
        return False
    except AdapterError as error:
        if error.is_broken:
            raise
        same("predict, after a call that was refused", first, network.predict())
        return True
    return False
