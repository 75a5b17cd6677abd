"""What may come of one case: it holds, or one of these exceptions says why not."""

from __future__ import annotations

from spec_tests.cases.case import Case
from spec_tests.clauses import Check
from spec_tests.errors import AdapterError, Unsupported, Vacuous, Violation
from spec_tests.players.program import PlayerError
from spec_tests.scripts.wire import WireError
from spec_tests.subject import Subject

WRONG = (Violation, AdapterError)
IDLE = (Vacuous, ArithmeticError, Unsupported)
"""Nothing can be said of the case."""
GONE = (PlayerError, WireError)
"""The player did what no player may."""
SAID = (*WRONG, *IDLE, *GONE)


def failing(subject: Subject, check: Check, case: Case) -> Violation | AdapterError | None:
    """How the clause fails on the case; None where it does not, or nothing can be said."""
    try:
        check.run(subject, case)
    except WRONG as error:
        return error
    except (*IDLE, *GONE):
        pass
    return None
