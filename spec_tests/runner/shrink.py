"""From a case that fails to a small one that fails in the same way."""

from __future__ import annotations

from spec_tests.cases.case import Case
from spec_tests.cases.smaller import smaller
from spec_tests.clauses import Check
from spec_tests.diagnosis.failure import Failure
from spec_tests.errors import AdapterError, Transposed, Unsupported, Vacuous, Violation
from spec_tests.players.program import PlayerError
from spec_tests.scripts.wire import WireError
from spec_tests.subject import Subject

MOST_TRIED = 300


def failing(subject: Subject, check: Check, case: Case) -> Violation | AdapterError | None:
    """How the clause fails on the case; None where it does not, or nothing can be said."""
    try:
        check.run(subject, case)
    except (Violation, AdapterError) as error:
        return error
    except (Vacuous, ArithmeticError, Unsupported, PlayerError, WireError):
        pass
    return None


def shrunk(subject: Subject, check: Check, failure: Failure) -> Failure:
    """The first smaller case that fails is taken, and those smaller than it tried, until none is.

    It must fail with the same kind of error: an answer that is wrong is not one that is none.
    """
    left = MOST_TRIED
    while True:
        for case in smaller(failure.case):
            if left == 0:
                return failure
            left -= 1
            error = failing(subject, check, case)
            if error is not None and _is_alike(error, failure.error):
                failure = failure._replace(case=case, error=error)
                break
        else:
            return failure


def _is_alike(one: Violation | AdapterError, other: Violation | AdapterError) -> bool:
    if isinstance(one, AdapterError) and isinstance(other, AdapterError):
        return (one.kind, one.is_broken) == (other.kind, other.is_broken)
    if isinstance(one, AdapterError) or isinstance(other, AdapterError):
        return False
    same = isinstance(one, Transposed) == isinstance(other, Transposed)
    return same and bool(one.numbers) == bool(other.numbers)
