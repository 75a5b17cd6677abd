"""The classic bugs: which clauses catch them, and the story of each."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from html import escape
from typing import Any

from docs.builder.parts import LINE, case_box, code, folded, link
from docs.builder.reports import examples, kill_matrix, matrix_profile
from spec_tests.clauses import requirements
from spec_tests.faults import FAULTS
from spec_tests.report.wording import diagnosis
from spec_tests.result import Cause
from spec_tests.runner.survey import PROFILES

HERE = "spec/faults.md"


def groups() -> dict[str, list[str]]:
    """The clauses of each group."""
    found: dict[str, list[str]] = {}
    for clause in requirements().values():
        found.setdefault(clause.group, []).append(clause.id)
    return found


def matrix() -> str:
    """A row for each bug, a column for each group of clauses: how many of the group fail."""
    names = groups()
    head = "".join(f"<th>{name}{LINE}{len(ids)}</th>" for name, ids in names.items())
    rows = [
        f"<tr><td>{link(fault['id'], HERE, fault['id'], HERE)}</td>"
        + "".join(f"<td>{_count(ids, fault['killed'])}</td>" for ids in names.values())
        + "</tr>"
        for fault in kill_matrix()
    ]
    parts = [
        f"<caption>{PROFILES[matrix_profile()]} cases of each clause</caption>",
        f"<thead><tr><th>bug</th>{head}</tr></thead>",
        f"<tbody>{''.join(rows)}</tbody>",
    ]
    return f'<table class="matrix" data-search-exclude>{"".join(parts)}</table>'


def _count(ids: Sequence[str], killed: Sequence[str]) -> str:
    return str(len({*ids} & {*killed}) or "·")


def stories() -> str:
    """All bugs, by kind."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for fault in kill_matrix():
        kinds.setdefault(fault["kind"], []).append(fault)
    parts = []
    for kind, own in kinds.items():
        parts.append(f"## {kind.capitalize()} {{#kind-{kind.replace(' ', '-')}}}\n")
        parts += [story(fault) for fault in own]
    return "\n".join(parts)


def story(fault: dict[str, Any]) -> str:
    """One bug: what it is, where it was seen, how it looks, what catches it."""
    id, seen = fault["id"], fault["seen"]
    shown = next(each for each in examples() if each["fault"] == id)
    order = list(requirements())
    killed = sorted(fault["killed"], key=order.index)
    caught = ", ".join(link(clause, "spec/clauses.md", clause, HERE) for clause in killed)
    where = f'<p>Seen in <a href="{seen["url"]}">{escape(seen["where"])}</a>.</p>' if seen else ""
    title = f"A case on which <code>{shown['id']}</code> fails"
    return "\n".join(
        [
            f"### {id} {{#{id}}}\n",
            f"<p><strong>{escape(fault['sentence'], quote=False)}</strong></p>",
            where,
            folded("The bug", code(inspect.getsource(FAULTS[id].network))),
            case_box(title, shown, "failure", _diagnosed(shown)),
            folded(f"Caught by {len(killed)} of {len(order)} clauses", f"<p>{caught}</p>"),
            "",
        ]
    )


def _diagnosed(shown: dict[str, Any]) -> str:
    """What a report says of the case beside the numbers."""
    cause = Cause.read(shown["cause"])
    lines = [f"<b>diagnosis</b> {escape(line)}" for line in diagnosis(cause)]
    return LINE.join([*lines, *(f"<b>like</b> {id}" for id in cause.known_bugs)])
