"""What an adapter may declare: declared it passes, undeclared it fails, and a factor is named.

Each convention is a network that really behaves so, derived from the textbook one.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

import pytest

from refnn import (
    MSE,
    AbsoluteError,
    BinaryCrossEntropy,
    CrossEntropy,
    FCLayer,
    Huber,
    LeakyReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    SquaredError,
)
from refnn.losses import Loss
from spec_tests.clauses import requirements
from spec_tests.diagnosis import diagnose
from spec_tests.faults.textbook import Textbook
from spec_tests.result import Result
from spec_tests.runner.engine import run_clause
from spec_tests.subject import Subject

Rows = list[list[float]]
LEARNING = ("FC-WEIGHT-GRADIENT", "GRAD-EXACT", "GRAD-BOUND", "NET-CHAIN-2", "SGD-STEP")
BATCHES = ("BATCH-SUM", "BATCH-SHARDS", "BATCH-DUPLICATE", "BATCH-OWN")
EPOCHS = ("EPOCH-WHOLE", "EPOCH-AGAIN", "EPOCH-LOSS")
REPORTS = ("LOSS-SQUARED-VALUE", "LOSS-SQUARED-GRADIENT", "LOSS-CONSISTENT", "GRAD-DIFFERENCE")
WHOLE = (*LEARNING, *BATCHES, *EPOCHS, *REPORTS)
PART = ("GRAD-EXACT", "BATCH-SUM", "SGD-STEP", "EPOCH-LOSS", "GRAD-DIFFERENCE", "LOSS-CONSISTENT")


class Descending(Textbook):
    """It descends `actual`, and reports `reported`, whatever it declares."""

    losses = None
    loss = MSE()
    actual: ClassVar[Loss] = MSE()
    reported: ClassVar[Loss | None] = None

    def loss_gradient(self, y: Rows, t: Rows) -> Rows:
        return self.actual.gradient(y, t)

    def batch_loss(self, inputs: Rows, targets: Rows) -> float:
        return (self.reported or self.actual).value(self.predict(inputs), targets)

    def epoch_loss(self, losses: list[tuple[float, int]]) -> float | None:
        samples = sum(size for _, size in losses)
        return sum(self.actual.over_samples(value, size) for value, size in losses) / samples


class Half(Descending):
    actual = SquaredError(0.5)


class BatchSum(Descending):
    actual = SquaredError(1, "sum", "mean")


class OutputSum(Descending):
    actual = SquaredError(1, "mean", "sum")


class WholeSum(Descending):
    actual = SquaredError(1, "sum", "sum")


class Reporting(Descending):
    reported = SquaredError(0.5, "mean", "sum")


def turned(pair: Any) -> Any:
    return [[list(column) for column in zip(*pair[0], strict=True)], pair[1]]


class InOut(Textbook):
    """Its weights are in x out."""

    def load(self, dense: list[Any]) -> None:
        super().load([(*turned(layer[:2]), layer[2]) for layer in dense])

    def gradients(self, inputs: Rows, targets: Rows) -> Any:
        return [turned(pair) for pair in super().gradients(inputs, targets)]

    def parameters(self) -> Any:
        return [turned(pair) for pair in super().parameters()]

    def pullback(self, inputs: Rows, output_gradient: Rows) -> Any:
        pairs, rows = super().pullback(inputs, output_gradient)
        return [turned(pair) for pair in pairs], rows


def single(value: Any) -> Any:
    """All numbers rounded to float32."""
    if isinstance(value, list | tuple):
        return [single(item) for item in value]
    if value is None:
        return None
    try:
        return struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


class Float32(Textbook):
    """Every result of every part is rounded to float32."""

    def affine(self, i: int, x: Rows) -> Rows:
        return single(super().affine(i, x))

    def activate(self, i: int, z: Rows) -> Rows:
        return single(super().activate(i, z))

    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        return single(super().derive(i, z, a, da))

    def layer_gradient(self, i: int, x: Rows, dz: Rows) -> Any:
        return single(super().layer_gradient(i, x, dz))

    def propagate(self, i: int, dz: Rows) -> Rows:
        return single(super().propagate(i, dz))

    def loss_gradient(self, y: Rows, t: Rows) -> Rows:
        return single(super().loss_gradient(y, t))

    def batch_loss(self, inputs: Rows, targets: Rows) -> float:
        return single(super().batch_loss(inputs, targets))

    def moved(self, layer: Any, gradient: Any, rate: float) -> Any:
        return FCLayer(*single(super().moved(layer, gradient, rate).parameters))

    def optimize(self, *arguments: Any) -> Any:
        return single(super().optimize(*arguments))


def refuse_several(rows: Rows) -> None:
    if len(rows) != 1:
        raise ValueError(f"{len(rows)} rows, should be 1")


class OneRow(Textbook):
    """It takes one row at a time, but for an epoch."""

    def predict(self, inputs: Rows) -> Any:
        refuse_several(inputs)
        return super().predict(inputs)

    def learn(self, inputs: Rows, targets: Rows) -> Any:
        refuse_several(inputs)
        return super().learn(inputs, targets)

    def pullback(self, inputs: Rows, output_gradient: Rows) -> Any:
        refuse_several(inputs)
        return super().pullback(inputs, output_gradient)

    def loss_value(self, inputs: Rows, targets: Rows) -> float:
        refuse_several(inputs)
        return super().loss_value(inputs, targets)


class Online(Textbook):
    """A step is an update for each row."""

    gradients = None

    def step(self, inputs: Rows, targets: Rows, learning_rate: float) -> None:
        for x, t in zip(inputs, targets, strict=True):
            self.update([x], [t], learning_rate)


class Unbiased(Textbook):
    def load(self, dense: list[Any]) -> None:
        super().load([(weights, None, name) for weights, _, name in dense])


class Uniform(Textbook):
    """Every layer has the activation of the first."""

    def load(self, dense: list[Any]) -> None:
        super().load(dense)
        self.names = self.names[:1] * len(self.names)


class Fixed(Textbook):
    """One hidden layer: 2, 3, 1 and nothing else."""

    def load(self, dense: list[Any]) -> None:
        super().load(dense)
        shapes = [(len(weights[0]), len(weights)) for weights, _, _ in dense]
        if shapes != [(2, 3), (3, 1)]:
            raise ValueError(f"the layers are {shapes}, should be (2, 3), (3, 1)")


class Dropping(Textbook):
    """It drops a last batch that is short."""

    def batches(self, samples: int, batch_size: int) -> list[range]:
        found = super().batches(samples, batch_size)
        return [batch for batch in found if len(batch) == batch_size]


class Leaky(Textbook):
    slope: ClassVar[float] = 0.25

    def activation(self, i: int) -> Any:
        is_leaky = self.names[i] == "leaky_relu"
        return LeakyReLU(self.slope) if is_leaky else super().activation(i)


class SlowLeaky(Leaky):
    slope = 0.2


class AtZero(Textbook):
    """relu has this slope at 0."""

    slope: ClassVar[float] = 1

    def derive(self, i: int, z: Rows, a: Rows, da: Rows) -> Rows:
        rows = super().derive(i, z, a, da)
        if self.names[i] != "relu":
            return rows
        return [
            [self.slope * d if u == 0 else r for u, d, r in zip(*row, strict=True)]
            for row in zip(z, da, rows, strict=True)
        ]


class HalfAtZero(AtZero):
    slope = 0.5


class Squashed(Textbook):
    """Hidden layers as they are asked for, outputs always a sigmoid."""

    activations = ("relu", "tanh")
    losses = (MSE(), BinaryCrossEntropy())

    def activation(self, i: int) -> Any:
        return Sigmoid() if i == len(self.layers) - 1 else super().activation(i)


class Convention(NamedTuple):
    """A network, what it has to declare, clauses that pass then, one that fails otherwise."""

    network: type[Textbook]
    declared: dict[str, Any]
    ids: Sequence[str]
    seen: str
    factor: str | None = None


ONE_AT_A_TIME = (*LEARNING[:4], "FC-FORWARD", "SHAPE-OUTPUT", "PURE-ARGUMENTS", "PURE-PREDICT")
SLOPES = (*LEARNING, "GRAD-KINK", "GRAD-ADJOINT")
CONVENTIONS = {
    "half": Convention(Half, {"loss": SquaredError(0.5)}, WHOLE, "GRAD-EXACT", "1/2"),
    "batch sum": Convention(
        BatchSum, {"loss": SquaredError(1, "sum", "mean")}, PART, "GRAD-EXACT", "B"
    ),
    "output sum": Convention(
        OutputSum, {"loss": SquaredError(1, "mean", "sum")}, PART, "GRAD-EXACT", "K"
    ),
    "whole sum": Convention(
        WholeSum, {"loss": SquaredError(1, "sum", "sum")}, WHOLE, "GRAD-BOUND", "B·K"
    ),
    "in x out": Convention(
        InOut,
        {"weights": "in_out"},
        (*LEARNING, "NET-SQUARE", "NET-PERMUTATION", "GRAD-PULLBACK", "OPT-ADAM", "PURE-ALIAS"),
        "NET-SQUARE",
    ),
    "float32": Convention(
        Float32,
        {"dtype": "float32"},
        ("GRAD-EXACT", "GRAD-BOUND", "GRAD-ADJOINT", "GRAD-DIFFERENCE", "OPT-ADAM", "EPOCH-LOSS"),
        "GRAD-BOUND",
    ),
    "one row": Convention(
        OneRow, {"batch": "single"}, (*ONE_AT_A_TIME, "GRAD-PULLBACK"), "BATCH-FORWARD"
    ),
    "online": Convention(
        Online, {"batch": "online"}, (*ONE_AT_A_TIME, "EPOCH-WHOLE", "SGD-REPEAT"), "SGD-STEP"
    ),
    "no bias": Convention(
        Unbiased, {"bias": False}, (*LEARNING, *EPOCHS, "OPT-DECAY", "PURE-ALIAS"), "FC-FORWARD"
    ),
    "uniform": Convention(
        Uniform,
        {"uniform_activation": True},
        (*LEARNING, "NET-FORWARD", "NET-HOMOGENEOUS", "GRAD-KINK", "ACT-SOFTMAX-DERIVATIVE"),
        "NET-MIXED",
    ),
    "fixed": Convention(
        Fixed,
        {"inputs": (2, 2), "outputs": (1, 1), "hidden_layers": (1, 1), "hidden_width": (3, 3)},
        ("FC-FORWARD", "NET-CHAIN-1", "GRAD-EXACT", "GRAD-KINK", "SHAPE-ONE", *BATCHES, *EPOCHS),
        "FC-FORWARD",
    ),
    "dropped": Convention(
        Dropping,
        {"last_batch": "dropped"},
        (*EPOCHS, "EPOCH-TAIL", "EPOCH-SMALL", "EPOCH-FRESH"),
        "EPOCH-TAIL",
    ),
    "leaky 1/4": Convention(
        Leaky,
        {"leaky_relu_alpha": 0.25},
        (*SLOPES, "ACT-LEAKY-RELU-VALUE", "ACT-LEAKY-RELU-DERIVATIVE"),
        "ACT-LEAKY-RELU-VALUE",
    ),
    "leaky 1/5": Convention(
        SlowLeaky,
        {"leaky_relu_alpha": 0.2},
        (*SLOPES, "ACT-LEAKY-RELU-VALUE", "ACT-LEAKY-RELU-DERIVATIVE"),
        "ACT-LEAKY-RELU-DERIVATIVE",
    ),
    "1 at zero": Convention(
        AtZero, {"relu_derivative_at_zero": 1}, (*SLOPES, "ACT-RELU-KINK"), "ACT-RELU-KINK"
    ),
    "1/2 at zero": Convention(
        HalfAtZero, {"relu_derivative_at_zero": 0.5}, (*SLOPES, "ACT-RELU-KINK"), "ACT-RELU-KINK"
    ),
    "outputs": Convention(
        Squashed,
        {"output_activations": ("sigmoid",)},
        (
            "NET-MIXED",
            "LOSS-BCE-GRADIENT",
            "ACT-TANH-VALUE",
            "ACT-SIGMOID-DERIVATIVE",
            "LOSS-EDGES",
        ),
        "NET-FORWARD",
    ),
}


def undeclared(name: str) -> type[Textbook]:
    return CONVENTIONS[name].network


def declared(name: str) -> type[Textbook]:
    network = CONVENTIONS[name].network
    return type(network.__name__, (network,), CONVENTIONS[name].declared)


def results(network: type[Textbook], ids: Sequence[str], number: int = 0) -> dict[str, Result]:
    subject = Subject(network)
    return {id: run_clause(subject, id, "quick", number, shrink=False)[0] for id in ids}


def verdicts(network: type[Textbook], ids: Sequence[str], number: int = 0) -> dict[str, str]:
    return {id: result.verdict for id, result in results(network, ids, number).items()}


def factors(network: type[Textbook], id: str, number: int = 0) -> list[str | None]:
    """The factors that the diagnosis names, where the clause fails."""
    subject = Subject(network)
    result, failure = run_clause(subject, id, "quick", number)
    assert result.verdict == "fail" and failure is not None
    return [finding.factor for finding in diagnose(subject, id, failure)]


@pytest.mark.parametrize("name", CONVENTIONS)
def test_a_convention_that_is_declared_passes(name: str) -> None:
    found = results(declared(name), CONVENTIONS[name].ids)
    assert {id: r.message for id, r in found.items() if r.verdict != "pass"} == {}


@pytest.mark.parametrize("name", ["half", "batch sum", "in x out", "leaky 1/4", "1 at zero"])
@pytest.mark.parametrize("number", [1, 2])
def test_it_passes_with_other_seeds_too(name: str, number: int) -> None:
    found = verdicts(declared(name), CONVENTIONS[name].ids[:3], number)
    assert set(found.values()) == {"pass"}, found


@pytest.mark.parametrize("name", CONVENTIONS)
def test_a_convention_that_is_not_declared_is_seen(name: str) -> None:
    """A network that cannot be loaded is an error, all else fails."""
    seen = CONVENTIONS[name].seen
    verdict = verdicts(undeclared(name), [seen])[seen]
    assert verdict == ("error" if name in ("fixed", "in x out") else "fail")


@pytest.mark.parametrize("name", [name for name, own in CONVENTIONS.items() if own.factor])
@pytest.mark.parametrize("number", [0, 1])
def test_a_factor_is_named(name: str, number: int) -> None:
    seen, factor = CONVENTIONS[name].seen, CONVENTIONS[name].factor
    assert factor in factors(undeclared(name), seen, number)


def test_a_mean_under_a_declared_sum_is_named_too() -> None:
    class Mean(Descending):
        loss = SquaredError(1, "sum", "sum")

    assert "1/(B·K)" in factors(Mean, "GRAD-BOUND")


def never_wrong(network: type[Textbook], ids: Sequence[str] | None = None) -> dict[str, Result]:
    """All clauses, none of which fails or finds nothing to check."""
    subject = Subject(network)
    found = {
        id: run_clause(subject, id, "quick" if ids else "smoke", shrink=False)[0]
        for id in ids or requirements()
    }
    wrong = {id: r.message for id, r in found.items() if r.verdict not in ("pass", "unsupported")}
    assert wrong == {}
    assert all(r.message for r in found.values() if r.verdict == "unsupported")
    return found


@pytest.mark.parametrize("name", ["one row", "no bias", "fixed"])
def test_what_a_convention_leaves_without_cases_is_unsupported(name: str) -> None:
    """And not an error for want of cases."""
    ids = {
        "one row": ["BATCH-DUPLICATE", "BATCH-FORWARD", "EPOCH-TAIL", "EPOCH-SMALL"],
        "no bias": ["FC-BIAS-GRADIENT", "ACT-SOFTMAX-SHIFT", "GRAD-KINK"],
        "fixed": [
            "NET-SQUARE",
            "NET-CHAIN-2",
            "ACT-TAILS",
            "LOSS-CE-VALUE",
            "LOSS-SOFTMAX-CE-VALUE",
        ],
    }[name]
    found = never_wrong(declared(name), ids)
    assert {id for id, result in found.items() if result.verdict == "unsupported"} == set(ids)


def test_a_linear_network_without_hidden_layers_is_checked() -> None:
    class Linear(Descending):
        activations = ("relu",)
        output_activations = ("identity",)
        hidden_layers = (0, 0)

    found = never_wrong(Linear, ["NET-MIXED", "GRAD-KINK", "NET-CHAIN-1", "GRAD-EXACT"])
    assert [r.verdict for r in found.values()] == ["unsupported"] * 3 + ["pass"]


def test_hidden_softmax_alone_is_checked_in_its_place() -> None:
    class Hidden(Descending):
        activations = ("relu", "softmax")
        output_activations = ("identity",)

    ids = ["ACT-SOFTMAX-SUM", "ACT-SOFTMAX-SHIFT", "ACT-SOFTMAX-VALUE", "ACT-SOFTMAX-DERIVATIVE"]
    found = never_wrong(Hidden, ids)
    assert [r.verdict for r in found.values()] == ["unsupported"] * 2 + ["pass"] * 2


def test_the_network_of_a_classifier_is_checked() -> None:
    class Classifier(Textbook):
        activations = ("tanh",)
        output_activations = ("softmax",)
        losses = None
        loss = CrossEntropy()

    ids = [
        "LOSS-CE-VALUE",
        "LOSS-CE-GRADIENT",
        "LOSS-EDGES",
        "NET-MIXED",
        "SHAPE-ONE",
        "GRAD-EXACT",
    ]
    found = never_wrong(Classifier, ids)
    assert [r.verdict for r in found.values()] == ["pass"] * 5 + ["unsupported"]


LOSSES = (MSE(), Huber(2), AbsoluteError("sum", "sum"), SoftmaxCrossEntropy())


class Several(Textbook):
    losses = LOSSES


def test_several_losses_are_each_checked() -> None:
    titles = ("SQUARED", "HUBER", "ABSOLUTE", "SOFTMAX-CE")
    ids = [f"LOSS-{title}-{what}" for title in titles for what in ("VALUE", "GRADIENT")]
    assert set(verdicts(Several, ids).values()) == {"pass"}
    assert verdicts(Several, ["LOSS-BCE-VALUE"]) == {"LOSS-BCE-VALUE": "unsupported"}


def test_a_network_that_ignores_which_loss_is_set_fails() -> None:
    class Stubborn(Descending):
        losses = LOSSES

    found = verdicts(Stubborn, ["LOSS-SQUARED-GRADIENT", "LOSS-HUBER-GRADIENT", "LOSS-HUBER-VALUE"])
    assert list(found.values()) == ["pass", "fail", "fail"]


def test_a_reported_loss_is_checked_for_what_it_is_and_never_consistent() -> None:
    class Declared(Reporting):
        reported_loss = Reporting.reported

    ids = ("LOSS-SQUARED-VALUE", "LOSS-SQUARED-GRADIENT", "LOSS-CONSISTENT", "EPOCH-LOSS")
    assert [*verdicts(Declared, ids).values()] == ["pass", "pass", "fail", "unsupported"]
    assert [*verdicts(Reporting, ids).values()] == ["fail", "pass", "fail", "fail"]


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
    subject = Subject(TooEarly)
    _, failure = run_clause(subject, "SGD-SIMULTANEOUS", "quick")
    assert failure is not None
    findings = diagnose(subject, "SGD-SIMULTANEOUS", failure)
    assert any(finding.kind == "order" for finding in findings), findings


class Unfinished(Textbook):
    """No weight decay, and it says so."""

    def optimize(self, name: str, options: Any, parameters: Any, gradients: Any) -> Any:
        if "weight_decay" in options:
            raise NotImplementedError("weight decay")
        return super().optimize(name, options, parameters, gradients)


def test_what_is_not_implemented_is_unsupported() -> None:
    result = run_clause(Subject(Unfinished), "OPT-DECAY", "quick", 0)[0]
    assert result.verdict == "unsupported"
    assert result.message == "optimize is not implemented for this: weight decay"
    assert run_clause(Subject(Unfinished), "OPT-ADAM", "quick", 0)[0].verdict == "pass"


class Unwilling(Textbook):
    """Nothing but optimize may say so: else a network could avoid every clause."""

    def predict(self, inputs: Any) -> Any:
        raise NotImplementedError

    def gradients(self, inputs: Any, targets: Any) -> Any:
        raise NotImplementedError


@pytest.mark.parametrize("clause", ["FC-FORWARD", "GRAD-EXACT", "PURE-REPEAT"])
def test_what_is_offered_and_not_implemented_fails(clause: str) -> None:
    assert run_clause(Subject(Unwilling), clause, "quick", 0)[0].verdict == "fail"


class HalfUnfinished(Unfinished):
    """No weight decay, and a wrong RMSProp: what is unsupported hides no failure."""

    def optimize(self, name: str, options: Any, parameters: Any, gradients: Any) -> Any:
        if name == "rmsprop":
            raise NotImplementedError("rmsprop")
        after = super().optimize(name, options, parameters, gradients)
        return after if name != "adam" else [after[-1]] * len(after)


def test_what_is_unsupported_hides_no_failure() -> None:
    assert run_clause(Subject(HalfUnfinished), "OPT-EPSILON", "quick", 0)[0].verdict == "fail"


class Halves(Textbook):
    """The gradient of half the summed squared error, where the mean is declared."""

    losses = None
    loss = MSE()

    def loss_gradient(self, y: Any, t: Any) -> Any:
        return SquaredError(0.5, "sum", "sum").gradient(y, t)


def test_the_declaration_that_would_be_right_is_named() -> None:
    result, failure = run_clause(Subject(Halves), "GRAD-EXACT", "default", 0)
    assert failure is not None
    found = diagnose(Subject(Halves), "GRAD-EXACT", failure)
    expected = "right with loss = SquaredError(factor=0.5, batch='sum', outputs='sum')"
    assert (result.verdict, found[0].kind, found[0].where) == ("fail", "declaration", expected)


class ForgetsTheEnd(Textbook):
    """Learns from the first five rows of a batch only."""

    def learn(self, inputs: Any, targets: Any) -> Any:
        return super().learn(inputs[:5], targets[:5])


def test_a_bug_of_long_batches_is_found() -> None:
    found = [run_clause(Subject(ForgetsTheEnd), id, "default", 0)[0] for id in ("GRAD-EXACT",)]
    assert [result.verdict for result in found] == ["fail"]
