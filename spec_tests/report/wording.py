"""How every report says things: numbers, bounds, findings, counts, and text that is not ours."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from itertools import groupby

from spec_tests.adapter import Adapter
from spec_tests.clauses import requirements
from spec_tests.report.roots import Root, refusals
from spec_tests.result import Cause, Report, Result
from spec_tests.scripts.script import LOSSES

HERE = "here:"
"""So begins what stands for the selector of a class of this process: here:MyNet."""
Sentences = Mapping[str, str]
SAID_ELSEWHERE = frozenset(["name", "activations", "optimizers", "methods", "nearly"])
"""Of what is declared: what is offered, and what the report says anyway."""
USUAL_LOSSES = frozenset(repr(kind()) for kind in LOSSES.values())


def printable(text: str) -> str:
    """`text` with escapes for what a terminal would obey and a file cannot hold."""
    return "".join(c if c.isprintable() or c == "\n" else repr(c)[1:-1] for c in text)


def sentence(id: str) -> str:
    """What the clause says, nothing where it is unknown."""
    known = requirements().get(id)
    return known.sentence if known else ""


def number(value: object) -> str:
    """All digits of a number, of whatever subclass of float."""
    return float.__repr__(value) if isinstance(value, float) else printable(str(value))


def bound(value: float) -> str:
    return f"{value:.3g}" if value else "exact: must be equal"


def numbers(cause: Cause) -> list[tuple[str, str]]:
    """got, expected and bound, where numbers were compared."""
    if cause.bound is None:
        return []
    return [
        ("got", number(cause.got)),
        ("expected", number(cause.expected)),
        ("bound", bound(cause.bound)),
    ]


def diagnosis(cause: Cause) -> list[str]:
    """What would explain the failure, a line each."""
    lines = [f"declaration: right with {name}" for name in cause.declare]
    lines += [f"place: {cause.place}"] if cause.place else map(str, cause.edits)
    if cause.known_bugs:
        lines.append(f"known bug: {_how(cause)}")
    return [printable(line) for line in lines]


def _how(cause: Cause) -> str:
    """How a known bug is like it."""
    if cause.bound is None:
        return "it fails in the same way"
    if cause.certainty == "exact":
        return "it gives exactly the same numbers"
    return "it gives the same numbers, within the bound"


def fault(id: str, sentences: Sentences) -> str:
    """A known bug that acts the same."""
    return printable(f"{id}: {sentences[id]}" if id in sentences else id)


def replay(result: Result, selector: str, report: Report, path: str | None) -> list[str]:
    """The words of the command that checks this case again, or finds it where none is kept.

    No other process finds a class of this one: it is checked again where it was made.
    """
    if selector.startswith(HERE):
        name = selector.removeprefix(HERE)
        return [f'spec_tests.check({name}, "{report.profile}", {report.seed}, "{result.id}")']
    if path is None:
        words = [shlex.quote(selector), f"--only {result.id}"]
        words += [f"--profile {report.profile}"] if report.profile != "default" else []
        words += [f"--seed {report.seed}"] if report.seed else []
        return ["refnn-conform run", *(printable(word) for word in words)]
    words = [path, result.id, selector]
    return ["refnn-conform replay", *(printable(shlex.quote(word)) for word in words)]


def same(root: Root) -> str:
    """How many more clauses fail for this reason."""
    more = len(root.others)
    return f"{more} more clause{'s fail' if more > 1 else ' fails'} for the same reason"


def accepts(report: Report) -> str:
    """What becomes of wrong input, in one line; "" where all of it is refused."""
    accepted, judged = refusals(report.clauses)
    if not accepted:
        return ""
    ids = ", ".join(result.id for result in accepted)
    kinds = "1 kind" if judged == 1 else f"{judged} kinds"
    return f"accepts {len(accepted)} of {kinds} of wrong input, which should be refused: {ids}"


def declared(report: Report) -> str:
    """What is declared other than by default: that is believed, so a reader should know it."""
    own = report.declared
    usual: dict[str, object] = {name: getattr(Adapter, name, None) for name in own}
    usual |= {"output_activations": own.get("activations")}
    found = []
    for name, value in own.items():
        if name in SAID_ELSEWHERE or name == "losses":
            continue
        if _as_list(value) != _as_list(usual[name]):
            found.append(f"{name} = {_shown(value)}")
    losses = [loss for loss in own.get("losses", []) if loss not in USUAL_LOSSES]
    if losses:
        found.append(f"{'loss' if len(losses) == 1 else 'losses'} = {_shown(losses)}")
    return printable("; ".join(found))


def _as_list(value: object) -> object:
    """Tuples are lists in JSON."""
    return list(value) if isinstance(value, tuple) else value


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def heading(causes: Sequence[Root]) -> str:
    failures = sum(root.size for root in causes)
    count = "1 failure" if failures == 1 else f"{failures} failures"
    if len(causes) == failures:
        return count
    return f"{count}, {len(causes)} cause{'s' if len(causes) > 1 else ''}"


def by_group(results: Sequence[Result]) -> dict[str, list[Result]]:
    """The results of each group of clauses, in the order of the specification."""
    groups: dict[str, list[Result]] = {}
    for requirement in requirements().values():
        groups.setdefault(requirement.group, [])
    for result in results:
        groups.setdefault(result.id.partition("-")[0], []).append(result)
    return {group: own for group, own in groups.items() if own}


def by_reason(report: Report, verdict: str) -> dict[str, str]:
    """Why clauses have this verdict, and which: "LOSS-EDGES, all of OPT"."""
    groups = by_group(report.clauses)
    reasons: dict[str, list[Result]] = {}
    for result in (result for own in groups.values() for result in own):
        if result.verdict == verdict:
            reason = printable(result.message.partition("\n")[0]) or "no reason given"
            reasons.setdefault(reason, []).append(result)
    return {reason: _named(own, groups) for reason, own in reasons.items()}


def _named(results: Sequence[Result], groups: Mapping[str, Sequence[Result]]) -> str:
    names: list[str] = []
    for group, found in groupby(results, key=lambda result: result.id.partition("-")[0]):
        own = [result.id for result in found]
        whole = len(own) == len(groups[group]) > 1
        names += [f"all of {group}"] if whole else own
    return ", ".join(names)


def tally(report: Report) -> str:
    """The last line: "58 passed, 13 unsupported, 0 failed of 71"; a SHOULD is counted apart."""
    verdicts = [result.verdict for result in report.clauses]
    passed, unsupported, failed, errors, flaky, idle = (
        verdicts.count(v) for v in ("pass", "unsupported", "fail", "error", "flaky", "not-run")
    )
    lax = sum(r.verdict == "fail" and r.level == "SHOULD" for r in report.clauses)
    parts = [f"{passed} passed, {unsupported} unsupported, {failed - lax} failed"]
    parts[0] += f"{f', {lax} SHOULD not met' if lax else ''} of {len(verdicts)}"
    if errors:
        parts.append("1 error" if errors == 1 else f"{errors} errors")
    if flaky:
        parts.append(f"{flaky} flaky")
    if idle:
        parts.append(f"{idle} not run")
    if not report.complete:
        parts.append("incomplete: interrupted")
    return ", ".join(parts)
