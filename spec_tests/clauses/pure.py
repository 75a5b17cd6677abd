"""PURE: nothing is changed that was lent, nothing is shared, nothing is remembered."""

from __future__ import annotations

from dataclasses import replace

from spec_tests.cases.case import Case
from spec_tests.cases.networks import either
from spec_tests.clauses.registry import clause
from spec_tests.declaration import Declaration
from spec_tests.judge.played import Played
from spec_tests.judge.repeated import Repeated, same_answers, same_bits, unchanged
from spec_tests.scripts.asks import ask_all, asked_of, offered
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer

RATE = 0.125
AGAIN = "called again"


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


clause(
    "PURE-ARGUMENTS",
    reads="purity",
    needs="predict",
    cases=either,
    ask=every_call,
    judge=arguments_are_not_changed,
)


def with_changed_arguments(case: Case, declaration: Declaration) -> Script:
    writer = Writer(case.loss)
    loaded = writer.length
    on = writer.load(case.dense)
    first = ask_all(writer, on, case, declaration)
    writer.change(on, loaded)
    then = ask_all(writer, on, case, declaration)
    repeated = [Repeated("after the parameters handed over were changed", first, then)]
    other = writer.load(case.dense)
    if declaration.several_rows:
        inputs = [[x + 1 for x in row] for row in case.inputs]
        writer.change(other, writer.ask(other, "predict", inputs, case.targets))
    then = ask_all(writer, other, case, declaration)
    repeated.append(Repeated("after inputs of another call were changed", first, then))
    return writer.script(repeated=repeated)


clause(
    "PURE-ALIAS",
    reads="purity",
    needs="predict",
    cases=either,
    ask=with_changed_arguments,
    judge=same_answers,
)


def between_predictions(case: Case, declaration: Declaration) -> Script:
    """Of other rows of the same shape, before each question anew."""
    writer, other = Writer(case.loss), other_rows(case)
    alone = asked_of(writer, writer.load(case.dense), "predict", other)
    on = writer.load(case.dense)
    first, then, between = ask_all(writer, on, case, declaration), [], []
    for method in offered(declaration):
        between.append(asked_of(writer, on, "predict", other))
        then.append(asked_of(writer, on, method, case))
    return writer.script(
        repeated=[
            Repeated("after predicting other rows", first, then),
            Repeated("after predicting other rows", [alone] * len(between), between),
        ]
    )


def other_rows(case: Case) -> Case:
    """As many other rows, with the same targets."""
    return case.with_rows([[x + 1 for x in row] for row in case.inputs], case.targets)


clause(
    "PURE-PREDICT",
    reads="purity",
    needs="predict",
    cases=either,
    ask=between_predictions,
    judge=same_answers,
)


def two_networks(case: Case, declaration: Declaration) -> Script:
    """The first is asked again when another of the same shape was loaded, asked and trained."""
    moved = [
        layer._replace(weights=[[w + 1 for w in row] for row in layer.weights])
        for layer in case.dense
    ]
    writer, other = Writer(case.loss), replace(case, dense=moved)
    first = writer.load(case.dense)
    before = ask_all(writer, first, case, declaration)
    second = writer.load(moved)
    loaded = ask_all(writer, first, case, declaration)
    its_own = ask_all(writer, second, other, declaration)
    if "step" in declaration.methods:
        writer.ask(second, "step", case.inputs, case.targets, learning_rate=RATE)
    used = ask_all(writer, first, case, declaration)
    fresh = ask_all(writer, writer.load(moved), other, declaration)
    return writer.script(
        repeated=[
            Repeated("after another network was loaded", before, loaded),
            Repeated("after another network was used", before, used),
            Repeated("of a second network beside a first", fresh, its_own),
        ]
    )


clause(
    "PURE-OBJECTS",
    reads="purity",
    needs="predict",
    cases=either,
    ask=two_networks,
    judge=same_answers,
)


def twice(case: Case, declaration: Declaration) -> Script:
    writer, repeated = Writer(case.loss), []
    on = writer.load(case.dense)
    for method in offered(declaration):
        first, then = (asked_of(writer, on, method, case) for _ in range(2))
        repeated.append(Repeated(AGAIN, [first], [then]))
    if "step" in declaration.methods:
        steps = []
        for _ in range(2):
            on = writer.load(case.dense)
            steps.append(writer.ask(on, "step", case.inputs, case.targets, learning_rate=0.5))
            writer.parameters(on)
        repeated.append(Repeated("a step from the same parameters", steps[:1], steps[1:]))
    return writer.script(repeated=repeated)


def the_same_answers_again(played: Played) -> None:
    """Within the bounds. Whether a step is one again is asked to the bit only."""
    same_answers(played, [pair for pair in played.script.extras["repeated"] if pair.when == AGAIN])


clause(
    "PURE-REPEAT",
    reads="purity",
    needs="predict",
    cases=either,
    ask=twice,
    judge=the_same_answers_again,
)
clause(
    "PURE-BITS",
    reads="purity",
    needs="predict",
    cases=either,
    ask=twice,
    judge=same_bits,
)
