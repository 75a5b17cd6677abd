"""What can be observed of a network is checked, and what cannot is never passed."""

from __future__ import annotations

from typing import Any

import pytest

from refnn import (
    MSE,
    SquaredError,
)
from spec_tests.clauses import requirements
from spec_tests.diagnosis import diagnose
from spec_tests.faults.textbook import Textbook
from spec_tests.runner.engine import run_clause
from spec_tests.subject import in_process
from tests.conform.judging import (
    LEARNING,
    factors,
    never_wrong,
    verdicts,
)
from tests.conform.variants import SummedClasses

Rows = list[list[float]]


class OnlyPredict(Textbook):
    gradients = step = parameters = loss_value = input_gradient = None
    pullback = train_epoch = optimize = None


class OnlyStep(Textbook):
    gradients = loss_value = input_gradient = pullback = train_epoch = optimize = None


class OnlyGradients(Textbook):
    step = parameters = loss_value = input_gradient = pullback = train_epoch = optimize = None


def test_what_cannot_be_observed_is_unsupported_and_says_why() -> None:
    """No clause that reads more than forward passes is ever passed by `predict` alone."""
    found = never_wrong(OnlyPredict)
    reasons = {id: r.message for id, r in found.items() if r.verdict == "unsupported"}
    assert reasons["GRAD-EXACT"] == "the adapter has no gradients or step"
    assert reasons["LOSS-SQUARED-VALUE"] == "the adapter has no loss_value"
    assert all(reason.startswith("the adapter has no ") for reason in reasons.values())
    passed = {requirements()[id].group for id in found.keys() - reasons.keys()}
    assert passed == {"SHAPE", "FC", "ACT", "NET", "BATCH", "PURE", "ERR"}
    assert len(reasons) > 60


@pytest.mark.parametrize("network", [OnlyStep, OnlyGradients])
def test_either_way_to_see_a_gradient_is_enough(network: type[Textbook]) -> None:
    found = never_wrong(
        network, [*LEARNING, "BATCH-SUM", "GRAD-PULLBACK", "EPOCH-WHOLE", "OPT-SGD"]
    )
    first = [found[id].verdict for id in LEARNING[:4]]
    assert first == ["pass"] * 4
    assert found["SGD-STEP"].verdict == ("pass" if network is OnlyStep else "unsupported")
    assert found["BATCH-SUM"].verdict == ("pass" if network is OnlyGradients else "unsupported")
    assert found["GRAD-PULLBACK"].message == "the adapter has no pullback"


class TooEarly(OnlyStep):
    """Each layer is updated before the gradient goes on through it."""

    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        z, a = self.forward(inputs)
        da = self.loss_gradient(a[-1], targets)
        for i in range(len(self.layers) - 1, -1, -1):
            dz = self.derive(i, z[i], a[i + 1], da)
            gradient = self.layer_gradient(i, a[i], dz)
            self.layers[i] = self.moved(self.layers[i], gradient, learning_rate)
            da = self.propagate(i, dz)


class Doubled(OnlyStep):
    """It moves twice as far."""

    losses = None
    loss = MSE()

    def loss_gradient(self, y: Rows, t: Rows) -> Rows:
        return [[2 * d for d in row] for row in super().loss_gradient(y, t)]


class OnlyLast(OnlyStep):
    """Of a batch it learns the last row."""

    def update(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        super().update(inputs[-1:], targets[-1:], learning_rate)


def test_bugs_are_found_through_steps_alone() -> None:
    ids = ("SGD-SIMULTANEOUS", "NET-CHAIN-1", "FC-WEIGHT-GRADIENT", "BATCH-OWN")
    assert verdicts(TooEarly, ids[:2]) == dict.fromkeys(ids[:2], "fail")
    assert verdicts(Doubled, ids) == dict.fromkeys(ids, "fail")
    assert verdicts(OnlyLast, ids[3:]) == {"BATCH-OWN": "fail"}


def test_what_they_are_is_said_through_steps_alone() -> None:
    assert "2" in factors(Doubled, "GRAD-EXACT")
    subject = in_process(TooEarly)
    _, failure = run_clause(subject, "SGD-SIMULTANEOUS", "quick")
    assert failure is not None
    [edit] = diagnose(subject, "SGD-SIMULTANEOUS", failure).edits
    assert edit.name == "order"


class Unfinished(Textbook):
    """No weight decay, and it says so."""

    def optimize(self, name: str, options: Any, parameters: Any, gradients: Any) -> Any:
        if "weight_decay" in options:
            raise NotImplementedError("weight decay")
        return super().optimize(name, options, parameters, gradients)


def test_what_is_not_implemented_is_unsupported() -> None:
    result = run_clause(in_process(Unfinished), "OPT-DECAY", "quick", 0)[0]
    assert result.verdict == "unsupported"
    assert result.message == "optimize is not implemented for this: weight decay"
    assert run_clause(in_process(Unfinished), "OPT-ADAM", "quick", 0)[0].verdict == "pass"


class Unwilling(Textbook):
    """Nothing but optimize may say so: else a network could avoid every clause."""

    def predict(self, inputs: Any) -> Any:
        raise NotImplementedError

    def gradients(self, inputs: Any, targets: Any) -> Any:
        raise NotImplementedError


@pytest.mark.parametrize("clause", ["FC-FORWARD", "GRAD-EXACT", "PURE-REPEAT"])
def test_what_is_offered_and_not_implemented_fails(clause: str) -> None:
    assert run_clause(in_process(Unwilling), clause, "quick", 0)[0].verdict == "fail"


class HalfUnfinished(Unfinished):
    """No weight decay, and a wrong RMSProp: what is unsupported hides no failure."""

    def optimize(self, name: str, options: Any, parameters: Any, gradients: Any) -> Any:
        if name == "rmsprop":
            raise NotImplementedError("rmsprop")
        after = super().optimize(name, options, parameters, gradients)
        return after if name != "adam" else [after[-1]] * len(after)


def test_what_is_unsupported_hides_no_failure() -> None:
    assert run_clause(in_process(HalfUnfinished), "OPT-EPSILON", "quick", 0)[0].verdict == "fail"


class Halves(Textbook):
    """The gradient of half the summed squared error, where the mean is declared."""

    losses = None
    loss = MSE()

    def loss_gradient(self, y: Any, t: Any) -> Any:
        return SquaredError(0.5, "sum", "sum").gradient(y, t)


def test_the_declaration_that_would_be_right_is_named() -> None:
    result, failure = run_clause(in_process(Halves), "GRAD-EXACT", "default", 0)
    assert failure is not None
    found = diagnose(in_process(Halves), "GRAD-EXACT", failure)
    expected = "loss = SquaredError(factor=0.5, batch='sum', outputs='sum')"
    assert (result.verdict, found.declare[:1]) == ("fail", [expected])
    assert found.title == f"right with {expected}"


def test_a_cross_entropy_that_is_summed_is_named() -> None:
    result, failure = run_clause(in_process(SummedClasses), "BATCH-SUM", "quick", 0)
    assert result.verdict == "fail" and failure is not None
    found = diagnose(in_process(SummedClasses), "BATCH-SUM", failure)
    assert "loss = SoftmaxCrossEntropy(batch='sum')" in found.declare


class ForgetsTheEnd(Textbook):
    """Learns from the first five rows of a batch only."""

    def learn(self, inputs: Any, targets: Any) -> Any:
        return super().learn(inputs[:5], targets[:5])


def test_a_bug_of_long_batches_is_found() -> None:
    found = [run_clause(in_process(ForgetsTheEnd), id, "default", 0)[0] for id in ("GRAD-EXACT",)]
    assert [result.verdict for result in found] == ["fail"]
