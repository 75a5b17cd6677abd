"""Check the reader's network, clause by clause, in one process and so without a watchdog."""

from __future__ import annotations

import sys
from contextlib import redirect_stderr, redirect_stdout
from types import ModuleType
from typing import Any

from docs.live.python.reader import Printed, execute
from spec_tests import Adapter
from spec_tests.clauses import requirements
from spec_tests.declaration import DeclarationError
from spec_tests.faults import FAULTS
from spec_tests.faults.seen import sentence_with_link
from spec_tests.report import wording
from spec_tests.report.html import as_html
from spec_tests.result import Report, Result
from spec_tests.runner.engine import explained, run_clauses
from spec_tests.subject import Subject, in_process

MODULE = "my_net"
PROFILE, SEED = "quick", 0
MOST_PRINTED = 4000


def run(request: dict[str, Any], say: Any) -> None:
    """Says {"clause", ...} after each clause and {"report"} at the end, or {"error"} at once."""
    printed: Any = Printed(say, MOST_PRINTED)
    with redirect_stdout(printed), redirect_stderr(printed):
        try:
            adapter = load(request["source"])
            subject = in_process(adapter)
        except (ReaderError, DeclarationError) as error:
            say({"error": str(error)})
            return
        results = [check(subject, id, say) for id in requirements()]
    name = subject.declaration.name
    report = Report({"name": name}, PROFILE, SEED, results, complete=True)
    sentences = {id: sentence_with_link(fault) for id, fault in FAULTS.items()}
    selector = f"py:{MODULE}:{adapter.__name__}"
    say({"report": as_html(report, selector, sentences), "tally": wording.tally(report)})


class ReaderError(Exception):
    """The source cannot be run, or has no adapter."""


def load(source: str) -> type[Adapter]:
    """The last adapter that `source` defines."""
    module = sys.modules[MODULE] = ModuleType(MODULE)
    error = execute(source, f"{MODULE}.py", vars(module))
    if error:
        raise ReaderError(error)
    own = [value for value in vars(module).values() if _is_adapter(value)]
    if not own:
        raise ReaderError("There is no subclass of spec_tests.Adapter.")
    adapter: type[Adapter] = own[-1]
    return adapter


def _is_adapter(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Adapter) and value.__module__ == MODULE


def check(subject: Subject, id: str, say: Any) -> Result:
    """One clause with its diagnosis; the page is told how it went."""
    [judged] = run_clauses(subject, [id], PROFILE, SEED)
    result = explained(judged)
    cause = result.cause
    say(
        {
            "clause": id,
            "verdict": result.verdict,
            "sentence": wording.sentence(id),
            "message": result.message,
            "diagnosis": wording.diagnosis(cause) if cause else [],
            "like": cause.known_bugs if cause else [],
        }
    )
    return result
