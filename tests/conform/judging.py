"""Which clauses to ask of a network, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence

from spec_tests.clauses import requirements
from spec_tests.diagnosis import diagnose
from spec_tests.faults.textbook import Textbook
from spec_tests.result import Result
from spec_tests.runner.engine import run_clause
from spec_tests.subject import in_process

LEARNING = ("FC-WEIGHT-GRADIENT", "GRAD-EXACT", "GRAD-BOUND", "NET-CHAIN-2", "SGD-STEP")
BATCHES = ("BATCH-SUM", "BATCH-SHARDS", "BATCH-DUPLICATE", "BATCH-OWN")
EPOCHS = ("EPOCH-WHOLE", "EPOCH-AGAIN", "EPOCH-LOSS")
REPORTS = ("LOSS-SQUARED-VALUE", "LOSS-SQUARED-GRADIENT", "LOSS-CONSISTENT", "GRAD-DIFFERENCE")
WHOLE = (*LEARNING, *BATCHES, *EPOCHS, *REPORTS)
PART = ("GRAD-EXACT", "BATCH-SUM", "SGD-STEP", "EPOCH-LOSS", "GRAD-DIFFERENCE", "LOSS-CONSISTENT")


def results(network: type[Textbook], ids: Sequence[str], number: int = 0) -> dict[str, Result]:
    subject = in_process(network)
    return {id: run_clause(subject, id, "quick", number, shrink=False)[0] for id in ids}


def verdicts(network: type[Textbook], ids: Sequence[str], number: int = 0) -> dict[str, str]:
    return {id: result.verdict for id, result in results(network, ids, number).items()}


def factors(network: type[Textbook], id: str, number: int = 0) -> list[str | None]:
    """The factors that the diagnosis names, where the clause fails."""
    subject = in_process(network)
    result, failure = run_clause(subject, id, "quick", number)
    assert result.verdict == "fail" and failure is not None
    return [edit.factor for edit in diagnose(subject, id, failure).edits]


def never_wrong(network: type[Textbook], ids: Sequence[str] | None = None) -> dict[str, Result]:
    """All clauses, none of which fails or finds nothing to check."""
    subject = in_process(network)
    found = {
        id: run_clause(subject, id, "quick" if ids else "smoke", shrink=False)[0]
        for id in ids or requirements()
    }
    wrong = {id: r.message for id, r in found.items() if r.verdict not in ("pass", "unsupported")}
    assert wrong == {}
    assert all(r.message for r in found.values() if r.verdict == "unsupported")
    return found
