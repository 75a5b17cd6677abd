"""The NumPy twin gives the numbers of refnn: equal where both are exact, else to derived ulps.

On dyadic numbers (k/4, with batches and widths that are powers of two) no operation rounds, in
whatever order the sums are taken. Elsewhere u is 2^-53 and exp, expm1, log1p, tanh err by at most
4 ulps in NumPy and 1 in libm.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

import pytest

np = pytest.importorskip("numpy")

import refnn  # noqa: E402
from spec_tests.implementations import numpy_twin as twin  # noqa: E402
from tests.case import leaves  # noqa: E402

REDUCTIONS = list(product(("mean", "sum"), repeat=2))
RATIONAL_LOSSES: list[tuple[str, tuple[Any, ...]]] = [
    *(("SquaredError", (factor, *how)) for factor in (1, 0.5, 3) for how in REDUCTIONS),
    *(("AbsoluteError", how) for how in REDUCTIONS),
    *(("Huber", (delta, *how)) for delta in (1, 0.25) for how in REDUCTIONS),
]
RATIONAL_ACTIVATIONS = [("Identity", ()), ("ReLU", ()), ("LeakyReLU", (0.25,))]
SMOOTH_ACTIVATIONS = ["Sigmoid", "Tanh", "Softplus", "Softmax"]
ACTIVATIONS = [*RATIONAL_ACTIVATIONS, *((name, ()) for name in SMOOTH_ACTIVATIONS)]
CROSS_ENTROPIES = [
    "BinaryCrossEntropy",
    "BinaryCrossEntropyWithLogits",
    "CrossEntropy",
    "SoftmaxCrossEntropy",
]
LOSSES = ["SquaredError", "AbsoluteError", "Huber", *CROSS_ENTROPIES]
FROM_LOGITS = ["BinaryCrossEntropyWithLogits", "SoftmaxCrossEntropy"]
OPTIMIZERS = ["SGD", "Momentum", "Nesterov", "RMSProp", "Adam"]
DTYPES = ["float64", "float32"]

EXTREMES = [
    s * v for v in (0.0, 5e-324, 1e-308, 1e-9, 1.0, 37.0, 745.0, 1e9, 1e308) for s in (1, -1)
]


@pytest.fixture(autouse=True)
def _no_flag_is_raised() -> Iterator[None]:
    """Nothing divides by 0, overflows or is invalid where the twin has not said that it may."""
    with np.errstate(all="raise", under="ignore"):
        yield


def quarters(rng: Random, rows: int, width: int, most: int = 8) -> list[list[float]]:
    return [[rng.randint(-most, most) / 4 for _ in range(width)] for _ in range(rows)]


def both(
    rng: Random, activation: tuple[str, tuple[Any, ...]], loss: tuple[str, tuple[Any, ...]]
) -> tuple[Any, Any, list[list[float]], list[list[float]]]:
    """One network, 4-8-2 with an activation between, in refnn and in the twin, and a batch of 4."""
    first, bias, last = quarters(rng, 8, 4), quarters(rng, 1, 8)[0], quarters(rng, 2, 8)
    models = []
    for kind in (refnn, twin):
        hidden = getattr(kind, activation[0])(*activation[1])
        layers = [kind.FCLayer(first, bias), hidden, kind.FCLayer(last, None)]
        models.append(kind.Model(layers, getattr(kind, loss[0])(*loss[1])))
    return *models, quarters(rng, 4, 4), quarters(rng, 4, 2)


def as_lists(parameters: Any) -> Any:
    """The parameters or gradients of the twin's layers as lists, None where there are none."""
    return [
        p and (p.weights.tolist(), None if p.bias is None else p.bias.tolist()) for p in parameters
    ]


def plain(parameters: Any) -> Any:
    return [p and tuple(p) for p in parameters]


def learned(model: Any) -> list[Any]:
    return [layer.parameters for layer in model.layers]


def within(ulps: int, found: Any, expected: Any) -> bool:
    """Whether each number is so near to the expected one, or is the same infinity or NaN."""
    return all(
        a == b or (a != a and b != b) or abs(a - b) <= ulps * math.ulp(b) < math.inf
        for a, b in zip(leaves(found), leaves(expected), strict=True)
    )


def on_arrays(rows: list[list[float]], dtype: str = "float64") -> Any:
    return np.array(rows, dtype)


@pytest.mark.parametrize("loss", RATIONAL_LOSSES, ids=repr)
@pytest.mark.parametrize("activation", RATIONAL_ACTIVATIONS, ids=repr)
@pytest.mark.parametrize("seed", range(3))
def test_dyadic_gradients_and_steps_are_equal(activation: Any, loss: Any, seed: int) -> None:
    """Output, loss, gradient and a step of SGD, then of momentum, are those of refnn."""
    reference, model, x, t = both(Random(seed), activation, loss)
    assert model.predict(x).tolist() == reference.predict(x)
    assert model.evaluate(x, t) == reference.evaluate(x, t)
    value, gradient = model.gradients(x, t)
    expected, expected_gradient = reference.gradients(x, t)
    assert value == expected
    assert as_lists(gradient) == plain(expected_gradient)
    for name, options in (("SGD", (0.25,)), ("Momentum", (0.25, 0.5))):
        reference, model, x, t = both(Random(seed), activation, loss)
        histories = [
            each.train(x, t, epochs=1, batch_size=4, optimizer=getattr(kind, name)(*options))
            for each, kind in ((model, twin), (reference, refnn))
        ]
        assert histories[0].losses == histories[1].losses
        assert as_lists(learned(model)) == plain(learned(reference))


@pytest.mark.parametrize("activation", RATIONAL_ACTIVATIONS, ids=repr)
def test_kinks_and_infinities_of_piecewise_activations_are_equal(activation: Any) -> None:
    """At 0 the derivative is 0 or alpha; 0 · ∞ is 0 for a unit that is off."""
    name, options = activation
    z = [[-math.inf, -1.0, -0.0, 0.0, 1.0, math.inf]] * 3
    dy = [[d] * 6 for d in (1.0, math.inf, -math.inf)]
    reference, layer = getattr(refnn, name)(*options), getattr(twin, name)(*options)
    a = layer.forward(on_arrays(z))
    assert a.tolist() == reference.forward(z)
    dz = layer.input_gradient(on_arrays(z), a, on_arrays(dy))
    assert dz.tolist() == reference.input_gradient(z, z, dy)


# Sums and quotients differ by a few u, exp and log1p by 4 + 1 ulps, and 1 ulp is at most 2 u: a
# product of two sigmoids has two exps (10 ulps), and 6 roundings on each side; a softmax of 3 has
# one exp above and three below.
SMOOTH_ULPS = 2 * (10 + 12)


@pytest.mark.parametrize("name", ["Sigmoid", "Tanh", "Softplus"])
def test_smooth_activations_are_those_of_refnn_in_both_tails(name: str) -> None:
    """f(z) and f'(z), from 0 to 1e308, with no flag raised."""
    reference, layer = getattr(refnn, name)(), getattr(twin, name)()
    z = [EXTREMES + [k / 8 for k in range(-160, 160)]]
    a = layer.forward(on_arrays(z))
    assert within(SMOOTH_ULPS, a.tolist(), reference.forward(z))
    ones = [[1.0] * len(z[0])]
    slopes = layer.input_gradient(on_arrays(z), a, on_arrays(ones))
    expected = reference.input_gradient(z, reference.forward(z), ones)
    assert within(SMOOTH_ULPS, slopes.tolist(), expected)


ROWS_OF_3 = [[a, b, c] for a, b, c in product([0.0, 1.0, -30.5, 800.0, 1e308, -1e308], repeat=3)]


def test_softmax_is_that_of_refnn_at_any_scores() -> None:
    a = twin.Softmax().forward(on_arrays(ROWS_OF_3))
    assert within(SMOOTH_ULPS, a.tolist(), refnn.Softmax().forward(ROWS_OF_3))


def test_the_gradient_of_softmax_is_that_of_refnn() -> None:
    """For the same a and dyadic da. Σ a da is a sum of 3 products: 3 + 2 roundings of at most 1."""
    a = refnn.Softmax().forward([[k / 4, 0.5, -k / 2] for k in range(-9, 9)])
    dy = quarters(Random(1), len(a), 3, most=4)
    dz = twin.Softmax().input_gradient(on_arrays(a), on_arrays(a), on_arrays(dy))
    for found, expected, row in zip(dz.tolist(), refnn.Softmax().input_gradient(a, a, dy), a):
        # Two sums of 5 roundings, the difference and the product with a: 2 · 7 · ulp(1) · a each.
        assert all(abs(p - q) <= 14 * math.ulp(1) * b for p, q, b in zip(found, expected, row))


@pytest.mark.parametrize("name", FROM_LOGITS)
@pytest.mark.parametrize("place", range(3))
def test_cross_entropies_of_logits_are_those_of_refnn(name: str, place: int) -> None:
    """Each row by itself: loss and gradient, for one-hot targets, up to ±1e308."""
    t = [[float(k == place) for k in range(3)]]
    reference, loss = getattr(refnn, name)(), getattr(twin, name)()
    for row in ROWS_OF_3:
        y = on_arrays([row])
        assert within(SMOOTH_ULPS, float(loss.value(y, t)), reference.value([row], t))
        assert within(SMOOTH_ULPS, loss.gradient(y, t).tolist(), reference.gradient([row], t))


@pytest.mark.parametrize("name", ["BinaryCrossEntropy", "CrossEntropy"])
def test_cross_entropies_of_probabilities_are_those_of_refnn(name: str) -> None:
    """Loss and gradient, at p = 0 and p = 1 too, with no flag raised."""
    reference, loss = getattr(refnn, name)(), getattr(twin, name)()
    values = [-0.0, 0.0, 5e-324, 1e-300, 0.25, 0.7, 1 - 2**-53, 1.0]
    for p, b in product(values, (0.0, 0.25, 1.0)):
        y, t = on_arrays([[p]]), on_arrays([[b]])
        assert within(SMOOTH_ULPS, float(loss.value(y, t)), reference.value([[p]], [[b]]))
        assert within(SMOOTH_ULPS, loss.gradient(y, t).tolist(), reference.gradient([[p]], [[b]]))
    with pytest.raises(ValueError, match=r"^ln of -0.5: should be of a number from 0 on$"):
        loss.value(on_arrays([[-0.5]]), on_arrays([[0.0]]))


@pytest.mark.parametrize("name", CROSS_ENTROPIES)
def test_a_cross_entropy_is_summed_over_the_batch_on_demand(name: str) -> None:
    """By a power of two more than its mean, which is no rounding."""
    y, t = on_arrays([[0.25, 0.75], [0.5, 0.5]]), on_arrays([[1.0, 0.0], [0.25, 0.75]])
    mean, summed = getattr(twin, name)(), getattr(twin, name)("sum")
    assert summed.value(y, t) == 2 * mean.value(y, t)
    assert summed.gradient(y, t).tolist() == (2 * mean.gradient(y, t)).tolist()


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("decay", [0, 0.125])
def test_five_steps_of_an_optimizer_are_those_of_refnn(name: str, decay: float) -> None:
    """From equal gradients. A step has at most 20 roundings; w stays within 1 to 16."""
    rng = Random(5)
    reference, optimizer = (getattr(k, name)(0.25, weight_decay=decay) for k in (refnn, twin))
    expected = refnn.Parameters([[4.0, -6.0], [8.0, 5.0]], [4.5, 9.0])
    found = twin.Parameters(on_arrays(expected.weights), np.array(expected.bias))
    state = expected_state = None
    for step in range(1, 6):
        g = refnn.Parameters(quarters(rng, 2, 2, 3), quarters(rng, 1, 2, 3)[0])
        slopes = twin.Parameters(on_arrays(g.weights), np.array(g.bias))
        found, state = optimizer.update(found, slopes, state)
        expected, expected_state = reference.update(expected, g, expected_state)
        for p, q in zip(leaves(as_lists([found])), leaves(plain([expected])), strict=True):
            assert abs(p - q) <= 20 * step * math.ulp(8)
        assert slopes.weights.tolist() == g.weights


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=repr)
def test_nothing_leaves_the_dtype_and_no_argument_changes(
    activation: Any, loss: str, optimizer: str, dtype: str
) -> None:
    """Outputs, losses, gradients and parameters have the dtype of the weights."""
    name, options = activation
    w, b = on_arrays(quarters(Random(1), 2, 2), dtype), np.zeros(2, dtype)
    x, t = on_arrays([[1.0, 2.0], [0.5, 0.25], [1.0, 0.0]], dtype), np.full((3, 2), 0.5, dtype)
    for given in (w, b, x, t):
        given.flags.writeable = False
    hidden = getattr(twin, name)(*options)
    model = twin.Model([twin.FCLayer(w, b), hidden, twin.Sigmoid()], getattr(twin, loss)())
    value, [gradient, *_] = model.gradients(x, t)
    history = model.train(
        x, t, epochs=2, batch_size=2, optimizer=getattr(twin, optimizer)(np.float64(0.1))
    )
    found = [model.predict(x), value, *gradient, *model.layers[0].parameters, *history.losses]
    assert {v.dtype for v in found} == {np.dtype(dtype)}


@pytest.mark.parametrize("name", [name for name, _ in ACTIVATIONS])
def test_nan_in_is_nan_out_of_an_activation(name: str) -> None:
    layer, nan = getattr(twin, name)(), math.nan
    x, dy = on_arrays([[nan, 1.0]]), on_arrays([[1.0, nan]])
    y = layer.forward(x)
    mixes = name == "Softmax"
    assert np.isnan(y).tolist() == [[True, mixes]]
    assert np.isnan(layer.input_gradient(np.abs(dy), y * 0 + 0.5, dy)).tolist()[0][1]
    if name not in ("Identity", "ReLU", "LeakyReLU"):
        assert np.isnan(layer.input_gradient(x, y, np.ones((1, 2)))).tolist()[0][0]


@pytest.mark.parametrize("t", [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("place", [0, 1])
def test_nan_in_is_nan_out_of_a_loss(name: str, t: list[float], place: int) -> None:
    loss, y = getattr(twin, name)(), on_arrays([[0.5, 0.5]])
    y[0, place] = math.nan
    assert math.isnan(loss.value(y, on_arrays([t])))
    assert math.isnan(loss.gradient(y, on_arrays([t]))[0, place])


def test_nan_in_is_nan_out_of_a_model() -> None:
    """Also where it meets a weight of 0, in a batch of one."""
    model = twin.Model([twin.FCLayer([[1.0, 0.0], [0.0, 0.0]], None), twin.ReLU()])
    loss, [gradient, _] = model.gradients([[1.0, math.nan]], [[1.0, 1.0]])
    assert np.isnan(model.predict([[1.0, math.nan]])).all()
    assert math.isnan(loss) and np.isnan(gradient.weights).all()


@pytest.mark.parametrize("name", ["SquaredError", "AbsoluteError", "Huber", *FROM_LOGITS])
def test_any_finite_output_has_a_loss_in_silence(name: str) -> None:
    """Rows of ±1e308, whose sums overflow: as in refnn, infinite."""
    y = [[1e308, -1e308], [-1e308, 1e308]]
    t = [[0.0, 1.0], [1.0, 0.0]]
    loss, reference = getattr(twin, name)(), getattr(refnn, name)()
    assert float(loss.value(on_arrays(y), on_arrays(t))) == reference.value(y, t)
    assert loss.gradient(on_arrays(y), on_arrays(t)).tolist() == reference.gradient(y, t)


@pytest.mark.parametrize("batch", ["mean", "sum"])
@pytest.mark.parametrize("seed", [None, 7])
def test_epochs_are_those_of_refnn(batch: str, seed: int | None) -> None:
    """Batches of 4, 4 and 2, in refnn's order: each is a mean over its own size."""
    rng = Random(3)
    x, t, w = quarters(rng, 10, 2), quarters(rng, 10, 1), quarters(rng, 1, 2)
    models = []
    for kind in (refnn, twin):
        model = kind.Model([kind.FCLayer(w, [0.5])], kind.SquaredError(1, batch, "sum"))
        history = model.train(
            x,
            t,
            epochs=1,
            batch_size=4,
            optimizer=kind.SGD(2.0**-6),
            shuffle=None if seed is None else Random(seed),
        )
        models.append((model, history))
    (reference, expected), (model, history) = models
    assert as_lists(learned(model)) == plain(learned(reference))
    assert history.losses == expected.losses


def test_the_dx_of_the_first_layer_that_learns_is_not_computed() -> None:
    class Fails(twin.FCLayer):  # type: ignore[misc, name-defined]
        def input_gradient(self, x: Any, y: Any, dy: Any) -> Any:
            raise AssertionError("nobody needs this")

    model = twin.Model([twin.ReLU(), Fails([[1.0, 2.0]], [0.5]), twin.ReLU()])
    _, found = model.gradients([[1.0, 1.0]], [[0.0]])
    assert [g is None for g in found] == [True, False, True]


@pytest.mark.parametrize(
    ("x", "t", "message"),
    [
        ([[1.0, 2.0], [3.0]], [[1.0]], "x is ragged, or holds what is no number"),
        ([["a", 2.0]], [[1.0]], "x is ragged, or holds what is no number"),
        ([], [[1.0]], "x is 0, should be some x 2"),
        ([[]], [[1.0]], "x is 1 x 0, should be some x 2"),
        ([1.0, 2.0], [[1.0]], "x is 2, should be some x 2"),
        ([[1.0, 2.0, 3.0]], [[1.0]], "x is 1 x 3, should be some x 2"),
        ([[1.0, 2.0]], [[1.0, 2.0]], "t is 1 x 2, should be 1 x 1"),
        ([[1.0, 2.0]], [[1.0], [2.0]], "t is 2 x 1, should be 1 x 1"),
        ([[1.0, 2.0]] * 2, [[1.0]], "t is 1 x 1, should be 2 x 1"),
        ([[1.0, 2.0]], [1.0], "t is 1, should be 1 x 1"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(x: Any, t: Any, message: str) -> None:
    model = twin.Model([twin.FCLayer([[1.0, 2.0]], [0.0])])
    for ask in (model.evaluate, model.gradients):
        with pytest.raises(ValueError, match=f"^{message}$"):
            ask(x, t)
    with pytest.raises(ValueError):
        model.train(x, t, epochs=1, batch_size=1, optimizer=twin.SGD(0.1))


def test_parts_that_do_not_fit_are_refused() -> None:
    """Nothing is broadcast: not a bias, a gradient, a batch, or a layer to the layer below."""
    layer, rows = twin.FCLayer([[1.0, 2.0]], None), on_arrays([[1.0, 2.0]])
    for wrong in (
        lambda: twin.FCLayer([[1.0, 2.0]], [1.0, 2.0]),
        lambda: twin.FCLayer([[1.0, 2.0], [1.0]], None),
        lambda: twin.Model([]),
        lambda: twin.Model([layer, twin.FCLayer([[1.0, 2.0]], None)]),
        lambda: layer.parameter_gradient(rows, rows, on_arrays([[1.0], [1.0]])),
        lambda: twin.ReLU().input_gradient(rows, rows, on_arrays([[1.0]])),
        lambda: twin.SquaredError().value(rows, on_arrays([[1.0]])),
        lambda: twin.SGD(1).update(layer.parameters, twin.Parameters(on_arrays([[1.0]]), None)),
        lambda: twin.SGD(-1),
        lambda: twin.Momentum(1, 1),
        lambda: twin.Huber(0),
        lambda: twin.SquaredError(1, "average"),
    ):
        with pytest.raises(ValueError):
            wrong()
    with pytest.raises(TypeError, match=r"^x is float32, should be float64$"):
        layer.forward(on_arrays([[1.0, 2.0]], "float32"))
