"""The specification: an entry for each clause of requirements.toml, in its order."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from html import escape
from itertools import groupby
from typing import Any

from docs.builder.parts import case_box, code, folded, link, page_of
from docs.builder.reports import examples, kill_matrix
from docs.builder.spoken_of import spoken_of
from spec_tests.clauses import CHECKS, Requirement, requirements
from spec_tests.judge import repeated, views

GROUPS = {
    "SHAPE": "shapes",
    "FC": "the fully connected layer",
    "ACT": "activations",
    "LOSS": "losses",
    "NET": "networks",
    "GRAD": "gradients",
    "BATCH": "batches",
    "SGD": "a step of gradient descent",
    "EPOCH": "an epoch",
    "OPT": "optimizers",
    "PURE": "purity",
    "ERR": "after an error",
}
SHARED: tuple[Callable[..., Any], ...] = (
    views.outputs,
    views.gradients,
    views.loss,
    views.input_gradient,
    views.pullback,
    views.moved,
    views.trajectory,
    repeated.compare,
)
"""Functions that several checks call."""
FEW = 5


def specification() -> str:
    """All groups, all clauses, and what their checks share."""
    parts = []
    for group, clauses in groupby(requirements().values(), lambda clause: clause.group):
        own = list(clauses)
        parts.append(f"## {group}: {GROUPS[group]} {{#group-{group}}}\n")
        parts += [entry(clause) for clause in own]
    shared = [folded(f"<code>{f.__name__}</code>", code(_source(f))) for f in SHARED]
    return "\n".join([*parts, "## What the checks share {#shared}\n", *shared])


def entry(clause: Requirement) -> str:
    """One clause: its sentence, where it comes from, how it is checked, what it catches."""
    boxes = [folded("Check", code(_source(CHECKS[clause.id].judge))), _example(clause.id)]
    return "\n".join(
        [
            f"### {clause.id} {{#{clause.id}}}\n",
            f"<p><strong>{escape(clause.sentence, quote=False)}</strong></p>",
            f"<p>{' · '.join(_facts(clause))}</p>",
            *boxes,
            _catches(clause.id),
            "",
        ]
    )


def _facts(clause: Requirement) -> Iterator[str]:
    check = CHECKS[clause.id]
    yield clause.level
    yield clause.tier
    yield link("derivation", page_of(clause.anchor), clause.anchor)
    name, path = spoken_of(clause.id)
    yield link(f"`{name}`", "reference/refnn.md", path)
    yield "needs " + " and ".join(need.replace("|", " or ") for need in check.needs)


def _example(id: str) -> str:
    """The case that breaks it, with what was got; or else the smallest that it accepts."""
    found = next(each for each in examples() if each["id"] == id)
    if found["fault"] is None:
        return case_box("The smallest case", found)
    bug = link("the bug", "spec/faults.md", found["fault"])
    title = f"A case on which <code>{found['fault']}</code> fails"
    return case_box(title, found, also=f"see {bug}")


def _catches(id: str) -> str:
    """The bugs it catches, where they are few: a thousand names would double the page."""
    known = kill_matrix()
    found = [fault["id"] for fault in known if id in fault["killed"]]
    if len(found) <= FEW:
        names = ", ".join(link(fault, "spec/faults.md", fault) for fault in found)
    else:
        names = f"See {link('the matrix', 'spec/faults.md', 'matrix')}."
    return folded(f"Catches {len(found)} of {len(known)} classic bugs", f"<p>{names}</p>")


def _source(function: Callable[..., Any]) -> str:
    return textwrap.dedent(inspect.getsource(function)).rstrip()
