"""From a failing case to a cause, from the general to the special.

Would it be right if something else were declared? Is it one factor for all numbers, or one for each
layer? Which layers are right and which wrong? Is a matrix transposed? Does the fault grow with the
learning rate, or come with the second call? And which known bugs give the very same numbers?
"""

from __future__ import annotations

import math
from dataclasses import replace

from spec_tests.cases.literal import as_literal
from spec_tests.clauses import CHECKS, requirements
from spec_tests.diagnosis.declarations import right_declarations
from spec_tests.diagnosis.factors import common_factor, layers_of, transposed_layer
from spec_tests.diagnosis.failure import Failure
from spec_tests.diagnosis.lookalikes import lookalikes
from spec_tests.diagnosis.probes import grows_with_the_rate, remembers
from spec_tests.diagnosis.stages import stage_of
from spec_tests.errors import AdapterError, Transposed, Violation
from spec_tests.faults import FAULTS
from spec_tests.result import Cause, Edit
from spec_tests.scripts.wire import with_texts
from spec_tests.subject import Subject


def raised(id: str, message: str) -> Cause:
    """Of an error, which is its own explanation."""
    return replace(unexplained(id, message), certainty="exact")


def unexplained(id: str, message: str) -> Cause:
    """What is known where there is no case."""
    clause = requirements()[id]
    return Cause(message, stage_of(id), right=clause.sentence, equation=clause.anchor)


def seen(subject: Subject, id: str, failure: Failure) -> Cause:
    """What is known without a diagnosis: the case, and the number that is furthest off."""
    case, error, _ = failure
    made = raised if isinstance(error, AdapterError) else unexplained
    cause = replace(
        made(id, str(error)),
        case=as_literal(case),
        script=with_texts(CHECKS[id].ask(case, subject.declaration).as_json()),
    )
    if not isinstance(error, Violation) or not error.numbers:
        return cause
    _, got, expected, bound = error.numbers[error.worst]
    return replace(cause, got=with_texts(got), expected=with_texts(float(expected)), bound=bound)


def diagnose(subject: Subject, id: str, failure: Failure) -> Cause:
    """What can be said of the failure: what to declare, known bugs, or what turns numbers wrong."""
    cause = seen(subject, id, failure)
    declare = right_declarations(subject, id, failure)
    place, edits = _numbers(subject, id, failure)
    bugs = lookalikes(subject, id, failure)
    titles = [f"right with {name}" for name in declare[:1]]
    titles += [FAULTS[bug].sentence for bug in bugs[:1]]
    titles += [*map(str, edits), place or "", cause.title]
    explains = declare or bugs or any(edit.name not in HABITS for edit in edits)
    return replace(
        cause,
        title=next(filter(None, titles)),
        place=place,
        edits=edits,
        known_bugs=bugs,
        declare=declare,
        certainty=_certainty(failure) if explains else cause.certainty,
    )


HABITS = ("hidden state", "order")
"""These edits say what the network does, and give no number."""


def _certainty(failure: Failure) -> str:
    """Of what explains all that was seen."""
    error = failure.error
    rounds = isinstance(error, Violation) and any(bound for *_, bound in error.numbers)
    return "bound" if rounds else "exact"


def _numbers(subject: Subject, id: str, failure: Failure) -> tuple[str | None, list[Edit]]:
    """(where it is wrong, if that is all that can be said; what turns right numbers into these)."""
    error = failure.error
    if isinstance(error, AdapterError):
        return None, []
    if isinstance(error, Transposed):
        return None, [Edit("transposition", error.message)]
    if not error.numbers:
        return None, []
    if not all(math.isfinite(got) and math.isfinite(want) for _, got, want, _ in error.numbers):
        return None, []
    if remembers(subject, failure.case):
        scope = "a second call on the same object differs from the first"
        return None, [Edit("hidden state", scope)]
    if CHECKS[id].reads == {"purity"}:
        return None, []
    by_steps = "step" in CHECKS[id].reads or "gradients" not in subject.declaration.methods
    if by_steps and grows_with_the_rate(subject, failure.case):
        scope = "right for a small learning rate, wrong in proportion to a large one"
        return None, [Edit("order", scope)]
    one_row = not subject.declaration.several_rows
    factor = common_factor([*failure.others, failure], one_row=one_row)
    if factor is not None:
        return None, [Edit("sign" if factor == "-1" else "scale", "every number", factor)]
    layer = transposed_layer(failure)
    if layer:
        return None, [Edit("transposition", layer)]
    return _layers(failure, one_row)


def _layers(failure: Failure, one_row: bool) -> tuple[str | None, list[Edit]]:
    """One factor for a layer, or else only which are right and which wrong."""
    right, wrong = layers_of(failure)
    edits = []
    for layer in wrong:
        factor = common_factor([*failure.others, failure], layer, one_row)
        if factor is not None:
            edits.append(Edit("scale", layer, factor))
    if edits and len(edits) == len(wrong):
        return None, edits
    return f"wrong in {', '.join(wrong)}; right in {', '.join(right)}" if right else None, []
