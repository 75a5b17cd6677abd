"""Would the implementation be right, if it had declared something else?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import partial
from itertools import product
from typing import Any

from refnn.losses import Loss
from spec_tests.cases.case import Case
from spec_tests.clauses import CHECKS
from spec_tests.diagnosis.failure import Failure
from spec_tests.errors import AdapterError, Unsupported, Vacuous, Violation
from spec_tests.subject import Subject

MOST_CASES = 10
OPTIONS = {"factor": (1, 0.5), "batch": ("mean", "sum"), "outputs": ("mean", "sum")}
Other = tuple[str, Subject, Callable[[Case], Case]]


def right_declarations(subject: Subject, clause: str, failure: Failure) -> list[str]:
    """What to declare so that the clause holds on all cases that fail: each that would do.

    An exception is no other convention.
    """
    if "errors" in CHECKS[clause].reads or isinstance(failure.error, AdapterError):
        return []
    cases = [failure.case, *(other.case for other in failure.others[:MOST_CASES])]
    return [
        name
        for name, other, changed in _others(subject, failure.case.loss)
        if _holds(other, clause, [changed(case) for case in cases])
    ]


def _others(subject: Subject, loss: Loss) -> Iterator[Other]:
    turned = "in_out" if subject.declaration.weights == "out_in" else "out_in"
    yield f'weights = "{turned}"', _declaring(subject, weights=turned), lambda case: case
    if len(subject.declaration.losses) == 1:
        for other in _reductions(loss):
            own = _declaring(subject, losses=(other,))
            yield f"loss = {other!r}", own, partial(replace, loss=other)


def _declaring(subject: Subject, **changes: Any) -> Subject:
    return Subject(subject.player, replace(subject.declaration, **changes))


def _reductions(loss: Any) -> Iterator[Loss]:
    """The same loss with other reductions; the squared error with its other factor too."""
    names = [field.name for field in fields(loss)] if is_dataclass(loss) else []
    options = {name: values for name, values in OPTIONS.items() if name in names}
    for values in product(*options.values()):
        other: Any = replace(loss, **dict(zip(options, values, strict=True)))
        if other != loss:
            yield other


def _holds(subject: Subject, clause: str, cases: list[Case]) -> bool:
    """Whether no case fails, and some is checked."""
    checked = 0
    for case in cases:
        try:
            CHECKS[clause].run(subject, case)
            checked += 1
        except (Vacuous, ArithmeticError, Unsupported):
            continue
        except (Violation, AdapterError):
            return False
    return checked > 0
