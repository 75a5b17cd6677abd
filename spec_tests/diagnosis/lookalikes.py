"""Which known bugs give the very same numbers on the cases that fail?"""

from __future__ import annotations

import math
from typing import Any

from spec_tests.clauses import CHECKS
from spec_tests.diagnosis.failure import Failure
from spec_tests.errors import AdapterError, Unsupported, Vacuous, Violation
from spec_tests.faults import FAULTS, Fault, as_declared
from spec_tests.subject import Subject, in_process

MOST_OTHERS = 3
Compared = tuple[str, Any, Any, float]


def lookalikes(subject: Subject, clause: str, failure: Failure) -> list[str]:
    """The ids of the faults that cannot be told apart from the implementation by these cases."""
    reads = CHECKS[clause].reads
    candidates = [fault for fault in FAULTS.values() if fault.touches & reads]
    cases = [failure, *failure.others[:MOST_OTHERS]]
    return [fault.id for fault in candidates if _looks_alike(subject, clause, fault, cases)]


def _looks_alike(subject: Subject, clause: str, fault: Fault, cases: list[Failure]) -> bool:
    twin = in_process(as_declared(fault, subject.declaration))
    return all(_same(_error(twin, clause, failure), failure.error) for failure in cases)


def _error(subject: Subject, clause: str, failure: Failure) -> Exception | None:
    """How the fault fails on this case, None where it does not."""
    try:
        CHECKS[clause].run(subject, failure.case)
    except (Violation, AdapterError, Vacuous, ArithmeticError, Unsupported) as error:
        return error
    return None


def _same(mine: Exception | None, yours: Violation | AdapterError) -> bool:
    if isinstance(mine, AdapterError) and isinstance(yours, AdapterError):
        return mine.kind == yours.kind
    if not (isinstance(mine, Violation) and isinstance(yours, Violation)):
        return False
    if not yours.numbers:
        return mine.message == yours.message
    if len(mine.numbers) != len(yours.numbers):
        return False
    rounding = max((bound / abs(e) for _, _, e, bound in _floats(yours) if e), default=0.0)
    pairs = zip(mine.numbers, _floats(yours), strict=True)
    return all(_near(*pair, rounding) for pair in pairs)


def _floats(error: Violation) -> list[Compared]:
    return [(place, got, float(expected), bound) for place, got, expected, bound in error.numbers]


def _near(mine: Compared, yours: Compared, rounding: float) -> bool:
    """Equal on the grid; elsewhere both may be off by the bound, in proportion to their size.

    Where 0 is expected, the bound says nothing of a wrong number: then by the largest share of
    itself that any number of the case may be off.
    """
    place, got, expected, bound = yours
    if mine[0] != place:
        return False
    if got == mine[1] or (math.isnan(got) and math.isnan(mine[1])):
        return True
    if not (math.isfinite(got) and math.isfinite(mine[1])):
        return False
    share = max(bound, abs(got) * bound / abs(expected)) if expected else abs(got) * rounding
    return bool(abs(got - mine[1]) <= 2 * share)
