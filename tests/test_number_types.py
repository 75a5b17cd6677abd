"""One source for all number types: what goes in comes out, nothing is coerced."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from refnn import (
    SGD,
    AbsoluteError,
    Adam,
    BinaryCrossEntropy,
    BinaryCrossEntropyWithLogits,
    CrossEntropy,
    Dual,
    FCLayer,
    Huber,
    Identity,
    LeakyReLU,
    Model,
    Momentum,
    Nesterov,
    Parameters,
    RMSProp,
    Sigmoid,
    SoftmaxCrossEntropy,
    SquaredError,
)
from refnn.scalar import Carrier, constant, exp, expm1, log, log1p, sqrt
from tests.case import Case, leaves, parameters
from tests.strategies import (
    HALF,
    QUARTER,
    RATIONAL_ACTIVATIONS,
    SMOOTH_ACTIVATIONS,
    SMOOTH_HEADS,
    decimal,
)
from tests.symbolic import Symbol, exact

NUMBERS: dict[str, Callable[[Fraction], Any]] = {
    "float": float,
    "Fraction": Fraction,
    "Decimal": decimal,
    "Dual of Fraction": lambda v: Dual(v, v + 1),
    "Dual of Decimal": lambda v: Dual(decimal(v), decimal(v + 1)),
    "Dual of float": lambda v: Dual(float(v), float(v + 1)),
    "Symbol": lambda v: Symbol(exact(v), decimal(v)),
}
TRANSCENDENTAL = [name for name in NUMBERS if "Fraction" not in name]
every_number = pytest.mark.parametrize("number", NUMBERS)
every_transcendental_number = pytest.mark.parametrize("number", TRANSCENDENTAL)


def network(number: str, hidden: Any, output: Any, loss: Any) -> Case:
    """A small network of that number type."""
    quarter, half, one = QUARTER, HALF, Fraction(1)
    first = FCLayer([[one, -half], [quarter, one], [-one, half]], [half, -one, quarter])
    second = FCLayer([[one, half, -one], [half, -quarter, quarter]], None)
    model = Model([first, hidden, second, output], loss)
    case = Case(model, [[half, one], [-one, quarter]], [[quarter, half], [half, one]])
    return case.map(NUMBERS[number])


def kinds(nested: Any) -> set[tuple[type, ...]]:
    """The types of all numbers, down to the plain one under a carrier."""

    def kind(number: Any) -> tuple[type, ...]:
        below = kind(number.value) if isinstance(number, Carrier) else ()
        return (type(number), *below)

    return {*map(kind, leaves(nested))}


def assert_stays(case: Case, *optimizers: Any) -> None:
    """Whatever is asked of the case, the answer is of the type of its inputs."""
    own = kinds(case.x)
    assert kinds(case.model.predict(case.x)) == own
    assert kinds([case.loss]) == own
    assert kinds(case.model.gradients(case.x, case.t)) == own
    for optimizer in optimizers:
        history = case.model.train(case.x, case.t, epochs=1, batch_size=2, optimizer=optimizer)
        assert kinds([history.losses, parameters(case.model)]) == own


@every_number
def test_a_rational_network_stays_in_its_number_type(number: str) -> None:
    """Predictions, losses, gradients and trained parameters, with every rational part."""
    optimizers = SGD(QUARTER), Momentum(QUARTER, HALF), Nesterov(QUARTER, HALF, weight_decay=HALF)
    losses = SquaredError(), SquaredError(HALF, "sum", "sum"), AbsoluteError(), Huber(QUARTER)
    for activation, loss in product(RATIONAL_ACTIVATIONS, losses):
        assert_stays(network(number, activation, activation, loss), *optimizers)


@every_transcendental_number
def test_a_smooth_network_stays_in_its_number_type(number: str) -> None:
    """The same with exponentials, logarithms and roots, for the types that have them."""
    adaptive = () if number == "Symbol" else (RMSProp(QUARTER), Adam(QUARTER))
    for hidden, (loss, outputs) in product(SMOOTH_ACTIVATIONS, SMOOTH_HEADS):
        assert_stays(network(number, hidden, outputs[0], loss), *adaptive)


@every_number
def test_ints_fit_every_number_type(number: str) -> None:
    """Parameters and data that are whole may be written as ints."""
    convert = NUMBERS[number]
    fractional = Model([FCLayer([[convert(HALF), 2]], [1])])
    assert kinds(fractional.predict([[3, 0], [0, 1]])) == kinds([convert(HALF)])
    whole = Model([FCLayer([[1, 2]], None)])
    assert kinds(whole.predict([[convert(HALF), convert(QUARTER)]])) == kinds([convert(HALF)])


@pytest.mark.parametrize(
    "use",
    [
        lambda: LeakyReLU(0.25).forward([[1, -HALF]]),
        lambda: LeakyReLU(0.25).input_gradient([[1, -HALF]], [[1, -HALF]], [[1, HALF]]),
        lambda: SquaredError(0.25).value([[1, HALF]], [[2, HALF]]),
        lambda: SquaredError(0.25).gradient([[1, HALF]], [[0, QUARTER]]),
        lambda: Huber(0.25).gradient([[1, HALF]], [[0, QUARTER]]),
        lambda: SGD(0.25).update(Parameters([[1, 1]], [HALF]), Parameters([[HALF, 1]], [HALF]))[0],
    ],
    ids=["LeakyReLU", "its gradient", "SquaredError", "its gradient", "Huber", "SGD"],
)
def test_an_int_beside_fractions_is_one_of_them(use: Callable[[], Any]) -> None:
    """A constant takes the type of the row that it meets, not that of an int at its start."""
    assert kinds(use()) <= {(int,), (Fraction,)}


@pytest.mark.parametrize("number", [HALF, Dual(HALF, HALF)], ids=repr)
@pytest.mark.parametrize("function", [exp, expm1, log, log1p, sqrt])
def test_a_fraction_has_no_transcendental_function(
    function: Callable[[Any], Any], number: Any
) -> None:
    """It is refused, with the name of the types that have one."""
    message = f"{function.__name__} of a Fraction is not a Fraction: use float or Decimal"
    with pytest.raises(TypeError, match=f"^{message}$"):
        function(number)


@pytest.mark.parametrize("activation", SMOOTH_ACTIVATIONS, ids=repr)
def test_a_fraction_has_no_smooth_activation(activation: Any) -> None:
    """It is refused, with the name of the types that have one."""
    with pytest.raises(TypeError, match=r"use float or Decimal$"):
        activation.forward([[HALF]])


@pytest.mark.parametrize(
    "loss",
    [BinaryCrossEntropy(), BinaryCrossEntropyWithLogits(), CrossEntropy(), SoftmaxCrossEntropy()],
    ids=repr,
)
def test_a_fraction_has_no_logarithmic_loss(loss: Any) -> None:
    """It is refused, with the name of the types that have one."""
    with pytest.raises(TypeError, match=r"use float or Decimal$"):
        loss.value([[HALF]], [[HALF]])


@pytest.mark.parametrize(
    ("weights", "bias", "x", "t", "message"),
    [
        (
            [[1.0, HALF]],
            None,
            [[1.0, 1.0]],
            [[1.0]],
            "layers[0].weights[0][1] is a Fraction, layers[0].weights[0][0] is a float",
        ),
        (
            [[1, 1.0]],
            [Decimal(1)],
            [[1.0, 1.0]],
            [[1.0]],
            "layers[0].bias[0] is a Decimal, layers[0].weights[0][1] is a float",
        ),
        (
            [[1.0, 1.0]],
            None,
            [[1.0, 1.0], [1, HALF]],
            [[1.0]] * 2,
            "x[1][1] is a Fraction, layers[0].weights[0][0] is a float",
        ),
        (
            [[HALF, HALF]],
            None,
            [[HALF, HALF]],
            [[Dual(1.0, 0.0)]],
            "t[0][0] is a float, layers[0].weights[0][0] is a Fraction",
        ),
        (
            [[1, 1]],
            None,
            [[1, HALF]],
            [[1.0]],
            "t[0][0] is a float, x[0][1] is a Fraction",
        ),
        (
            [[1, 1], [HALF, 1]],
            None,
            [[1, 1.0]],
            [[1.0, 1.0]],
            "x[0][1] is a float, layers[0].weights[1][0] is a Fraction",
        ),
    ],
)
def test_number_types_do_not_mix(weights: Any, bias: Any, x: Any, t: Any, message: str) -> None:
    """Two types in one computation are refused, with the names of both places."""
    full = re.escape(f"{message}: should be one number type")
    with pytest.raises(TypeError, match=f"^{full}$"):
        Model([FCLayer(weights, bias)]).evaluate(x, t)


@pytest.mark.parametrize(
    ("plain", "like"),
    [
        (Fraction(1, 3), 1.0),
        (Fraction(1, 3), Decimal(1)),
        (Decimal("0.1"), 1.0),
        (2**53 + 1, 1.0),
        (float("inf"), HALF),
        (10**400, 1.0),
        (Fraction(1, 3), Dual(1.0, 0.0)),
    ],
    ids=repr,
)
def test_a_constant_that_a_type_cannot_hold_is_refused(plain: Any, like: Any) -> None:
    """A learning rate or slope is used exactly, or not at all."""
    with pytest.raises(ValueError, match="constant"):
        constant(plain, like)
    with pytest.raises(ValueError, match="constant"):
        LeakyReLU(plain).forward([[like]])


@pytest.mark.parametrize("plain", [3, HALF, 0.1, Decimal("0.5")], ids=repr)
@every_number
def test_a_constant_that_a_type_can_hold_keeps_its_value(number: str, plain: Any) -> None:
    """It becomes a number of that type, and stays as large as it was."""
    like = NUMBERS[number](HALF)
    held = constant(plain, like)
    assert kinds([held]) == kinds([like])
    assert Fraction(held.value if isinstance(held, Carrier) else held) == Fraction(plain)


def test_a_whole_network_of_ints_counts_as_floats_where_it_must() -> None:
    """Sums of ints are ints; means and transcendental functions of them are floats."""
    case = Case(Model([FCLayer([[2]], [1]), Identity()]), [[3]], [[5]])
    assert kinds(case.model.predict(case.x)) == {(int,)}
    assert kinds([case.loss]) == {(float,)}
    assert constant(0.5, 3) == 0.5
    assert kinds(Sigmoid().forward([[3]])) == {(float,)}
