"""PURE: nothing is changed that was lent, nothing is shared, nothing is remembered."""

from __future__ import annotations

from dataclasses import replace

from spec_tests.cases.case import Case
from spec_tests.cases.networks import either
from spec_tests.clauses.registry import clause
from spec_tests.declaration import Declaration
from spec_tests.judge.played import Played
from spec_tests.judge.repeated import Repeated, same_answers, same_bits, unchanged
from spec_tests.scripts.asks import QUESTIONS, ask_all, asked_of, offered
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer

RATE = 0.125


def every_call(case: Case, declaration: Declaration) -> Script:
    """Each on an object of its own, and then what was handed over: after a step the next one may
    have no finite numbers.
    """
    writer, methods = Writer(case.loss), declaration.methods
    offers: list[str] = [name for name in ("predict", "gradients", "loss_value") if name in methods]
    if "step" in methods:
        offers.append("step")
    if "train_epoch" in methods and declaration.several_rows:
        offers.append("train_epoch")
    for name in offers:
        more: dict[str, float] = {}
        if name in ("step", "train_epoch"):
            more["learning_rate"] = 0.5
        if name == "train_epoch":
            more["batch_size"] = max(1, len(case.inputs) - 1)
        loaded = writer.length
        on = writer.load(case.dense)
        asked = writer.ask(on, name, case.inputs, case.targets, **more)
        writer.show(on, asked)
        writer.show(on, loaded)
    return writer.script()


def arguments_are_not_changed(played: Played) -> None:
    for k in played.calls("show"):
        of = played.script.calls[k].arguments["of"]
        if played.script.calls[of].method != "load":
            played.answer(of)
        for what, before, after in zip(*played.handed(of), played.answer(k), strict=True):
            unchanged(f"the {what} that were handed over", before, after)


clause("PURE-ARGUMENTS", "purity", "predict", either, every_call, arguments_are_not_changed)


def asked_again(case: Case, declaration: Declaration) -> Script:
    """Every question to a fresh object, and anew: at once, after others, beside others."""
    writer = Writer(case.loss)
    again, on = _twice(writer, case, declaration), writer.load(case.dense)
    first = ask_all(writer, on, case, declaration)
    found = {
        "again": again,
        "predicting": _between_predictions(writer, on, case, declaration, first),
        "objects": _beside_another(writer, case, declaration, first),
        "changed": _with_changed_arguments(writer, case, declaration, first),
    }
    return writer.script(**found)


Calls = list[int]
"""Places of calls; of `first`, those of every question to a fresh object."""


def _twice(writer: Writer, case: Case, declaration: Declaration) -> list[Repeated]:
    repeated = []
    on = writer.load(case.dense)
    for method in offered(declaration):
        first, then = (asked_of(writer, on, method, case) for _ in range(2))
        repeated.append(Repeated("called again", [first], [then]))
    if "step" in declaration.methods:
        steps = []
        for _ in range(2):
            on = writer.load(case.dense)
            steps.append(writer.ask(on, "step", case.inputs, case.targets, learning_rate=0.5))
            writer.parameters(on)
        repeated.append(Repeated("from the same parameters", steps[:1], steps[1:]))
    return repeated


def _between_predictions(
    writer: Writer, on: int, case: Case, declaration: Declaration, first: Calls
) -> list[Repeated]:
    """Of other rows of the same shape, before each question anew."""
    other = other_rows(case)
    alone = asked_of(writer, writer.load(case.dense), "predict", other)
    then, between = [], []
    for method in offered(declaration):
        between.append(asked_of(writer, on, "predict", other))
        then.append(asked_of(writer, on, method, case))
    return [
        Repeated("after predicting other rows", first, then),
        Repeated("after predicting other rows", [alone] * len(between), between),
    ]


def other_rows(case: Case) -> Case:
    """As many other rows, with the same targets."""
    return case.with_rows([[x + 1 for x in row] for row in case.inputs], case.targets)


def _beside_another(
    writer: Writer, case: Case, declaration: Declaration, first: Calls
) -> list[Repeated]:
    """The first is asked again when another of the same shape was loaded, asked and trained."""
    moved = [
        layer._replace(weights=[[w + 1 for w in row] for row in layer.weights])
        for layer in case.dense
    ]
    other, on, second = replace(case, dense=moved), writer.load(case.dense), writer.load(moved)
    loaded = ask_all(writer, on, case, declaration)
    its_own = ask_all(writer, second, other, declaration)
    if "step" in declaration.methods:
        writer.ask(second, "step", case.inputs, case.targets, learning_rate=RATE)
    used = ask_all(writer, on, case, declaration)
    alone = ask_all(writer, writer.load(moved), other, declaration)
    return [
        Repeated("after another network was loaded", first, loaded),
        Repeated("after another network was used", first, used),
        Repeated("of a second network beside a first", alone, its_own),
    ]


def _with_changed_arguments(
    writer: Writer, case: Case, declaration: Declaration, first: Calls
) -> list[Repeated]:
    loaded = writer.length
    on = writer.load(case.dense)
    writer.change(on, loaded)
    then = ask_all(writer, on, case, declaration)
    repeated = [Repeated("after the parameters handed over were changed", first, then)]
    other = writer.load(case.dense)
    if declaration.several_rows:
        inputs = [[x + 1 for x in row] for row in case.inputs]
        writer.change(other, writer.ask(other, "predict", inputs, case.targets))
    then = ask_all(writer, other, case, declaration)
    repeated.append(Repeated("after inputs of another call were changed", first, then))
    return repeated


def same_after_predicting_others(played: Played) -> None:
    same_answers(played, "predicting")


def same_beside_another_network(played: Played) -> None:
    same_answers(played, "objects")


def same_after_arguments_were_changed(played: Played) -> None:
    for k in played.calls("change"):
        played.answer(k)
    same_answers(played, "changed")


def same_when_asked_again(played: Played) -> None:
    """Within the bounds; of a step, the bits are compared alone."""
    same_answers(played, "again", QUESTIONS)


def same_bits_when_asked_again(played: Played) -> None:
    same_bits(played, "again")


for _id, _judge in (
    ("PURE-ALIAS", same_after_arguments_were_changed),
    ("PURE-PREDICT", same_after_predicting_others),
    ("PURE-OBJECTS", same_beside_another_network),
    ("PURE-REPEAT", same_when_asked_again),
    ("PURE-BITS", same_bits_when_asked_again),
):
    clause(_id, "purity", "predict", either, asked_again, _judge)
