"""The suite in a notebook, or at a prompt: `spec_tests.check(MyNet)` shows the report."""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape

from rich.console import Console

from spec_tests.adapter import Adapter
from spec_tests.clauses.kinds import groups
from spec_tests.commands.progress import Progress
from spec_tests.commands.run import SENTENCES, chosen, report_of
from spec_tests.declaration import declare
from spec_tests.players.player import InProcess, Player, Wired
from spec_tests.players.python_child import CAN_FORK, Forked
from spec_tests.report.html import as_html
from spec_tests.report.terminal import print_report
from spec_tests.report.wording import HERE
from spec_tests.result import Report, Result
from spec_tests.runner.engine import explained, run_clauses
from spec_tests.runner.serve import described
from spec_tests.runner.survey import PROFILES
from spec_tests.subject import Subject

UNWATCHED = "played in this process, without a watchdog: a call that hangs, hangs it\n\n"
WIDTH = 88
STYLE = "width: 100%; height: 40em; border: 1px solid #8888"


@dataclass(frozen=True, repr=False)
class Checked:
    """A report, which a notebook shows as a page, and a prompt as text."""

    report: Report
    is_watched: bool

    @property
    def _selector(self) -> str:
        return str(self.report.implementation["selector"])

    def __repr__(self) -> str:
        text = io.StringIO()
        console = Console(file=text, width=WIDTH, color_system=None, force_jupyter=False)
        print_report(self.report, self._selector, console, fault_sentences=SENTENCES)
        return ("" if self.is_watched else UNWATCHED) + text.getvalue()

    def _repr_html_(self) -> str:
        page = escape(as_html(self.report, self._selector, SENTENCES))
        said = "" if self.is_watched else f"<p>{UNWATCHED}</p>"
        return f'{said}<iframe srcdoc="{page}" style="{STYLE}"></iframe>'


def check(
    adapter: type[Adapter], profile: str = "quick", seed: int = 0, only: str | None = None
) -> Checked:
    """All clauses on `adapter`, or those of `only`: "FC,GRAD-EXACT".

    It plays in a process that is forked from this one, so that it may be a class of a notebook's,
    and may hang. Where the system cannot fork, it plays in this process, and that is said.
    ValueError for another profile or clause, DeclarationError for what is no adapter.
    """
    if profile not in PROFILES:
        raise ValueError(f"profile is {profile!r}, should be one of {', '.join(PROFILES)}")
    ids = chosen(only)
    declare(adapter)
    player: Player = Wired(Forked(adapter)) if CAN_FORK else InProcess(adapter)
    try:
        results = _results(Subject(player), ids, profile, seed)
    finally:
        player.close()
    declared = described(player.declaration)
    report = report_of(HERE + adapter.__name__, results, profile, seed, declared)
    return Checked(report, CAN_FORK)


def _results(subject: Subject, ids: list[str], profile: str, seed: int) -> list[Result]:
    """In any order."""
    results = []
    with Progress(len(ids)) as progress:
        for group in groups(ids):
            for judged in run_clauses(subject, group, profile, seed):
                results.append(explained(subject, judged))
                progress.note(results[-1])
    return results
