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
from spec_tests.report.judged import nothing_judged
from spec_tests.report.terminal import print_report
from spec_tests.report.wording import HERE
from spec_tests.result import Report, Result
from spec_tests.runner.engine import explained, run_clauses
from spec_tests.runner.serve import described
from spec_tests.runner.session import MOST_BREAKDOWNS, TOO_MANY, not_run
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
    nothing: str
    """Why nothing was judged, "" where something was."""

    @property
    def _selector(self) -> str:
        return str(self.report.implementation["selector"])

    def __repr__(self) -> str:
        text = io.StringIO()
        console = Console(file=text, width=WIDTH, color_system=None, force_jupyter=False)
        print_report(self.report, self._selector, console, fault_sentences=SENTENCES)
        console.print(self.nothing, end="")
        return ("" if self.is_watched else UNWATCHED) + text.getvalue()

    def _repr_html_(self) -> str:
        page = escape(as_html(self.report, self._selector, SENTENCES))
        said = "" if self.is_watched else f"<p>{UNWATCHED}</p>"
        said += f"<p>{escape(self.nothing)}</p>" if self.nothing else ""
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
    seen = _Seen(Subject(player))
    try:
        seen.run(ids, profile, seed)
        is_complete = True
    except KeyboardInterrupt:
        is_complete = False
    finally:
        player.close()
    results = [seen.results.get(id) or not_run(id) for id in ids]
    declared = described(player.declaration)
    name = HERE + adapter.__name__
    report = report_of(name, results, profile, seed, declared, is_complete)
    return Checked(report, CAN_FORK, nothing_judged(report, whole=only is None))


class _Seen:
    """The results, also where Ctrl-C ends the run."""

    def __init__(self, subject: Subject) -> None:
        self.results: dict[str, Result] = {}
        self._subject = subject
        self._breakdowns = 0

    def run(self, ids: list[str], profile: str, seed: int) -> None:
        with Progress(len(ids)) as progress:
            for group in groups(ids):
                for result in self._judged(group, profile, seed):
                    self.results[result.id] = result
                    progress.note(result)

    def _judged(self, group: list[str], profile: str, seed: int) -> list[Result]:
        if self._breakdowns >= MOST_BREAKDOWNS:
            return [not_run(id, TOO_MANY) for id in group]
        judged = run_clauses(self._subject, group, profile, seed)
        self._breakdowns += sum(each.breakdown is not None for each in judged)
        return [explained(each) for each in judged]
