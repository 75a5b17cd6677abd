"""Initializers: every weight is drawn from the given random numbers, on an exact scale."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from refnn import FCLayer, Glorot, He, Normal, ShapeError, Uniform, Zeros
from tests.strategies import names


class Recording(Random):
    """Random numbers that take down what was asked of them, and what was answered."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.asked: list[tuple[Any, ...]] = []
        self.answered: list[float] = []

    def uniform(self, a: float, b: float) -> float:
        return self._answer(("uniform", a, b), super().uniform(a, b))

    def gauss(self, mu: float = 0.0, sigma: float = 1.0) -> float:
        return self._answer(("gauss", mu, sigma), super().gauss(mu, sigma))

    def _answer(self, question: tuple[Any, ...], answer: float) -> float:
        self.asked.append(question)
        self.answered.append(answer)
        return answer


# (initializer, inputs, outputs, what it draws): widths for which the scale is a whole or a half.
SCALES = [
    (Uniform(-0.25, 0.5), 2, 3, ("uniform", -0.25, 0.5)),
    (Normal(0.125), 2, 3, ("gauss", 0.0, 0.125)),
    (Glorot(), 2, 4, ("uniform", -1.0, 1.0)),
    (Glorot(), 21, 3, ("uniform", -0.5, 0.5)),
    (He(), 2, 3, ("gauss", 0.0, 1.0)),
    (He(), 8, 3, ("gauss", 0.0, 0.5)),
]
RANDOM = [Uniform(-1.0, 1.0), Normal(1.0), Glorot(), He()]


@pytest.mark.parametrize(("initializer", "inputs", "outputs", "draw"), SCALES, ids=names(SCALES))
def test_weights_are_drawn_one_by_one_on_their_scale(
    initializer: Any, inputs: int, outputs: int, draw: tuple[Any, ...]
) -> None:
    """Outputs x inputs numbers, row by row, each from one draw with exactly these bounds.

    Glorot draws from ±√(6 / (inputs + outputs)), He with the deviation √(2 / inputs).
    """
    rng = Recording(1)
    weights = initializer(inputs, outputs, rng)
    assert rng.asked == [draw] * (inputs * outputs)
    assert [*map(len, weights)] == [inputs] * outputs
    assert [w for row in weights for w in row] == rng.answered


def test_zeros_draw_nothing() -> None:
    """W = 0, and the random numbers are not advanced."""
    rng = Random(1)
    assert Zeros()(2, 3, rng) == [[0.0, 0.0]] * 3
    assert rng.getstate() == Random(1).getstate()


@pytest.mark.parametrize("initializer", RANDOM, ids=repr)
def test_units_start_differently(initializer: Any) -> None:
    """No two rows are equal, and about as many weights are negative as are positive."""
    weights = initializer(8, 8, Random(1))
    assert len({*map(tuple, weights)}) == 8
    assert 16 < sum(w < 0 for row in weights for w in row) < 48


@pytest.mark.parametrize("initializer", RANDOM, ids=repr)
def test_a_seed_repeats_its_weights(initializer: Any) -> None:
    """The same seed gives the same weights, another seed others, the next draw others again."""
    rng = Random(1)
    weights = initializer(3, 2, rng)
    assert initializer(3, 2, Random(1)) == weights
    assert initializer(3, 2, Random(2)) != weights
    assert initializer(3, 2, rng) != weights


@pytest.mark.parametrize("initializer", RANDOM, ids=repr)
def test_the_common_random_numbers_are_left_alone(initializer: Any) -> None:
    """Neither used nor advanced."""
    before = random.getstate()
    initializer(3, 2, Random(1))
    assert random.getstate() == before


def test_a_random_layer_starts_with_glorots_weights_and_no_bias() -> None:
    """Biases are 0, or absent, and another initializer may be given."""
    layer = FCLayer.random(3, 2, Random(1))
    assert layer == FCLayer(Glorot()(3, 2, Random(1)), [0.0, 0.0])
    assert (layer.inputs, layer.outputs) == (3, 2)
    assert FCLayer.random(3, 2, Random(1), bias=False).bias is None
    assert FCLayer.random(3, 2, Random(1), He()).weights == He()(3, 2, Random(1))


@pytest.mark.parametrize("initializer", [Zeros(), *RANDOM], ids=repr)
def test_an_initializer_is_a_value(initializer: Any) -> None:
    """Nothing of it can be set, and it makes the narrowest layer that there is."""
    for name in (*vars(initializer), "new"):
        with pytest.raises(AttributeError):
            setattr(initializer, name, 1)
    [[weight]] = initializer(1, 1, Random(1))
    assert type(weight) is float


@pytest.mark.parametrize("initializer", [Zeros(), *RANDOM], ids=repr)
@pytest.mark.parametrize("width", [0, -1, True, 1.5, "2", None], ids=repr)
def test_a_width_is_a_whole_number_of_at_least_1(initializer: Any, width: Any) -> None:
    """Anything else is refused by its name."""
    message = re.escape(f"is {width!r}, should be a whole number of at least 1")
    with pytest.raises(ValueError, match=f"^inputs {message}$"):
        initializer(width, 2, Random(1))
    with pytest.raises(ValueError, match=f"^outputs {message}$"):
        initializer(2, width, Random(1))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Uniform(1, 0), "U[1, 0) should be from low to high, both finite"),
        (lambda: Uniform(0, math.nan), "U[0, nan) should be from low to high, both finite"),
        (lambda: Normal(-1), "deviation is -1, should be finite and >= 0"),
        (lambda: Normal(math.nan), "deviation is nan, should be finite and >= 0"),
    ],
)
def test_a_distribution_that_is_none_is_refused(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        make()


def test_what_is_no_initializer_is_refused() -> None:
    """A class in the place of its object, and weights of another shape."""
    with pytest.raises(TypeError, match=r"^initializer is the class He, should be an object$"):
        FCLayer.random(2, 3, Random(0), He)  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match=r"has 1 number, should have 2$"):
        FCLayer.random(2, 3, Random(0), lambda inputs, outputs, rng: [[1.0]] * outputs)
