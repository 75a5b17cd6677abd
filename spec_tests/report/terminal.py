"""The report on a terminal: a table by group, each cause of failure once, and one last line.

Text goes through rich as Text, never as markup, and what is cut into lines here is no wider than
the console: so it reads the same in a pipe, without colours, and in a narrow window.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from spec_tests.report import wording
from spec_tests.report.judged import is_forward_only
from spec_tests.report.python import case_as_python, has_case, pasteable_test
from spec_tests.report.roots import Root, roots
from spec_tests.result import VERDICTS, Cause, Report, Result

IN_FULL = 10
LONGEST = 600
LABEL = 10
STYLES = {"pass": "green", "fail": "bold red", "error": "bold red", "flaky": "bold yellow"}
ALWAYS = ("pass", "fail", "unsupported")


def print_report(
    report: Report,
    selector: str,
    console: Console,
    full: bool = False,
    *,
    fault_sentences: wording.Sentences | None = None,
    path: str | None = None,
) -> None:
    """`full`: each cause, with a test to paste. `path` is where the report is kept as JSON."""
    page = _Page(console, selector, report, path, fault_sentences or {}, full)
    page.start()
    page.failures(roots(report.clauses))
    page.accepts()
    for verdict, title in (("unsupported", "unsupported"), ("not-run", "not run")):
        page.reasons(title, wording.by_reason(report, verdict))
    page.line(wording.tally(report), "bold")


class _Page:
    """Where to print, and what every failure needs."""

    def __init__(
        self,
        console: Console,
        selector: str,
        report: Report,
        path: str | None,
        faults: wording.Sentences,
        full: bool,
    ) -> None:
        self.console = console
        self.selector = selector
        self.report = report
        self.path = path
        self.faults = faults
        self.full = full

    def line(self, text: str = "", style: str = "", indent: int = 0, hang: int = 0) -> None:
        self.text(Text(text, style), Text(" " * indent), indent + hang)

    def text(self, text: Text, start: Text | str = "", margin: int = 0) -> None:
        """`text` cut into lines: `start` stands before the first, `margin` before all others.

        An address at the end stays whole, so that it can be followed.
        """
        width = max(self.console.width - margin, 1)
        before, _, last = text.plain.rpartition(" ")
        is_long_address = "://" in last and len(last) > width
        lines = (text[: len(before)] if is_long_address else text).wrap(self.console, width)
        if is_long_address:
            lines.append(text[len(before) + 1 :])
        for i, line in enumerate(lines):
            line.rstrip()
            whole = Text.assemble(" " * margin if i else start, line)
            whole.rstrip()
            self.console.print(whole, no_wrap=True, overflow="ignore", crop=False)

    def code(self, source: str, indent: int = 0) -> None:
        for line in source.splitlines():
            self.line(line, indent=indent)

    def labelled(self, label: str, value: str, style: str = "") -> None:
        self.text(Text(value, style), Text(f"  {label:<{LABEL}}", "dim"), 2 + LABEL)

    def start(self) -> None:
        """Who was checked, and how each group of clauses went."""
        report = self.report
        name = wording.printable(str(report.implementation.get("name", self.selector)))
        extent = ", forward only" if is_forward_only(report) else ""
        self.line(f"refnn-conform: {name}{extent}", "bold")
        details = f"{wording.printable(self.selector)}, {report.profile}, seed {report.seed}"
        self.line(details, "dim")
        declared = wording.declared(report)
        if declared:
            self.line(f"declared: {declared}", "dim", hang=2)
        self.line()
        verdicts = [result.verdict for result in report.clauses]
        self.table(report.clauses, [v for v in VERDICTS if v in ALWAYS or v in verdicts])

    def table(self, results: Sequence[Result], columns: Sequence[str]) -> None:
        gap = 2 if self.console.width >= 60 else 1
        table = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, header_style="dim")
        table.add_column("group")
        for verdict in columns:
            table.add_column(verdict, justify="right")
        for group, own in wording.by_group(results).items():
            counts = [[result.verdict for result in own].count(verdict) for verdict in columns]
            cells = [
                Text(str(count), STYLES.get(verdict, "")) if count else Text("·", "dim")
                for verdict, count in zip(columns, counts, strict=True)
            ]
            table.add_row(Text(group), *cells)
        self.console.print(table)
        self.line()

    def failures(self, causes: Sequence[Root]) -> None:
        """Each cause by its simplest clause; where there are many, the last ones in a line each."""
        if not causes:
            return
        self.line(wording.heading(causes), "bold red")
        self.line()
        shown = len(causes) if self.full or len(causes) <= IN_FULL + 1 else IN_FULL
        for root in causes[:shown]:
            self.failure(root)
        if causes[shown:]:
            self.line(f"and {len(causes) - shown} more, which --full shows like those above:")
            for root in causes[shown:]:
                self.brief(root)
            self.line()
        is_command = not self.selector.startswith(wording.HERE)
        if is_command and not self.full and any(has_case(root.first) for root in causes):
            self.line("With --full each failure comes with a test to paste.", "dim")
            self.line()

    def failure(self, root: Root) -> None:
        result = root.first
        title = Text.assemble(
            (result.id, "bold"),
            (f"  {result.verdict}", STYLES[result.verdict]),
            f"  {result.level}",
        )
        self.text(title)
        self.line(wording.sentence(result.id), indent=2)
        self.line()
        self.labelled("seen", self.cut(wording.printable(result.message)))
        if root.cause is not None:
            self.cause(result, root.cause)
        self.line()
        if root.others:
            ids = ", ".join(other.id for other in root.others)
            self.line(f"{wording.same(root)}: {ids}", "dim", indent=2, hang=2)
            self.line()
        if self.full and has_case(result):
            self.code(pasteable_test(result, self.selector, min(self.console.width, 100)))
            self.line()

    def cause(self, result: Result, cause: Cause) -> None:
        """What would explain it, and the smallest case."""
        for line in wording.diagnosis(cause):
            self.labelled("diagnosis", line, "bold")
        for id in cause.known_bugs:
            self.labelled("like", wording.fault(id, self.faults))
        if cause.case is not None:
            self.line("case", "dim", indent=2)
            self.code(case_as_python(cause.case, min(self.console.width - 4, 96)), indent=4)
        for label, value in wording.numbers(cause):
            self.labelled(label, value)
        if cause.case is not None:
            self.replay(wording.replay(result, self.selector, self.report, self.path))

    def accepts(self) -> None:
        """Wrong input that is not refused, in one line: no failure of mathematics."""
        said = wording.accepts(self.report)
        if said:
            self.line(said, hang=2)
            self.line()

    def brief(self, root: Root) -> None:
        result = root.first
        more = f" (+ {len(root.others)})" if root.others else ""
        seen = wording.printable(result.message).partition("\n")[0]
        text = Text.assemble((result.id, "bold"), f"{more}: {self.cut(seen, 120)}")
        self.text(text, "  ", 4)

    def replay(self, words: Sequence[str]) -> None:
        """The command on one line, or on several that a shell joins."""
        lines = [words[0]]
        for word in words[1:]:
            fits = 2 + LABEL + len(f"{lines[-1]} {word} \\") <= self.console.width
            lines[-1:] = [f"{lines[-1]} {word}"] if fits else [f"{lines[-1]} \\", word]
        self.labelled("replay", "\n".join(lines))

    def cut(self, text: str, most: int = LONGEST) -> str:
        return text if self.full or len(text) <= most else f"{text[: most - 1]}…"

    def reasons(self, title: str, reasons: dict[str, str]) -> None:
        """What was not checked, and why."""
        if not reasons:
            return
        self.line(title, "dim")
        for reason, ids in reasons.items():
            self.line(f"{reason}: {ids}", "dim", indent=2, hang=2)
        self.line()
