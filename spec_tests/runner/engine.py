"""A verdict for each clause, from what a survey has seen of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

from spec_tests.cases.literal import as_case
from spec_tests.cases.smaller import size
from spec_tests.clauses import CHECKS, requirements
from spec_tests.diagnosis import diagnose, raised, seen, unexplained
from spec_tests.diagnosis.failure import Failure
from spec_tests.errors import AdapterError, Unsupported, Violation
from spec_tests.players.program import PlayerError
from spec_tests.result import FAILING, Result
from spec_tests.runner.outcome import GONE, IDLE, WRONG, failing
from spec_tests.runner.shrink import shrunk
from spec_tests.runner.survey import Account, Survey
from spec_tests.scripts.wire import WireError
from spec_tests.subject import Subject

NOTHING = "every case was vacuous: there was nothing to check"
LITTLE = "most cases were vacuous: there was little to check"
FLAKY = "the same case fails and passes: the answers differ"


class Judged(NamedTuple):
    """failure: for the diagnosis, which asks `subject`; breakdown: what the player did instead of
    answering."""

    result: Result
    failure: Failure | None = None
    breakdown: PlayerError | WireError | None = None
    subject: Subject | None = None


def run_clauses(
    subject: Subject, ids: Sequence[str], profile: str, number: int = 0, shrink: bool = True
) -> list[Judged]:
    """Clauses that may share scripts: each is judged as if it were alone."""
    survey = Survey(subject, ids, profile, number)
    survey.run()
    return [_judged(survey, id, shrink) for id in ids]


def run_clause(
    subject: Subject, id: str, profile: str, number: int = 0, shrink: bool = True
) -> tuple[Result, Failure | None]:
    """One clause alone. PlayerError or WireError where the player did what no player may."""
    [judged] = run_clauses(subject, [id], profile, number, shrink)
    if judged.breakdown is not None:
        raise judged.breakdown
    return judged.result, judged.failure


def explained(judged: Judged) -> Result:
    """The result with what would explain a failure; a verdict stands without it."""
    result, failure, _, subject = judged
    if failure is None or subject is None or result.verdict == "flaky":
        return result
    with suppress(*GONE):  # the player broke down under these questions, not under the clause
        return replace(result, cause=diagnose(subject, result.id, failure))
    return result


def _judged(survey: Survey, id: str, shrink: bool) -> Judged:
    if id in survey.unsupported:
        return Judged(_result(id, "unsupported", survey.unsupported[id]))
    account = survey.accounts[id]
    if account.breakdown is not None:
        return _broken_down(id, account.breakdown)
    counts = {"judged": account.examples, "vacuous": account.vacuous, "margin": account.margin}
    if not account.failures:
        verdict, message = _unfailing(account)
        return Judged(_result(id, verdict, message, **counts))
    failure = min(account.failures, key=lambda failure: size(failure.case))
    if failing(account.subject, account.check, failure.case) is None:
        cause = seen(account.subject, id, failure)
        return Judged(_result(id, "flaky", FLAKY, cause=cause, **counts))
    verdict = _verdict(failure.error)
    if shrink:
        if verdict == "fail":
            # These cases only help the diagnosis: the verdict stands without them.
            failure = failure._replace(others=survey.more(account, failure.case.loss))
        failure = shrunk(account.subject, account.check, failure)
    cause = seen(account.subject, id, failure)
    result = _result(id, verdict, str(failure.error), cause=cause, **counts)
    return Judged(result, failure, None, account.subject)


def _unfailing(account: Account) -> tuple[str, str]:
    """(verdict, message)."""
    if account.refused or not (account.examples or account.vacuous):
        return "unsupported", account.refused or "no such case was found within what is declared"
    if not account.examples:
        return "error", NOTHING
    if account.examples < account.wanted and account.vacuous > 3 * account.examples:
        return "error", LITTLE
    return "pass", ""


def run_case(subject: Subject, id: str, literal: dict[str, Any]) -> Judged:
    """Run the clause on one case alone, that of a report."""
    case = as_case(literal)
    if len(subject.declaration.losses) == 1:
        # What is declared may have been mended since the report was written.
        case = replace(case, loss=subject.declaration.losses[0])
    try:
        margin = CHECKS[id].run(subject, case)
    except Unsupported as reason:
        return Judged(_result(id, "unsupported", str(reason)))
    except IDLE:
        return Judged(_result(id, "error", "the case is vacuous: there is nothing to check"))
    except GONE as error:
        return _broken_down(id, error)
    except WRONG as error:
        failure = Failure(case, error, [])
        cause = seen(subject, id, failure)
        result = _result(id, _verdict(error), str(error), cause=cause)
        return Judged(result, failure, None, subject)
    return Judged(_result(id, "pass", "", judged=1, margin=margin))


def _broken_down(id: str, error: PlayerError | WireError) -> Judged:
    return Judged(_result(id, "error", str(error), cause=raised(id, str(error))), None, error)


def _verdict(error: Violation | AdapterError) -> str:
    return "error" if isinstance(error, AdapterError) and error.is_broken else "fail"


def _result(id: str, verdict: str, message: str, **details: Any) -> Result:
    if verdict in FAILING:
        details.setdefault("cause", unexplained(id, message))
    return Result(id, requirements()[id].level, verdict, message=message, **details)
