"""One clause, run in this process: draw cases, check them, shrink the first that fails.

Everything that runs a clause calls this: the command line (in a child process), pytest, a browser.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, reject, seed, settings
from hypothesis.errors import Flaky, Unsatisfiable, UnsatisfiedAssumption
from hypothesis.strategies import SearchStrategy

from spec_tests.cases.case import Case
from spec_tests.cases.literal import as_case, as_literal, plain
from spec_tests.clauses import CHECKS, Check, Requirement, requirements
from spec_tests.clauses.registry import Cases
from spec_tests.diagnosis.failure import Failure
from spec_tests.errors import AdapterError, Unsupported, Vacuous, Violation
from spec_tests.players.program import PlayerError
from spec_tests.result import Result
from spec_tests.scripts.wire import WireError
from spec_tests.subject import Subject

PROFILES = {"smoke": 3, "quick": 25, "default": 100, "thorough": 2000}
LEAST = 2
"""Cases of each kind."""
ONE_IN = 25
"""Of so many cases one is of a rare kind."""
WORK = 4000
"""Weights times rows, for each case of a profile: four times what usual networks take. Larger ones
are checked in fewer cases, but in a few at least."""
FEW = 3
MORE_CASES = 40
"""How many more cases are tried after a failure, to tell its causes apart."""


class Run:
    """The examples of one clause, counted."""

    def __init__(self, subject: Subject, check: Check, profile: str, number: int) -> None:
        self.subject = subject
        self.check = check
        self.stream = f"{number} {check.id}"
        """Each clause draws numbers of its own."""
        self.budget = WORK * PROFILES[profile]
        self.work = self.checked = 0
        """What was done of one kind of cases."""
        self.examples = 0
        self.vacuous = 0
        self.margin: float | None = None
        self.failure: Failure | None = None
        self.kind: Cases | None = None
        """The kind of cases of which one failed."""
        self.others: list[Failure] = []
        self.breakdown: PlayerError | WireError | None = None
        """What the player did where it should have answered: then there is nothing to judge."""
        self.refused = ""
        """Why a case was unsupported: then the clause has not passed, though it may fail."""

    def example(self, case: Case) -> None:
        """Check one more case, unless so much was done that a few large ones are enough."""
        if self.breakdown or (self.work > self.budget and self.checked >= FEW):
            return
        self.work += case.work
        try:
            margin = self.check.run(self.subject, case)
        except (Vacuous, ArithmeticError):
            self.vacuous += 1
            reject()
        except Unsupported as reason:
            self.refused = str(reason)
            reject()
        except (PlayerError, WireError) as error:
            # A search for a smaller case would meet it again and again: it ends here.
            self.breakdown = error
            return
        except (Violation, AdapterError) as error:
            self.failure = Failure(case, error, self.others)
            raise
        self.examples += 1
        self.checked += 1
        if margin is not None:
            self.margin = max(margin, self.margin or 0.0)

    def collect(self, case: Case) -> None:
        """Keep the case where it fails, and go on."""
        if self.breakdown:
            return
        try:
            self.check.run(self.subject, case)
        except (Vacuous, ArithmeticError, Unsupported):
            reject()
        except (PlayerError, WireError) as error:
            self.breakdown = error
        except (Violation, AdapterError) as error:
            self.others.append(Failure(case, error, []))

    def all_kinds(self, examples: int, shrink: bool) -> int:
        """Check each kind that is declared; how many cases were asked for.

        The usual kinds share the cases, a rare one has 1 in 25 of its own: at least two, since the
        first that is drawn is always the plainest. Where fewer than 25 are asked for, what is rare
        is left out. Unsupported where no kind is.
        """
        usual, reasons = self._strategies(self.check.cases)
        judges = examples >= ONE_IN
        rare, _ = self._strategies(self.check.rare if judges else ())
        if not usual:
            [(commonest, _)] = Counter(reasons).most_common(1)
            raise Unsupported(commonest)
        least = LEAST if judges else 1
        shares = [max(least, -(-examples // len(usual)))] * len(usual)
        shares += [max(LEAST, examples // ONE_IN)] * len(rare)
        for (kind, strategy), cases in zip([*usual, *rare], shares, strict=True):
            self.kind = kind
            # All of one kind may be vacuous: the counts of all say whether enough was checked.
            with suppress(Unsatisfiable):
                self.search(strategy, self.example, cases, shrink)
        return sum(shares)

    def _strategies(
        self, kinds: Sequence[Cases]
    ) -> tuple[list[tuple[Cases, SearchStrategy[Case]]], list[str]]:
        """What can be drawn of the kinds, and why the others cannot."""
        found, reasons = [], []
        for kind in kinds:
            try:
                found.append((kind, kind(self.subject.declaration)))
            except Unsupported as reason:
                reasons.append(str(reason))
        return found, reasons

    def collect_more(self) -> None:
        """Other cases of the kind that failed, with its loss."""
        assert self.failure is not None and self.kind is not None
        declaration = replace(self.subject.declaration, losses=(self.failure.case.loss,))
        self.search(self.kind(declaration), self.collect, MORE_CASES, shrink=False)

    def search(
        self,
        strategy: SearchStrategy[Case],
        body: Callable[[Case], None],
        examples: int,
        shrink: bool,
    ) -> None:
        """Draw so many cases for `body`, and shrink the first that it does not bear."""
        self.work = self.checked = 0
        phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
        configure = settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=phases,
            verbosity=Verbosity.quiet,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        drawn: Callable[..., Any] = given(strategy)(body)
        seed(self.stream)(configure(drawn))()


def run_clause(
    subject: Subject, id: str, profile: str, number: int = 0, shrink: bool = True
) -> tuple[Result, Failure | None]:
    """Run the clause `id`; the failure, where there is one, is for the diagnosis.

    PlayerError or WireError where the player did what no player may.
    """
    requirement, check = requirements()[id], CHECKS[id]
    missing = check.missing(subject.declaration)
    if missing:
        return Result(id, requirement.level, "unsupported", message=missing), None
    run = Run(subject, check, profile, number)
    try:
        verdict, message = _searched(run, profile, shrink)
    except Unsupported as reason:
        return Result(id, requirement.level, "unsupported", message=str(reason)), None
    return _result(requirement, run, verdict, message), run.failure


def _searched(run: Run, profile: str, shrink: bool) -> tuple[str, str]:
    """(verdict, message). PlayerError where the player did not answer."""
    wanted = 0
    verdict, message = "pass", ""
    try:
        wanted = run.all_kinds(PROFILES[profile], shrink)
    except Flaky:
        verdict, message = "flaky", "the same case fails and passes: the answers differ"
    except (Violation, AdapterError) as error:
        verdict, message = _verdict(error), str(error)
        if shrink and verdict == "fail":
            # These cases only help the diagnosis: the verdict stands without them.
            with suppress(Unsatisfiable, Flaky):
                run.collect_more()
    if run.breakdown is not None:
        raise run.breakdown
    if verdict == "pass":
        if run.refused or not (run.examples or run.vacuous):
            raise Unsupported(run.refused or "no such case was found within what is declared")
        if not run.examples:
            return "error", "every case was vacuous: there was nothing to check"
        if run.examples < wanted and run.vacuous > 3 * run.examples:
            return "error", "most cases were vacuous: there was little to check"
    return verdict, message


def run_case(subject: Subject, id: str, literal: dict[str, Any]) -> tuple[Result, Failure | None]:
    """Run the clause on one case alone, that of a report."""
    requirement, check = requirements()[id], CHECKS[id]
    run = Run(subject, check, "quick", 0)
    verdict, message = "pass", ""
    case = as_case(literal)
    if len(subject.declaration.losses) == 1:
        # What is declared may have been mended since the report was written.
        case = replace(case, loss=subject.declaration.losses[0])
    try:
        run.example(case)
    except UnsatisfiedAssumption:
        verdict, message = "error", "the case is vacuous: there is nothing to check"
        if run.refused:
            verdict, message = "unsupported", run.refused
    except (Violation, AdapterError) as error:
        verdict, message = _verdict(error), str(error)
    if run.breakdown is not None:
        raise run.breakdown
    return _result(requirement, run, verdict, message), run.failure


def _verdict(error: Violation | AdapterError) -> str:
    return "error" if isinstance(error, AdapterError) and error.is_broken else "fail"


def _result(requirement: Requirement, run: Run, verdict: str, message: str) -> Result:
    details: dict[str, Any] = {}
    if verdict != "pass" and run.failure is not None:
        case, error, _ = run.failure
        details["case"] = as_literal(case)
        if isinstance(error, Violation) and error.numbers:
            _, got, expected, bound = error.numbers[error.worst]
            details |= {"got": plain(got), "expected": plain(float(expected)), "bound": bound}
    return Result(
        requirement.id,
        requirement.level,
        verdict,
        run.examples,
        run.vacuous,
        run.margin,
        message=message,
        **details,
    )
