"""From a failing case to a cause, from the general to the special.

Would it be right if something else were declared? Is it one factor for all numbers, or one for each
layer? Which layers are right and which wrong? Is a matrix transposed? Does the fault grow with the
learning rate, or come with the second call? And which known bugs give the very same numbers?
"""

from __future__ import annotations

import math

from spec_tests.clauses import CHECKS
from spec_tests.diagnosis.declarations import right_declarations
from spec_tests.diagnosis.factors import common_factor, layers_of, transposed_layer
from spec_tests.diagnosis.failure import Failure
from spec_tests.diagnosis.lookalikes import lookalikes
from spec_tests.diagnosis.probes import grows_with_the_rate, remembers
from spec_tests.errors import AdapterError, Transposed
from spec_tests.result import Finding
from spec_tests.subject import Subject

BY_READING = ("non-finite", "purity", "errors", "shape")


def diagnose(subject: Subject, clause: str, failure: Failure) -> list[Finding]:
    """What can be said of the failure, the most telling first."""
    findings = _numbers(subject, clause, failure)
    declared = right_declarations(subject, clause, failure)
    findings = [*(Finding("declaration", where) for where in declared), *findings]
    same = lookalikes(subject, clause, failure)
    if same:
        findings.append(Finding("known bug", _how(failure), faults=same))
    return findings


def _how(failure: Failure) -> str:
    error = failure.error
    if isinstance(error, AdapterError) or not error.numbers:
        return "it fails in the same way"
    if all(bound == 0 for *_, bound in error.numbers):
        return "it gives exactly the same numbers"
    return "it gives the same numbers, within the bound"


def _numbers(subject: Subject, clause: str, failure: Failure) -> list[Finding]:
    error = failure.error
    if isinstance(error, AdapterError):
        return [Finding("error", str(error))]
    if isinstance(error, Transposed):
        return [Finding("transposition", error.message)]
    if not all(math.isfinite(got) and math.isfinite(want) for _, got, want, _ in error.numbers):
        return [Finding("non-finite", error.message)]
    if not error.numbers:
        reads = CHECKS[clause].reads
        kind = next((word for word in BY_READING if word in reads), "shape")
        return [Finding(kind, error.message)]
    if remembers(subject, failure.case):
        return [Finding("hidden state", "a second call on the same object differs from the first")]
    if CHECKS[clause].reads == {"purity"}:
        return [Finding("purity", error.message)]
    by_steps = "step" in CHECKS[clause].reads or "gradients" not in subject.declaration.methods
    if by_steps and grows_with_the_rate(subject, failure.case):
        where = "right for a small learning rate, wrong in proportion to a large one"
        return [Finding("order", where)]
    one_row = not subject.declaration.several_rows
    factor = common_factor([*failure.others, failure], one_row=one_row)
    if factor is not None:
        kind = "sign" if factor == "-1" else "scale"
        return [Finding(kind, "every number", factor)]
    layer = transposed_layer(failure)
    if layer:
        return [Finding("transposition", layer)]
    return _layers(failure, one_row)


def _layers(failure: Failure, one_row: bool) -> list[Finding]:
    """One factor for a layer, or else only which are right and which wrong."""
    right, wrong = layers_of(failure)
    findings = []
    for layer in wrong:
        factor = common_factor([*failure.others, failure], layer, one_row)
        if factor is not None:
            findings.append(Finding("scale", layer, factor))
    if findings and len(findings) == len(wrong):
        return findings
    if right:
        return [Finding("place", f"wrong in {', '.join(wrong)}; right in {', '.join(right)}")]
    return []
