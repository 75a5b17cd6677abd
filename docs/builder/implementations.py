"""Who was run: a row for each report that lies in docs/reports, whatever it is of."""

from __future__ import annotations

from docs.builder.reports import runs
from spec_tests.faults import FAULTS
from spec_tests.report.wording import by_reason
from spec_tests.result import FAILING, VERDICTS, Report
from spec_tests.runner.survey import PROFILES

HEAD = (
    "| implementation | cases of a clause | passed | unsupported | failed | largest share |\n"
    "|---|---:|---:|---:|---:|---|"
)
BUGS = "| network | passed | unsupported | failed | diagnosis |\n|---|---:|---:|---:|---|"


def is_bug(report: Report) -> bool:
    return report.implementation["selector"] in FAULTS


def table(bugs: bool) -> str:
    """Implementations that are meant to be right, or networks with a bug."""
    found = [(file, report) for file, report in runs().items() if is_bug(report) is bugs]
    rows = [bug(report) if bugs else row(file, report) for file, report in found]
    return "\n".join([BUGS if bugs else HEAD, *rows])


def row(file: str, report: Report) -> str:
    """Name, counts, and the largest share of a bound that any number took."""
    name, dtype = report.implementation["name"], report.declared["dtype"]
    cases = f"{PROFILES[report.profile]:,}"
    cells = [f"[{name}](#run-{file}), {dtype}", cases, *counts(report), share(report)]
    return f"| {' | '.join(cells)} |"


def bug(report: Report) -> str:
    """Name, counts, and which known bugs the diagnosis calls the same."""
    name = report.implementation["name"]
    named = sum(name in c.cause.known_bugs for c in report.clauses if c.cause is not None)
    said = f"named in {named} of {sum(c.verdict in FAILING for c in report.clauses)} failures"
    return f"| [{name}](../faults/#{name}) | {' | '.join(counts(report))} | {said} |"


def counts(report: Report) -> list[str]:
    verdicts = [result.verdict for result in report.clauses]
    failed = sum(map(verdicts.count, FAILING))
    return [str(n) for n in (verdicts.count("pass"), verdicts.count("unsupported"), failed)]


def share(report: Report) -> str:
    margins = [(c.margin, c.id) for c in report.clauses if c.margin is not None]
    margin, id = max(margins, default=(0.0, ""))
    return f"{margin:.2f} in [{id}](../clauses/#{id})" if id else "no bound was used"


def described() -> str:
    """What each implementation declares, and what of it was not checked, and why."""
    return "\n".join(
        description(file, report) for file, report in runs().items() if not is_bug(report)
    )


def description(file: str, report: Report) -> str:
    own = report.implementation
    parts = [
        f"## {own['name']} {{#run-{file}}}\n",
        f"`refnn-conform run {own['selector']} --profile {report.profile} --seed {report.seed}`\n",
    ]
    for name in ("versions", "activations", "losses", "optimizers", "batch", "weights"):
        value = (own | report.declared).get(name)
        shown = ", ".join(value) if isinstance(value, list) else value
        if shown:
            parts.append(f"- {name}: {shown}")
    for verdict in VERDICTS[1:]:
        for reason, ids in by_reason(report, verdict).items():
            parts.append(f"- {verdict}: {ids} ({reason})")
    return "\n".join([*parts, ""])
