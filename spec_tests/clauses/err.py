"""ERR: what is refused changes nothing."""

from __future__ import annotations

from spec_tests.cases.case import Case
from spec_tests.cases.networks import either
from spec_tests.clauses.registry import clause
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported
from spec_tests.judge.played import Played
from spec_tests.judge.repeated import Repeated, compare
from spec_tests.scripts.asks import ask_all
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer


def with_refused_calls(case: Case, declaration: Declaration) -> Script:
    """Before and after each wrong call, on an object of its own."""
    inputs, targets = ([[*row, 1.0] for row in rows] for rows in (case.inputs, case.targets))
    writer, repeated, wrong = Writer(case.loss), [], []
    learns = next((name for name in ("gradients", "step") if name in declaration.methods), None)
    more = {"learning_rate": 0.5} if learns == "step" else {}
    for method, x, t in (
        ("predict", inputs, case.targets),
        (learns, inputs, case.targets),
        (learns, case.inputs, targets),
    ):
        if method is None:
            continue
        on = writer.load(case.dense)
        first = ask_all(writer, on, case, declaration)
        wrong.append(writer.ask(on, method, x, t, **(more if method == learns else {})))
        then = ask_all(writer, on, case, declaration)
        repeated.append(Repeated("after a call that was refused", first, then))
    return writer.script(repeated=repeated, wrong=wrong)


def a_refused_call_leaves_the_network_as_it_was(played: Played) -> None:
    """A wrong call that is accepted ends the script: nothing after it is judged."""
    refused = 0
    extras = played.script.extras
    for k, repeated in zip(extras["wrong"], extras["repeated"], strict=True):
        if not played.is_refused(k):
            continue
        refused += 1
        compare(repeated.when, [(played, n) for n in repeated.first], played, repeated.then)
    if not refused:
        raise Unsupported("nothing is refused")


clause(
    "ERR-STATE",
    "errors purity",
    "predict",
    either,
    with_refused_calls,
    a_refused_call_leaves_the_network_as_it_was,
)
