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
from itertools import count
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis.configuration import set_hypothesis_home_dir

from spec_tests.cases.case import Case
from spec_tests.cases.drawing import Drawing
from spec_tests.cases.strategy import SEEDS
from spec_tests.clauses import CHECKS, Check
from spec_tests.clauses.kinds import Kind, kinds_of, names
from spec_tests.diagnosis.failure import Failure
from spec_tests.errors import Unsupported, Vacuous
from spec_tests.judge.played import Played
from spec_tests.players.program import PlayerError
from spec_tests.runner.outcome import GONE, SAID, WRONG, failing
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
HANDFUL, ROUND = 5, 25
"""An example of Hypothesis', which takes a millisecond or two, is a handful of scripts; a round of
them is drawn before it is asked which clauses want more. Both are the same for every clause and
profile: so what a clause is given does not depend on others."""
MOST_TRIED = 10
"""So many times its share of scripts is tried, where too many are vacuous."""
TOLD_APART = 12
"""So many cases that fail, of one loss, tell causes apart."""
MORE_ROUNDS = 2
"""Are drawn to find them."""
ALWAYS = {"load", "parameters"}
Take = Callable[[Callable[[], Case]], None]
"""Takes a case that is drawn when it asks for it, or none."""


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
        self._share = self._tried = self._judged = self._work = 0
        """Of the kind of now."""

    def narrowed(self) -> bool:
        """Ask for nothing from now on but what the clause needs; False where there is no more.

        Clauses of purity and of errors are about all methods.
        """
        declaration = self.subject.declaration
        own = {name for need in self.check.needs for name in need.split("|")} | ALWAYS
        if self.check.reads & {"purity", "errors"} or declaration.methods <= own:
            return False
        narrowed = replace(declaration, methods=declaration.methods & own)
        self.subject = Subject(self.subject.player, narrowed)
        return True

    def played(self, case: Case) -> Played | Exception:
        """The answers, or the error that came instead: `judge` takes either."""
        try:
            return self.check.played(self.subject, case)
        except SAID as error:
            return error

    def begin(self, kind: Kind) -> None:
        """Of a clause that has failed on another kind, no more is asked."""
        self._share = 0 if self.failures else self.shares[kind]
        self._tried = self._judged = self._work = 0

    @property
    def wants_more(self) -> bool:
        """Unless so much was done that a few large ones are enough."""
        if self.breakdown is not None or self._tried >= MOST_TRIED * self._share:
            return False
        enough = self._work > self._budget and self._judged >= FEW
        return self._judged < self._share and not enough

    def judge(self, kind: Kind, case: Case, played: Played | Exception) -> None:
        """Once more, of what was played; or of what came instead of it."""
        self._work += case.work
        self._tried += 1
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
        # In an order that depends on nothing: a clause that fails is not asked of later kinds.
        for kind in [kind for kind in names() if kind in self._drawings]:
            own = [account for account in self.accounts.values() if kind in account.shares]
            for account in own:
                account.begin(kind)
            rounds = count()
            while any(account.wants_more for account in own):
                stream = f"{names()[kind]} {next(rounds)}"
                if not self._draw(self._drawings[kind], stream, self._asked(kind, own)):
                    break

    def more(self, account: Account, loss: Any) -> list[Failure]:
        """Other cases with this loss, of the kind on which the clause failed, that fail too."""
        found = [failure for failure in account.failures if failure.case.loss == loss]
        kind = account.failed
        assert kind is not None

        def collect(draw: Callable[[], Case]) -> None:
            if len(found) < TOLD_APART:
                case = draw()
                error = failing(account.subject, account.check, case)
                if error is not None:
                    found.append(Failure(case, error, []))

        if len(found) < TOLD_APART:
            drawing = kind.cases(replace(self._subject.declaration, losses=(loss,)))
            for k in range(MORE_ROUNDS):
                self._draw(drawing, f"{names()[kind]} more {k}", collect)
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

    def _asked(self, kind: Kind, accounts: Sequence[Account]) -> Take:
        """Plays a case once, for all that want more."""

        def ask(draw: Callable[[], Case]) -> None:
            wanting = [account for account in accounts if account.wants_more]
            if not wanting:
                return
            case = draw()
            ways = {account.subject.declaration.methods for account in wanting}
            shared = wanting[0].played(case) if len(ways) == 1 else None
            for account in wanting:
                played = shared or account.played(case)
                if isinstance(played, GONE) and account.narrowed():
                    # One call hangs, say: that is no matter of clauses that look at another.
                    played = account.played(case)
                account.judge(kind, case, played)

        return ask

    def _draw(self, drawing: Drawing[Case], stream: str, take: Take) -> bool:
        """One round, of which `take` draws what it takes; False where nothing can be drawn."""
        name, found = f"{self._number} {stream}", True

        def some(seeds: tuple[int, ...]) -> None:
            nonlocal found
            rng = Random(f"{name} {seeds}")
            try:
                for _ in range(HANDFUL):
                    take(lambda: drawing(rng))
            except Unsupported:
                found = False

        configure = settings(
            max_examples=ROUND // HANDFUL,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )
        search: Callable[..., Any] = given(SEEDS)(some)
        with leaving_nothing():
            seed(name)(configure(search))()
        return found
