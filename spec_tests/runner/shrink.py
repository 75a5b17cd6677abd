"""From a case that fails to a small one that fails in the same way."""

from __future__ import annotations

from collections.abc import Callable

from spec_tests.cases.case import Case
from spec_tests.cases.smaller import smaller
from spec_tests.clauses import Check
from spec_tests.diagnosis.failure import Failure
from spec_tests.errors import AdapterError, Transposed, Violation
from spec_tests.runner.outcome import failing
from spec_tests.subject import Subject

MOST_CANDIDATES = 300
A_CANDIDATE = 100
"""Weights times rows of a usual candidate: a larger one counts for as many as it is larger."""


def smallest(case: Case, holds: Callable[[Case], bool]) -> Case:
    """The first smaller case that holds is taken, and those smaller than it, until none holds."""
    left = MOST_CANDIDATES
    while True:
        for candidate in smaller(case):
            left -= max(1, candidate.work // A_CANDIDATE)
            if left < 0:
                return case
            if holds(candidate):
                case = candidate
                break
        else:
            return case


def shrunk(subject: Subject, check: Check, failure: Failure) -> Failure:
    """It must fail with the same kind of error: an answer that is wrong is not one that is none."""
    found = failure

    def fails(case: Case) -> bool:
        nonlocal found
        error = failing(subject, check, case)
        if error is None or not _is_alike(error, failure.error):
            return False
        found = failure._replace(case=case, error=error)
        return True

    smallest(failure.case, fails)
    return found


def _is_alike(one: Violation | AdapterError, other: Violation | AdapterError) -> bool:
    if isinstance(one, AdapterError) and isinstance(other, AdapterError):
        return (one.kind, one.is_broken) == (other.kind, other.is_broken)
    if isinstance(one, AdapterError) or isinstance(other, AdapterError):
        return False
    same = isinstance(one, Transposed) == isinstance(other, Transposed)
    return same and bool(one.numbers) == bool(other.numbers)
