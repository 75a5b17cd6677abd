"""refnn-conform run, smoke, replay: clauses on one implementation, and a report."""

from __future__ import annotations

import argparse
import difflib
import platform
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from refnn.files import check_target
from spec_tests.clauses import requirements
from spec_tests.commands.expectations import apply, read_expectations
from spec_tests.commands.progress import Progress, console
from spec_tests.faults import FAULTS
from spec_tests.faults.seen import sentence_with_link
from spec_tests.players.program import SECONDS_A_CALL
from spec_tests.report.json_file import read_json, write_json
from spec_tests.report.judged import nothing_judged
from spec_tests.report.python import has_case
from spec_tests.report.terminal import print_report
from spec_tests.result import Report, Result
from spec_tests.runner.session import Session
from spec_tests.runner.task import Task

SENTENCES = {id: sentence_with_link(fault) for id, fault in FAULTS.items()}


def run(arguments: argparse.Namespace) -> int:
    """Run all clauses, or those that are asked for."""
    for path in (arguments.json, arguments.html):
        if path:
            check_target(path)
    expected = read_expectations(arguments.expect) if arguments.expect else {}
    ids = chosen(arguments.only)
    required = _groups(arguments.require)
    seed = arguments.seed
    tasks = [Task(arguments.selector, id, arguments.profile, seed) for id in ids]
    report = run_tasks(
        arguments.selector,
        tasks,
        arguments.workers,
        arguments.profile,
        seed,
        Limits(arguments.call_seconds, arguments.seconds),
    )
    if arguments.json:
        write_json(report, arguments.json)
    if arguments.html:
        from spec_tests.report.html import write_html

        write_html(
            report,
            arguments.selector,
            arguments.html,
            fault_sentences=SENTENCES,
            report_path=arguments.json,
        )
    print_report(
        report,
        arguments.selector,
        console(),
        arguments.full,
        fault_sentences=SENTENCES,
        path=arguments.json,
    )
    return _exit_code(report, arguments, required, expected)


class Limits(NamedTuple):
    """Seconds that one call, and that all may take."""

    call: float = SECONDS_A_CALL
    whole: float | None = None


NO_LIMITS = Limits()


def run_tasks(
    selector: str,
    tasks: list[Task],
    workers: int,
    profile: str,
    seed: int,
    limits: Limits = NO_LIMITS,
) -> Report:
    """The report of these tasks; after Ctrl-C or too much time, of those that were done."""
    tasks = _in_turns(tasks)
    with Progress(len(tasks)) as progress:
        session = Session(min(workers, len(tasks)), progress.note, limits.call)
        try:
            results = session.run(tasks, limits.whole)
            complete = not session.is_out_of_time
            interrupted = False
        except KeyboardInterrupt:
            results, complete, interrupted = session.finished(tasks), False, True
    report = report_of(selector, results, profile, seed, session.declared, complete)
    return replace(report, interrupted=interrupted)


def report_of(
    selector: str,
    results: Sequence[Result],
    profile: str,
    seed: int,
    declared: dict[str, Any],
    complete: bool = True,
) -> Report:
    """The results in the order of the specification, and whose they are."""
    order = list(requirements())
    clauses = sorted(results, key=lambda result: order.index(result.id))
    implementation = {
        "name": declared.get("name", selector),
        "selector": selector,
        "versions": f"Python {platform.python_version()}, Hypothesis {version('hypothesis')}",
    }
    return Report(implementation, profile, seed, clauses, complete, declared)


def _in_turns(tasks: list[Task]) -> list[Task]:
    """The first of each group, then the second ones, ...: whatever the bug, it is soon met."""
    groups = [
        list(own) for _, own in groupby(tasks, lambda task: requirements()[task.clause].group)
    ]
    return [task for turn in zip_longest(*groups) for task in turn if task]


def chosen(only: str | None) -> list[str]:
    """The ids that are asked for: whole ids, or groups."""
    known = requirements()
    if only is None:
        return list(known)
    chosen: list[str] = []
    for word in map(str.strip, only.upper().split(",")):
        own = [id for id in known if id == word or known[id].group == word]
        if not own:
            groups = dict.fromkeys(requirement.group for requirement in known.values())
            near = difflib.get_close_matches(word, [*known, *groups], 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(groups)}"
            raise ValueError(f"{word} is no clause and no group: {hint}")
        chosen += own
    return [id for id in known if id in chosen]


def _exit_code(
    report: Report, arguments: argparse.Namespace, require: set[str], expected: dict[str, str]
) -> int:
    code = apply(report, expected, arguments.strict)
    missing = _required(report, require)
    if missing:
        console().print(f"required, but unsupported: {', '.join(missing)}", highlight=False)
        return max(code, 1)
    return code or _usage(nothing_judged(report, whole=arguments.only is None))


def _usage(nothing: str) -> int:
    """2 where nothing was judged: what was asked for cannot be answered."""
    if nothing:
        console().print(nothing, highlight=False, markup=False, soft_wrap=True)
    return 2 if nothing else 0


def _groups(require: str | None) -> set[str]:
    """The groups of --require. ValueError for one that there is not."""
    known = {requirement.group for requirement in requirements().values()}
    if require is None:
        return set()
    named = set(require.upper().split(","))
    if named == {"ALL"}:
        return known
    if named - known:
        raise ValueError(f"--require {', '.join(sorted(named - known))}: there is no such group")
    return named


def _required(report: Report, groups: set[str]) -> list[str]:
    """The MUST clauses of required groups that are unsupported."""
    known = requirements()
    return [
        result.id
        for result in report.clauses
        if result.verdict == "unsupported"
        and result.level == "MUST"
        and known[result.id].group in groups
    ]


def replay(arguments: argparse.Namespace) -> int:
    """Check the failing cases of a report again: 1 where one fails, be it only of a SHOULD."""
    report = read_json(arguments.report)
    unknown = [result.id for result in report.clauses if result.id not in requirements()]
    if unknown:
        raise ValueError(f"{arguments.report} has {unknown[0]}, which is no clause here")
    words = arguments.words
    if len(words) > 2:
        raise ValueError(f"replay takes one clause and one selector, not {' '.join(words)}")
    selector, ids = words[-1], words[:-1]
    failing = [result for result in report.clauses if has_case(result)]
    chosen = [result for result in failing if not ids or result.id in ids]
    if ids and not chosen:
        kept = ", ".join(result.id for result in failing) or "none"
        raise ValueError(f"{arguments.report} has no failing case of {ids[0]}: it has {kept}")
    if not chosen:
        console().print(f"{arguments.report} has no failing case", highlight=False)
        return 0
    tasks = [_again(result, report, selector) for result in chosen]
    again = run_tasks(selector, tasks, 1, report.profile, report.seed)
    print_report(
        again,
        selector,
        console(),
        arguments.full,
        fault_sentences=SENTENCES,
        path=str(Path(arguments.report)),
    )
    return again.exit_code(strict=True)


def _again(result: Result, report: Report, selector: str) -> Task:
    case = result.cause.case if result.cause else None
    return Task(selector, result.id, report.profile, report.seed, case=case)


def smoke(arguments: argparse.Namespace) -> int:
    """A few cases of every clause: does the adapter do what it declares?"""
    tasks = [Task(arguments.selector, id, "smoke", 0) for id in requirements()]
    report = run_tasks(arguments.selector, tasks, arguments.workers, "smoke", 0)
    declared = report.declared
    out = console()
    for name in ("activations", "losses", "dtype", "weights", "batch", "methods"):
        value = declared.get(name)
        shown = ", ".join(map(str, value)) if isinstance(value, list) else value
        out.print(f"{name:12} {shown}", highlight=False, markup=False)
    out.print()
    print_report(report, arguments.selector, out, fault_sentences=SENTENCES)
    return report.exit_code() or _usage(nothing_judged(report, whole=True))
