"""What holds where nothing is said: the conventions, as the documentation gives them."""

from fractions import Fraction
from typing import Any

import pytest

from refnn import (
    MSE,
    AbsoluteError,
    Adam,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    Huber,
    Identity,
    LeakyReLU,
    Model,
    Momentum,
    Nesterov,
    RMSProp,
    SoftmaxCrossEntropy,
    SquaredError,
)


@pytest.mark.parametrize(
    ("short", "full"),
    [
        (MSE(), SquaredError(1, "mean", "mean")),
        (SquaredError(), SquaredError(1, "mean", "mean")),
        (AbsoluteError(), AbsoluteError("mean", "mean")),
        (Huber(), Huber(1, "mean", "mean")),
        (LeakyReLU(), LeakyReLU(0.01)),
        (Momentum(1), Momentum(1, 0.9, weight_decay=0)),
        (Nesterov(1), Nesterov(1, 0.9, weight_decay=0)),
        (RMSProp(1), RMSProp(1, 0.9, 1e-8, weight_decay=0)),
        (Adam(1), Adam(1, 0.9, 0.999, 1e-8, weight_decay=0)),
    ],
    ids=repr,
)
def test_an_option_that_is_left_out_has_its_usual_value(short: Any, full: Any) -> None:
    """Means for losses, 0.01 for a leak, the rates of the papers for optimizers."""
    assert short == full


@pytest.mark.parametrize(
    ("loss", "outputs"),
    [
        (BinaryCrossEntropy(), "mean"),
        (BinaryCrossEntropyWithLogits(), "mean"),
        (CrossEntropy(), "sum"),
        (SoftmaxCrossEntropy(), "sum"),
    ],
    ids=repr,
)
def test_a_classification_loss_says_how_it_reduces(loss: Any, outputs: str) -> None:
    """The mean over the batch; over the outputs the mean of questions, the sum over classes."""
    assert (loss.batch, loss.outputs) == ("mean", outputs)


def test_a_model_has_the_mean_squared_error() -> None:
    """L = the mean of (y - t)² over batch and outputs, where no loss is given."""
    loss = Model([Identity()]).evaluate([[Fraction(1), Fraction(2)]], [[Fraction(0), Fraction(4)]])
    assert loss == Fraction(1 + 4, 2)
