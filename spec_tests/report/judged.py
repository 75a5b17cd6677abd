"""Whether a run judged anything; and if not, why, in words that help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from spec_tests.clauses import CHECKS
from spec_tests.result import Report, Result

LEARNING = frozenset(["gradient", "step", "epoch", "optimizer"])
"""What a clause reads that is about more than the forward pass."""
LEARNERS = frozenset(["gradients", "step", "input_gradient", "pullback", "train_epoch", "optimize"])


def is_forward_only(report: Report) -> bool:
    """Whether the adapter offers nothing that has to do with gradients."""
    methods = report.declared.get("methods")
    return isinstance(methods, list) and not LEARNERS & set(methods)


def nothing_judged(report: Report, whole: bool) -> str:
    """Why the run says nothing, "" where it says something.

    In a `whole` run of an adapter that offers gradients or steps, some of these must be judged.
    """
    if not report.complete or any(result.verdict == "error" for result in report.clauses):
        return ""
    if not any(map(_is_judged, report.clauses)):
        return f"no clause was judged: {_why(report.clauses)}"
    if not whole or is_forward_only(report):
        return ""
    learning = [r for r in report.clauses if r.id in CHECKS and LEARNING & CHECKS[r.id].reads]
    if any(map(_is_judged, learning)):
        return ""
    return f"no gradient and no step was judged: {_why(learning)}"


def _is_judged(result: Result) -> bool:
    return result.verdict in ("pass", "fail", "flaky")


def _why(results: Sequence[Result]) -> str:
    """The commonest reason."""
    reasons = Counter(result.message for result in results if result.verdict == "unsupported")
    return reasons.most_common(1)[0][0] if reasons else "nothing was run"
