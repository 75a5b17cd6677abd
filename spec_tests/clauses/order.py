"""PURE-CALLS: whatever was called before, an answer depends on parameters and arguments alone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from spec_tests.cases.case import Case
from spec_tests.cases.drawing import Drawing, between, lists, one_of
from spec_tests.cases.extras import with_extras
from spec_tests.cases.networks import either
from spec_tests.clauses.pure import RATE, other_rows
from spec_tests.clauses.registry import clause
from spec_tests.declaration import Declaration
from spec_tests.errors import Vacuous
from spec_tests.judge.certainty import answered
from spec_tests.judge.played import UPDATES, Played
from spec_tests.judge.repeated import compare
from spec_tests.scripts.asks import QUESTIONS, asked_of, offered
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer

MOST_CALLS = 14
MOST_AGAIN = 2
"""Methods that are asked once more at the end, on two batches of the same targets."""
BATCHES = 3
"""That of the case, one of mostly another size, and one of other inputs with the same targets."""


def any_calls(declaration: Declaration) -> Drawing[Case]:
    """Batches of other rows, and a sequence of calls: each a method and the number of a batch."""
    methods = [*offered(declaration), *_updates(declaration)]
    call = one_of(*([name, batch] for name in methods for batch in range(BATCHES)))
    other = between(1, 3 if declaration.several_rows else 1)
    base = with_extras(either, calls=lists(call, 3, MOST_CALLS), other=other)
    return base(declaration, hidden=(0, 2), rows=(1, 4), units=(1, 4))


def in_any_order(case: Case, declaration: Declaration) -> Script:
    """The calls that were drawn, an update, and some of the questions again: what was kept from
    before it is stale.
    """
    batches, writer = [case, _other_batch(case), other_rows(case)], Writer(case.loss)
    on, updates, questions = writer.load(case.dense), _updates(declaration), []
    for method, batch in case.extras["calls"]:
        if method in UPDATES:
            _update(writer, on, method, batches[batch], declaration)
        else:
            questions.append(method)
            asked_of(writer, on, method, batches[batch])
    if updates and questions:
        _update(writer, on, updates[0], case, declaration)
    for method in list(dict.fromkeys(questions))[:MOST_AGAIN]:
        for batch in batches[::2]:
            asked_of(writer, on, method, batch)
    return writer.script()


def _update(writer: Writer, on: int, method: str, batch: Case, declaration: Declaration) -> None:
    more: dict[str, float] = {"learning_rate": RATE}
    if method == "train_epoch":
        more["batch_size"] = 2 if declaration.several_rows else 1
    writer.ask(on, method, batch.inputs, batch.targets, **more)
    writer.parameters(on)


def _other_batch(case: Case) -> Case:
    rows = case.extras["other"]
    inputs = [[x / 2 + 1 for x in case.inputs[b % len(case.inputs)]] for b in range(rows)]
    targets = [list(case.targets[-1 - b % len(case.targets)]) for b in range(rows)]
    return case.with_rows(inputs, targets)


def _updates(declaration: Declaration) -> list[str]:
    methods = declaration.methods
    return [name for name in ("step", "train_epoch") if {name, "parameters"} <= methods]


REPEATABLE = (*QUESTIONS, *UPDATES)


def each_of_a_fresh_object(played: Played) -> Script:
    """The same calls, each of an object that was loaded with the parameters of then."""
    writer = Writer(played.script.loss)
    for k in _certain(played):
        call, batch = played.script.calls[k], played.batch(k)
        more = {name: value for name, value in call.arguments.items() if name != "batch"}
        on = writer.load(played.held(k))
        writer.ask(on, call.method, batch.inputs, batch.targets, **more)
        if call.method in UPDATES:
            writer.parameters(on)
    return writer.script()


def _certain(played: Played) -> Sequence[int]:
    """The questions and the updates, where the parameters before them are known."""
    found = [k for k, call in enumerate(played.script.calls) if call.method in REPEATABLE]
    return [k for k in found if played.is_known(k)]


def an_answer_depends_on_parameters_and_arguments_alone(played: Played) -> None:
    """After any calls, each answer is that of a fresh network with the parameters of then."""
    for k in (*played.calls("step"), *played.calls("train_epoch")):
        if played.is_refused(k):
            answered(partial(played.answer, k), played.trained(k).parameters)
    fresh, asked = played.again, _certain(played)
    if fresh is None or not asked:
        raise Vacuous("nothing was asked")
    first = [k for k, call in enumerate(fresh.script.calls) if call.method in REPEATABLE]
    compare(None, [(fresh, k) for k in first], played, asked)


clause(
    "PURE-CALLS",
    "purity",
    "predict",
    any_calls,
    in_any_order,
    an_answer_depends_on_parameters_and_arguments_alone,
    again=each_of_a_fresh_object,
)
