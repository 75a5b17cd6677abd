"""What an adapter may declare: declared it passes, undeclared it fails, and a factor is named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest

from refnn import (
    MSE,
    AbsoluteError,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    Huber,
    SoftmaxCrossEntropy,
    SquaredError,
)
from spec_tests.faults.textbook import Textbook
from tests.conform.judging import (
    BATCHES,
    EPOCHS,
    LEARNING,
    PART,
    WHOLE,
    factors,
    never_wrong,
    results,
    verdicts,
)
from tests.conform.variants import (
    AtZero,
    BatchSum,
    Descending,
    Dropping,
    Fixed,
    Float32,
    Half,
    HalfAtZero,
    InOut,
    Leaky,
    OneRow,
    Online,
    OutputSum,
    Reporting,
    SlowLeaky,
    Squashed,
    SummedClasses,
    SummedQuestions,
    Unbiased,
    Uniform,
    WholeSum,
)


class Convention(NamedTuple):
    """A network, what it has to declare, clauses that pass then, one that fails otherwise."""

    network: type[Textbook]
    declared: dict[str, Any]
    ids: Sequence[str]
    seen: str
    factor: str | None = None


ONE_AT_A_TIME = (*LEARNING[:4], "FC-FORWARD", "SHAPE-OUTPUT", "PURE-ARGUMENTS", "PURE-PREDICT")
ENTROPIES = ("GRAD-BOUND", "BATCH-SUM", "SGD-STEP", "EPOCH-WHOLE", "EPOCH-LOSS", "LOSS-CONSISTENT")
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
    "summed classes": Convention(
        SummedClasses,
        {"loss": SoftmaxCrossEntropy("sum")},
        (*ENTROPIES, "LOSS-SOFTMAX-CE-VALUE", "LOSS-SOFTMAX-CE-GRADIENT"),
        "BATCH-SUM",
        "B",
    ),
    "summed questions": Convention(
        SummedQuestions,
        {"loss": BinaryCrossEntropyWithLogits("sum", "sum")},
        (*ENTROPIES, "LOSS-BCE-LOGITS-VALUE", "LOSS-BCE-LOGITS-GRADIENT"),
        "GRAD-BOUND",
        "B·K",
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
    assert verdict in (("fail", "error") if name in ("fixed", "in x out") else ("fail",))


@pytest.mark.parametrize("name", [name for name, own in CONVENTIONS.items() if own.factor])
@pytest.mark.parametrize("number", [0, 1])
def test_a_factor_is_named(name: str, number: int) -> None:
    seen, factor = CONVENTIONS[name].seen, CONVENTIONS[name].factor
    assert factor in factors(undeclared(name), seen, number)


def test_a_mean_under_a_declared_sum_is_named_too() -> None:
    class Mean(Descending):
        loss = SquaredError(1, "sum", "sum")

    assert "1/(B·K)" in factors(Mean, "GRAD-BOUND")


@pytest.mark.parametrize("name", ["one row", "no bias", "fixed"])
def test_what_a_convention_leaves_without_cases_is_unsupported(name: str) -> None:
    """And not an error for want of cases."""
    ids = {
        "one row": ["BATCH-DUPLICATE", "BATCH-FORWARD", "EPOCH-TAIL", "EPOCH-SMALL"],
        "no bias": ["FC-BIAS-GRADIENT", "ACT-SOFTMAX-SHIFT", "GRAD-KINK"],
        "fixed": [
            "NET-SQUARE",
            "NET-CHAIN-2",
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
