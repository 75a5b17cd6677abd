"""Questions put to the implementation itself: does it remember, does it update too early?"""

from __future__ import annotations

from spec_tests.cases.case import Case
from spec_tests.errors import AdapterError, Vacuous, Violation
from spec_tests.judge.certainty import flat, values
from spec_tests.scripts.writer import Writer
from spec_tests.subject import Subject

REFUSED = (AdapterError, Violation, Vacuous, ArithmeticError)


def remembers(subject: Subject, case: Case) -> bool:
    """Whether the same call on the same object answers differently."""
    writer = Writer(case.loss)
    on = writer.load(case.dense)
    for method in ("predict", "gradients"):
        if method in subject.declaration.methods:
            for _ in range(2):
                writer.ask(on, method, case.inputs, case.targets)
    played = subject.play(writer.script())
    try:
        return any(
            repr(played.answer(calls[0])) != repr(played.answer(calls[1]))
            for calls in map(played.calls, ("predict", "gradients"))
            if calls
        )
    except REFUSED:
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
    writer = Writer(case.loss)
    on = writer.load(case.dense)
    k = writer.ask(on, "step", case.inputs, case.targets, learning_rate=rate)
    writer.parameters(on)
    played = subject.play(writer.script())
    slopes = map(float, values(played.oracle(k).gradients))
    start = flat([[layer.weights, layer.bias] for layer in case.dense])
    moved = flat(played.moved(k))
    gaps = [abs((w - m) / rate - g) for w, m, g in zip(start, moved, slopes, strict=True)]
    return max(gaps)
