"""The report as one HTML page: nothing is loaded, nothing runs, and every string is escaped."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

from refnn.files import write_whole
from spec_tests.clauses import requirements
from spec_tests.report import wording
from spec_tests.report.judged import is_forward_only
from spec_tests.report.python import case_as_python, has_case, pasteable_test
from spec_tests.report.roots import roots
from spec_tests.result import SPEC, VERDICTS, Cause, Report, Result

WIDTH = 88


def write_html(
    report: Report,
    selector: str,
    path: str | os.PathLike[str],
    *,
    fault_sentences: wording.Sentences | None = None,
    report_path: str | None = None,
) -> None:
    """`report_path` is where the report is kept as JSON."""
    page = as_html(report, selector, fault_sentences or {}, report_path)
    write_whole(path, page.encode("utf-8", "backslashreplace"))


def as_html(
    report: Report, selector: str, faults: wording.Sentences, report_path: str | None = None
) -> str:
    causes = roots(report.clauses)
    groups = wording.by_group(report.clauses)
    return _template().render(
        report=report,
        spec=SPEC,
        name=wording.printable(str(report.implementation.get("name", selector))),
        selector=wording.printable(selector),
        verdicts=[v for v in VERDICTS if any(result.verdict == v for result in report.clauses)],
        counts={group: _counts(own) for group, own in groups.items()},
        causes=causes,
        heading=wording.heading(causes) if causes else "",
        groups=groups,
        details={
            result.id: _details(result, selector, faults, report, report_path)
            for result in report.clauses
        },
        shown={result.id for root in causes for result in (root.first, *root.others)},
        accepts=wording.accepts(report),
        declared=wording.declared(report),
        extent=", forward only" if is_forward_only(report) else "",
        same=wording.same,
        tally=wording.tally(report),
    )


def _counts(results: list[Result]) -> dict[str, int]:
    verdicts = [result.verdict for result in results]
    return {verdict: verdicts.count(verdict) for verdict in VERDICTS}


def _details(
    result: Result,
    selector: str,
    faults: wording.Sentences,
    report: Report,
    report_path: str | None,
) -> Mapping[str, Any]:
    """What the page says of one clause, in words."""
    known = requirements().get(result.id)
    cause = result.cause or Cause("", "")
    words = wording.replay(result, selector, report, report_path)
    return {
        "sentence": wording.sentence(result.id),
        "tier": known.tier if known else "",
        "message": wording.printable(result.message),
        "margin": "" if result.margin is None else f"{result.margin:.2g}",
        "diagnosis": wording.diagnosis(cause),
        "like": [wording.fault(id, faults) for id in cause.known_bugs],
        "numbers": wording.numbers(cause),
        "case": case_as_python(cause.case, WIDTH) if cause.case is not None else "",
        "replay": " ".join(words) if has_case(result) else "",
        "test": pasteable_test(result, selector, WIDTH) if has_case(result) else "",
    }


@cache
def _template() -> Template:
    source = files("spec_tests.report").joinpath("report.html.jinja").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(source)
