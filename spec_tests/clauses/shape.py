"""SHAPE: what goes in and out has the shape that it should have."""

from __future__ import annotations

from typing import Any, NamedTuple

from spec_tests.cases.case import Case
from spec_tests.cases.extras import limited, usual
from spec_tests.cases.networks import either
from spec_tests.clauses.registry import Cases, clause
from spec_tests.declaration import Declaration
from spec_tests.errors import AdapterError, Violation
from spec_tests.judge.played import Played
from spec_tests.judge.repeated import answer_of
from spec_tests.scripts import asks
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer

SEEN = "gradients|step"
TAUGHT = "gradients|step|loss_value"
SEVERAL = limited(either, rows=(2, None))


RATE = 0.5


def _learn(writer: Writer, on: int, inputs: Any, targets: Any, declaration: Declaration) -> int:
    """The gradients, or the parameters after a step where there are no gradients."""
    if "gradients" in declaration.methods:
        return writer.ask(on, "gradients", inputs, targets)
    call = writer.ask(on, "step", inputs, targets, learning_rate=RATE)
    writer.parameters(on)
    return call


def predict_gives_a_row_for_each_row(played: Played) -> None:
    for k in played.calls("predict"):
        played.outputs(k)


def gradients_have_the_shape_of_their_parameters(played: Played) -> None:
    for k in played.calls("gradients"):
        played.gradients(k)
    for k in played.calls("step"):
        played.moved(k)


def both_have_their_shapes(played: Played) -> None:
    predict_gives_a_row_for_each_row(played)
    gradients_have_the_shape_of_their_parameters(played)


clause(
    "SHAPE-OUTPUT",
    "shape forward",
    "predict",
    usual,
    asks.questions,
    predict_gives_a_row_for_each_row,
)
clause(
    "SHAPE-GRADIENT",
    "shape gradient",
    SEEN,
    usual,
    asks.questions,
    gradients_have_the_shape_of_their_parameters,
)


def narrow(declaration: Any) -> Any:
    """One output, one row, and as few layers as there may be."""
    least = declaration.hidden_layers[0]
    slim = limited(either, hidden=(least, least), rows=(1, 1), outputs=(1, 1), strictly=True)
    return slim(declaration)


def predict_and_learn(case: Case, declaration: Declaration) -> Script:
    """Of one object."""
    writer = Writer(case.loss)
    on = writer.load(case.dense)
    writer.ask(on, "predict", case.inputs, case.targets)
    _learn(writer, on, case.inputs, case.targets, declaration)
    return writer.script()


clause(
    "SHAPE-ONE", "shape forward gradient", SEEN, narrow, predict_and_learn, both_have_their_shapes
)


class Wrong(NamedTuple):
    """A call with wrong input: its place, and what is wrong."""

    call: int
    what: str


def wrong_input_is_refused(played: Played) -> None:
    """Any error of the adapter's own is a refusal; an answer of a wrong shape is none."""
    for call, what in played.script.extras["wrong"]:
        try:
            answer = str(_rounded(answer_of(played, call)))[:60]
        except AdapterError as error:
            if error.is_broken:
                raise
            continue
        except Violation as error:
            answer = f"what has a wrong shape: {error}"
        raise Violation(f"{what} is accepted, and answered by {answer}")


def _rounded(answer: Any) -> Any:
    """To six digits: two that make the same mistake may round in another way."""
    if isinstance(answer, list | tuple):
        return [_rounded(item) for item in answer]
    return float(f"{answer:.6g}") if isinstance(answer, float) else answer


def _misfits(rows: Any) -> list[tuple[str, Any]]:
    """Each row too long, and too short where something is left; one number alone is broadcast."""
    width = len(rows[0])
    found = [(f"width {width + 1}", [[*row, 1.0] for row in rows])]
    for less in sorted({width - 1, 1} - {0, width}):
        found.append((f"width {less}", [row[:less] for row in rows]))
    return found


def _taught(
    writer: Writer, case: Case, declaration: Declaration, targets: Any, what: str
) -> list[Wrong]:
    """Every call that takes targets, each on an object of its own."""
    found = []
    if {"gradients", "step"} & declaration.methods:
        on = writer.load(case.dense)
        found.append(Wrong(_learn(writer, on, case.inputs, targets, declaration), what))
    if "loss_value" in declaration.methods:
        on = writer.load(case.dense)
        found.append(Wrong(writer.ask(on, "loss_value", case.inputs, targets), what))
    return found


def with_other_inputs(case: Case, declaration: Declaration) -> Script:
    writer, wrong = Writer(case.loss), []
    for width, inputs in _misfits(case.inputs):
        what = f"an input row of {width} where there are {case.widths[0]} inputs"
        on = writer.load(case.dense)
        wrong.append(Wrong(writer.ask(on, "predict", inputs, case.targets), what))
    return writer.script(wrong=wrong)


def with_other_targets(case: Case, declaration: Declaration) -> Script:
    writer, wrong = Writer(case.loss), []
    for width, targets in _misfits(case.targets):
        what = f"a target row of {width} where there are {case.widths[-1]} outputs"
        wrong += _taught(writer, case, declaration, targets, what)
    return writer.script(wrong=wrong)


def with_fewer_targets(case: Case, declaration: Declaration) -> Script:
    """One too few, and one for all."""
    writer, wrong = Writer(case.loss), []
    for few in sorted({len(case.targets) - 1, 1}):
        what = f"{few} target row{'s' * (few > 1)} for {len(case.inputs)} input rows"
        wrong += _taught(writer, case, declaration, case.targets[:few], what)
    return writer.script(wrong=wrong)


def with_a_ragged_batch(case: Case, declaration: Declaration) -> Script:
    writer, inputs = Writer(case.loss), [*case.inputs[:-1], [*case.inputs[-1], 1.0]]
    call = writer.ask(writer.load(case.dense), "predict", inputs, case.targets)
    return writer.script(wrong=[Wrong(call, "a batch with one row too long")])


def with_no_rows(case: Case, declaration: Declaration) -> Script:
    writer = Writer(case.loss)
    call = _learn(writer, writer.load(case.dense), [], [], declaration)
    return writer.script(wrong=[Wrong(call, "a batch without rows")])


def _refuses(id: str, needs: str, cases: Cases, ask: asks.Ask) -> None:
    clause(id, "errors", needs, cases, ask, wrong_input_is_refused)


_refuses("SHAPE-INPUT-WIDTH", "predict", either, with_other_inputs)
_refuses("SHAPE-TARGET-WIDTH", TAUGHT, either, with_other_targets)
_refuses("SHAPE-TARGET-ROWS", TAUGHT, SEVERAL, with_fewer_targets)
_refuses("SHAPE-RAGGED", "predict", SEVERAL, with_a_ragged_batch)
_refuses("SHAPE-EMPTY", SEEN, SEVERAL, with_no_rows)
