"""PURE and ERR: nothing is changed that was lent, nothing is shared, nothing is remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from hypothesis import strategies as st

from spec_tests.cases.case import Case, copy
from spec_tests.cases.extras import with_extras
from spec_tests.cases.networks import either
from spec_tests.clauses.observe import going_on
from spec_tests.clauses.questions import Answered, ask, ask_all, compare, offered
from spec_tests.clauses.registry import check
from spec_tests.clauses.shape import learn
from spec_tests.declaration import Declaration
from spec_tests.errors import AdapterError, Unsupported, Violation
from spec_tests.oracle.ball_network import Parameters, shown
from spec_tests.oracle.oracle import Oracle
from spec_tests.subject import Network, Subject

RATE = 0.125


def unchanged(what: str, before: Any, after: Any) -> None:
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
        found.append(lambda network, x, t: network.train_epoch(0.5, max(1, len(x) - 1), x, t))
    return found


@check("PURE-ARGUMENTS", reads="purity", needs="predict", cases=either)
def arguments_are_not_changed(subject: Subject, case: Case) -> None:
    """Each call on a network of its own: after a step the next one may have no finite numbers."""
    for call in calls(subject):
        network = subject.load(case)
        inputs, targets = copy(case.inputs), copy(case.targets)
        call(network, inputs, targets)
        unchanged("the inputs that were handed over", case.inputs, inputs)
        unchanged("the targets that were handed over", case.targets, targets)
        unchanged("the parameters that were handed over", network.dense(), network.handed)


@check("PURE-ALIAS", reads="purity", needs="predict", cases=either)
def later_changes_to_arguments_change_nothing(subject: Subject, case: Case) -> None:
    network = subject.load(case)
    first = ask_all(subject, network, case)
    for weights, bias, _ in network.handed:
        for row in weights:
            row[:] = [w + 1 for w in row]
        if bias is not None:
            bias[:] = [b + 1 for b in bias]
    then = ask_all(subject, network, case)
    compare(subject, "after the parameters handed over were changed", first, then)
    other = subject.load(case)
    inputs = [[x + 1 for x in row] for row in case.inputs]
    if subject.declaration.several_rows:
        other.predict(inputs)
        for row in inputs:
            row[:] = [0.0] * len(row)
    then = ask_all(subject, other, case)
    compare(subject, "after inputs of another call were changed", first, then)


@check("PURE-PREDICT", reads="purity", needs="predict", cases=either)
def predicting_disturbs_nothing(subject: Subject, case: Case) -> None:
    """Other rows of the same shape, and before each question anew."""
    network = subject.load(case)
    first = ask_all(subject, network, case)
    then = []
    for question in offered(subject):
        network.predict([[x + 1 for x in row] for row in case.inputs])
        then.append(ask(network, question, case))
    compare(subject, "after predicting other rows", first, then)


@check("PURE-OBJECTS", reads="purity", needs="predict", cases=either)
def two_networks_share_nothing(subject: Subject, case: Case) -> None:
    """The first is asked again when another of the same shape was loaded, asked and trained."""
    first = subject.load(case)
    before = ask_all(subject, first, case)
    moved = [
        layer._replace(weights=[[w + 1 for w in row] for row in layer.weights])
        for layer in case.dense
    ]
    second = subject.load(replace(case, dense=moved))
    compare(subject, "after another network was loaded", before, ask_all(subject, first, case))
    other = replace(case, dense=moved)
    its_own = ask_all(subject, second, other)
    if "step" in subject.declaration.methods:
        second.step(RATE)
    compare(subject, "after another network was used", before, ask_all(subject, first, case))
    fresh = ask_all(subject, subject.load(other), other)
    compare(subject, "of a second network beside a first", fresh, its_own)


@check("PURE-REPEAT", reads="purity", needs="predict", cases=either)
def a_repeated_call_repeats_its_answer(subject: Subject, case: Case) -> None:
    network = subject.load(case)
    for question in offered(subject):
        first, then = (ask(network, question, case) for _ in range(2))
        compare(subject, "called again", [first], [then])


@check("PURE-BITS", reads="purity", needs="predict", cases=either)
def a_repeated_call_repeats_the_bits_of_its_answer(subject: Subject, case: Case) -> None:
    network = subject.load(case)
    for question in offered(subject):
        first, then = (ask(network, question, case).numbers for _ in range(2))
        unchanged(f"{question.method}, called again", first, then)
    if "step" in subject.declaration.methods:
        moved, again = (subject.load(case).step(0.5) for _ in range(2))
        unchanged("a step from the same parameters", moved, again)


MOST_CALLS = 14
EVERY = 30
"""A number of calls that 2, 3 and 5 divide: so each call is as likely as any other."""


def any_calls(declaration: Declaration) -> st.SearchStrategy[Case]:
    """Two batches, of other rows and mostly of another size, and a sequence of calls."""
    order = st.lists(st.integers(0, 2 * EVERY - 1), min_size=3, max_size=MOST_CALLS)
    other = st.integers(1, 3 if declaration.several_rows else 1)
    base = with_extras(either, calls=order, other=other)
    return base(declaration, hidden=(0, 2), rows=(1, 4), units=(1, 4))


class Era(NamedTuple):
    """What was asked between two updates, and with which parameters."""

    case: Case
    held: list[Parameters] | None
    asked: list[Answered]


@check("PURE-CALLS", reads="purity", needs="predict", cases=any_calls)
def an_answer_depends_on_parameters_and_arguments_alone(subject: Subject, case: Case) -> None:
    """After any calls, each answer is that of a fresh network with the parameters of then."""
    batches = [case, _other_batch(case)]
    network, asked = subject.load(case), offered(subject)
    updates = _updates(subject)
    kinds, eras = len(asked) + len(updates), [Era(case, None, [])]
    for number in case.extras["calls"]:
        which, kind = number % 2, number // 2 % kinds
        batch = batches[which]
        if kind < len(asked):
            now = replace(batch, dense=eras[-1].case.dense)
            eras[-1].asked.append(ask(network, asked[kind], now))
            continue
        updates[kind - len(asked)](network, batch)
        then = going_on(case, network.parameters())
        eras.append(Era(then, shown(then.dense, Oracle(then, subject.declaration).arithmetic), []))
    for era in eras:
        if era.asked:
            fresh = [ask(subject.load(era.case), a.question, a.case) for a in era.asked]
            compare(subject, "after other calls", fresh, era.asked, era.held)


def _other_batch(case: Case) -> Case:
    rows = case.extras["other"]
    inputs = [[x / 2 + 1 for x in case.inputs[b % len(case.inputs)]] for b in range(rows)]
    targets = [list(case.targets[-1 - b % len(case.targets)]) for b in range(rows)]
    return case.with_rows(inputs, targets)


def _updates(subject: Subject) -> list[Callable[[Network, Case], Any]]:
    methods = subject.declaration.methods
    found: list[Callable[[Network, Case], Any]] = []
    if {"step", "parameters"} <= methods:
        found.append(lambda network, b: network.step(RATE, copy(b.inputs), copy(b.targets)))
    if {"train_epoch", "parameters"} <= methods:
        size = 2 if subject.declaration.several_rows else 1
        found.append(
            lambda network, b: network.train_epoch(RATE, size, copy(b.inputs), copy(b.targets))
        )
    return found


@check("ERR-STATE", reads="errors purity", needs="predict", cases=either)
def a_refused_call_leaves_the_network_as_it_was(subject: Subject, case: Case) -> None:
    inputs, targets = ([[*row, 1.0] for row in rows] for rows in (case.inputs, case.targets))
    wrong: list[Callable[[Network], Any]] = [lambda network: network.predict(inputs)]
    if {"gradients", "step"} & subject.declaration.methods:
        wrong.append(lambda network: learn(subject, network, inputs))
        wrong.append(lambda network: learn(subject, network, None, targets))
    refused = [_refused(subject, case, call) for call in wrong]
    if not any(refused):
        raise Unsupported("nothing is refused")


def _refused(subject: Subject, case: Case, call: Callable[[Network], Any]) -> bool:
    """Whether the call raises an error; then all answers must be those that were given before."""
    network = subject.load(case)
    first = ask_all(subject, network, case)
    try:
        call(network)
    except Violation:
        return False
    except AdapterError as error:
        if error.is_broken:
            raise
        then = ask_all(subject, network, case)
        compare(subject, "after a call that was refused", first, then)
        return True
    return False
