"""The clauses that look at the same scripts, judged together. A survey collects, and never stops.

Everything that judges an implementation calls this: the command line (in a judge's process),
pytest, a browser.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.configuration import set_hypothesis_home_dir

from spec_tests.cases.case import Case
from spec_tests.cases.drawing import Drawing, handful
from spec_tests.cases.strategy import drawn
from spec_tests.clauses import CHECKS, Check
from spec_tests.clauses.kinds import Kind, kinds_of, names
from spec_tests.diagnosis.failure import Failure
from spec_tests.errors import AdapterError, Unsupported, Vacuous, Violation
from spec_tests.judge.played import Played
from spec_tests.players.program import PlayerError
from spec_tests.runner.shrink import failing
from spec_tests.scripts.wire import WireError
from spec_tests.subject import Subject

PROFILES = {"smoke": 3, "quick": 25, "default": 100, "thorough": 2000}
LEAST = 2
"""Scripts of each kind."""
ONE_IN = 25
"""Of so many scripts one is of a rare kind."""
WORK = 4000
"""Weights times rows, for each script of a profile: four times what usual networks take. Larger
ones are judged in fewer scripts, but in a few at least."""
FEW = 3
HANDFUL = 5
"""So many scripts are one example of Hypothesis', which takes a millisecond or two for each."""
ROUNDS = 10
"""So often as many scripts are drawn again, where too many were vacuous."""
TOLD_APART = 12
"""So many cases that fail, of one loss, tell causes apart."""
MORE_CASES = 40
"""How many are tried to find them."""
WRONG = (Violation, AdapterError)
IDLE = (Vacuous, ArithmeticError, Unsupported)
"""Nothing can be said of a script."""
ALWAYS = ("load", "parameters")
GONE = (PlayerError, WireError)
SAID = (*WRONG, *IDLE, *GONE)


@contextmanager
def leaving_nothing() -> Iterator[None]:
    """No folder .hypothesis is made, where none of these examples would be kept."""
    set_hypothesis_home_dir(f"{os.devnull}/nowhere")
    try:
        yield
    finally:
        set_hypothesis_home_dir(None)


class Account:
    """What one clause has seen."""

    def __init__(self, subject: Subject, check: Check, budget: int) -> None:
        self.subject = subject
        self.check = check
        self.shares: dict[Kind, int] = {}
        """How many scripts of each kind it judges."""
        self.wanted = 0
        """How many of the usual kinds."""
        self.examples = self.vacuous = 0
        self.margin: float | None = None
        self.failures: list[Failure] = []
        self.failed: Kind | None = None
        self.breakdown: PlayerError | WireError | None = None
        """What the player did where it should have answered: then there is nothing to judge."""
        self.refused = ""
        """Why a script was unsupported: then the clause has not passed, though it may fail."""
        self._budget = budget
        self._left = self._judged = self._work = 0

    def alone(self) -> None:
        """Ask for nothing from now on but what the clause needs."""
        declaration = self.subject.declaration
        own = {name for need in self.check.needs for name in need.split("|")}
        narrowed = replace(declaration, methods=declaration.methods & {*own, *ALWAYS})
        self.subject = Subject(self.subject.player, narrowed)

    def played(self, case: Case) -> Played | Exception:
        """What came instead of answers is judged too."""
        try:
            return self.check.played(self.subject, case)
        except SAID as error:
            return error

    def begin(self, kind: Kind) -> None:
        """Of a clause that has failed on another kind, no more is asked."""
        self._left = 0 if self.failures else self.shares.get(kind, 0)
        self._judged = self._work = 0

    @property
    def wants_more(self) -> bool:
        """Unless so much was done that a few large ones are enough."""
        enough = self._work > self._budget and self._judged >= FEW
        return self._left > 0 and self.breakdown is None and not enough

    def judge(self, kind: Kind, case: Case, played: Played | Exception) -> None:
        """Once more, of what was played; or of what came instead of it."""
        self._work += case.work
        try:
            if isinstance(played, Exception):
                raise played
            margin = self.check.judge(played)
        except (Vacuous, ArithmeticError):
            self.vacuous += 1
            return
        except Unsupported as reason:
            self.refused = str(reason)
            return
        except GONE as error:
            # It would do so again and again: it is asked no more of this.
            self.breakdown = error
            return
        except WRONG as error:
            self.failures.append(Failure(case, error, []))
            self.failed = kind
        else:
            self.examples += 1
            if margin is not None:
                self.margin = max(margin, self.margin or 0.0)
        self._left -= 1
        self._judged += 1


class Survey:
    """Some clauses of one implementation. What one is given does not depend on the others."""

    def __init__(self, subject: Subject, ids: Sequence[str], profile: str, number: int) -> None:
        self._subject = subject
        self._number = number
        self._scripts = PROFILES[profile]
        self._drawings: dict[Kind, Drawing[Case]] = {}
        self.unsupported: dict[str, str] = {}
        """The clauses of which nothing can be asked, and why."""
        self.accounts: dict[str, Account] = {}
        for id in ids:
            try:
                self.accounts[id] = self._account(CHECKS[id])
            except Unsupported as reason:
                self.unsupported[id] = str(reason)

    def run(self) -> None:
        """Each kind of scripts until every clause has judged its share of it.

        All of one kind may be impossible: the counts say whether enough was judged.
        """
        for kind, drawing in self._drawings.items():
            own = [account for account in self.accounts.values() if kind in account.shares]
            for account in own:
                account.begin(kind)
            size = max(account.shares[kind] for account in own)
            for k in range(ROUNDS):
                if not any(account.wants_more for account in own):
                    break
                try:
                    self._draw(drawing, size, f"{names()[kind]} {k}", self._asked(kind, own))
                except Unsupported:
                    break

    def more(self, account: Account, loss: Any) -> list[Failure]:
        """Other cases with this loss, of the kind on which the clause failed, that fail too."""
        found = [failure for failure in account.failures if failure.case.loss == loss]
        kind = account.failed
        assert kind is not None

        def collect(case: Case) -> None:
            if len(found) < TOLD_APART:
                error = failing(account.subject, account.check, case)
                if error is not None:
                    found.append(Failure(case, error, []))

        if len(found) < TOLD_APART:
            drawing = kind.cases(replace(self._subject.declaration, losses=(loss,)))
            self._draw(drawing, MORE_CASES, f"{names()[kind]} more", collect)
        return found

    def _account(self, check: Check) -> Account:
        """The usual kinds share the scripts, a rare one has 1 in 25 of its own: at least two, since
        the first that is drawn is always the plainest. Where fewer than 25 are asked for, what is
        rare is left out. Unsupported where no kind is declared.
        """
        missing = check.missing(self._subject.declaration)
        if missing:
            raise Unsupported(missing)
        kinds, rare_kinds = kinds_of(check)
        judges = self._scripts >= ONE_IN
        usual, reasons = self._declared(kinds)
        rare, _ = self._declared(rare_kinds if judges else ())
        if not usual:
            [(commonest, _)] = Counter(reasons).most_common(1)
            raise Unsupported(commonest)
        account = Account(self._subject, check, WORK * self._scripts)
        share = max(LEAST if judges else 1, -(-self._scripts // len(usual)))
        account.shares = dict.fromkeys(usual, share)
        account.wanted = share * len(usual)
        account.shares |= dict.fromkeys(rare, max(LEAST, self._scripts // ONE_IN))
        return account

    def _declared(self, kinds: Sequence[Kind]) -> tuple[list[Kind], list[str]]:
        """The kinds that can be drawn, and why others cannot."""
        found, reasons = [], []
        for kind in kinds:
            try:
                if kind not in self._drawings:
                    self._drawings[kind] = kind.cases(self._subject.declaration)
                found.append(kind)
            except Unsupported as reason:
                reasons.append(str(reason))
        return found, reasons

    def _asked(self, kind: Kind, accounts: Sequence[Account]) -> Callable[[Case], None]:
        """Plays a case once, for all that want more."""

        def ask(case: Case) -> None:
            wanting = [account for account in accounts if account.wants_more]
            if not wanting:
                return
            ways = {account.subject.declaration.methods for account in wanting}
            shared = wanting[0].played(case) if len(ways) == 1 else None
            needs = {account.check.needs for account in wanting}
            if isinstance(shared, GONE) and len(needs) > 1:
                # One call hangs, say: that is no matter of clauses that look at another.
                shared = None
                for account in wanting:
                    account.alone()
            for account in wanting:
                account.judge(kind, case, shared or account.played(case))

        return ask

    def _draw(
        self,
        drawing: Drawing[Case],
        scripts: int,
        stream: str,
        take: Callable[[Case], None],
    ) -> None:
        configure = settings(
            max_examples=-(-scripts // HANDFUL),
            database=None,
            deadline=None,
            phases=[Phase.generate],
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )
        name = f"{self._number} {stream}"

        def take_all(cases: list[Case]) -> None:
            for case in cases:
                take(case)

        search: Callable[..., Any] = given(drawn(handful(drawing, HANDFUL), name))(take_all)
        with leaving_nothing():
            seed(name)(configure(search))()
