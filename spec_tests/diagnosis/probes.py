"""Questions put to the implementation itself: does it remember, does it update too early?"""

from __future__ import annotations

from spec_tests.cases.case import Case
from spec_tests.clauses.observe import flat, oracle
from spec_tests.errors import AdapterError, Vacuous, Violation
from spec_tests.subject import Subject

REFUSED = (AdapterError, Violation, Vacuous, ArithmeticError)


def remembers(subject: Subject, case: Case) -> bool:
    """Whether the same call on the same object answers differently."""
    methods = subject.declaration.methods
    try:
        network = subject.load(case)
        if repr(network.predict()) != repr(network.predict()):
            return True
        if "gradients" in methods:
            return repr(network.gradients()) != repr(network.gradients())
    except REFUSED:
        pass
    return False


def grows_with_the_rate(subject: Subject, case: Case) -> bool:
    """Whether the gradient that a step shows is right as η goes to 0, and only then.

    Its distance from the right one falls in proportion to η, where an update came too early.
    """
    if "step" not in subject.declaration.methods or not subject.declaration.several_rows:
        return False
    try:
        large, small = (_distance(subject, case, rate) for rate in (1.0, 2.0**-10))
    except REFUSED:
        return False
    return large > 0 and small <= large / 2**8


def _distance(subject: Subject, case: Case, rate: float) -> float:
    expected = oracle(subject, case).gradients()
    slopes = [
        float(number.value)
        for weights, bias in expected
        for row in [*weights, bias or []]
        for number in row
    ]
    start = flat([[layer.weights, layer.bias] for layer in case.dense])
    moved = flat(subject.load(case).step(rate))
    gaps = [abs((w - m) / rate - g) for w, m, g in zip(start, moved, slopes, strict=True)]
    return max(gaps)
