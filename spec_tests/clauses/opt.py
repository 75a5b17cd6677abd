"""OPT: each declared optimizer, parameter by parameter, over given gradients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from spec_tests.cases.case import Case
from spec_tests.cases.networks import Draw, off_grid
from spec_tests.cases.numbers import Pool, one_of, pools, ragged
from spec_tests.clauses.observe import answer, arithmetic, flat
from spec_tests.clauses.registry import Cases, check
from spec_tests.declaration import OPTIMIZERS, Declaration
from spec_tests.errors import Unsupported
from spec_tests.expect import MOVED, Comparison
from spec_tests.judge.answers import Pair
from spec_tests.oracle.optimizers import DEFAULTS, trajectories
from spec_tests.oracle.oracle import Expected, Pairs
from spec_tests.subject import Subject

STEPS = 5
LONG = 12
RATES = (0.1, 0.01, 1.0, 0.3, 0.0)
OTHER = {
    "mu": (0.5, 0.0, 0.75, 0.0),
    "rho": (0.5, 0.0, 0.99, 0.0),
    "beta1": (0.5, 0.0, 0.8, 0.0),
    "beta2": (0.9, 0.0, 0.99, 0.0),
    "epsilon": (1e-8, 1e-3, 0.0625),
}
"""Each may be left to its default, or be 0, which is not the same as to be absent. But for ε: what
is 0/0 without it is nobody's fault."""


def of_optimizers(
    names: tuple[str, ...] = OPTIMIZERS,
    decay: bool = False,
    epsilon: float | None = None,
    steps: int = STEPS,
    hidden: tuple[int, int] = (0, 1),
) -> Cases:
    """Layers of different and of equal shapes, where there may be several; gradients for all."""

    def cases(declaration: Declaration) -> st.SearchStrategy[Case]:
        own = [name for name in names if name in declaration.optimizers]
        if not own:
            raise Unsupported(f"none of {', '.join(names)} is declared")
        most = 4 if hidden[1] < 2 else 2
        limits: dict[str, Any] = {"units": (1, most), "outputs": (1, most), "scales": (1.0,)}
        base = off_grid(declaration, hidden=hidden, rows=(1, 1), **limits)

        @st.composite
        def case(draw: Draw) -> Case:
            found: Case = draw(base)
            name = draw(one_of(*own))
            options = {"lr": draw(one_of(*RATES))}
            for option in DEFAULTS[name]:
                if option == "epsilon" and epsilon is not None:
                    options["epsilon"] = epsilon
                elif draw(st.booleans()):
                    options[option] = draw(one_of(*OTHER[option]))
            if decay:
                options["weight_decay"] = draw(one_of(0.5, 0.25, 0.0))
            size = draw(one_of(1.0, 1.0, 8.0))
            slopes = draw(pools(ragged(declaration.dtype, size)))
            gradients = [_gradients(slopes, found, t) for t in range(steps)]
            if steps > STEPS:
                # One after others is exactly 0: what an average holds then decides the step.
                gradients[steps // 2] = [_emptied(pair) for pair in gradients[steps // 2]]
            extras = {"optimizer": name, "options": options, "gradients": gradients}
            return replace(found, extras=extras)

        return case()

    return cases


def _gradients(slopes: Pool, case: Case, t: int) -> list[list[Any]]:
    return [
        [
            slopes.matrix(2 * t + 5 * i, len(layer.weights), len(layer.weights[0])),
            layer.bias and slopes.row(2 * t + 5 * i + 3, len(layer.bias)),
        ]
        for i, layer in enumerate(case.dense)
    ]


def expected_steps(subject: Subject, case: Case, steps: list[Any]) -> list[Pairs]:
    """The parameters after each step."""
    parameters: list[tuple[float, bool]] = []
    for layer in case.dense:
        parameters += [(w, True) for row in layer.weights for w in row]
        parameters += [(b, False) for b in layer.bias or []]
    name, options = case.extras["optimizer"], case.extras["options"]
    slopes = [flat(step) for step in steps]
    after = trajectories(arithmetic(subject), name, options, parameters, slopes)
    return [_shaped(case, iter(numbers)) for numbers in after]


def _shaped(case: Case, numbers: Iterator[Expected]) -> Pairs:
    """One pair for each layer, of numbers in their order."""
    return [
        (
            [[next(numbers) for _ in row] for row in layer.weights],
            None if layer.bias is None else [next(numbers) for _ in layer.bias],
        )
        for layer in case.dense
    ]


def compare_optimizer(subject: Subject, case: Case, steps: list[Any] | None = None) -> float:
    steps = case.extras["gradients"] if steps is None else steps
    expected = expected_steps(subject, case, steps)
    given: list[list[Pair]] = [[(w, b) for w, b in step] for step in steps]
    name, options = case.extras["optimizer"], case.extras["options"]
    network, seen = subject.load(case), Comparison()
    got = answer(lambda: network.optimize(name, options, given), expected)
    for after, pairs in zip(got, expected, strict=True):
        seen.pairs(after, pairs, names=MOVED)
    return seen.judge()


def _register(name: str) -> None:
    longer = of_optimizers((name,), steps=LONG, hidden=(3, 3))

    @check(
        f"OPT-{name.upper()}",
        reads="optimizer",
        needs="optimize",
        cases=of_optimizers((name,)),
        rare=[longer],
    )
    def trajectory_of_one(subject: Subject, case: Case) -> float:
        return compare_optimizer(subject, case)


for _name in OPTIMIZERS:
    _register(_name)


@check(
    "OPT-EPSILON",
    reads="optimizer",
    needs="optimize",
    cases=of_optimizers(("rmsprop", "adam"), epsilon=0.5),
)
def epsilon_stands_outside_the_root(subject: Subject, case: Case) -> float:
    return compare_optimizer(subject, case)


@check("OPT-DECAY", reads="optimizer", needs="optimize", cases=of_optimizers(decay=True))
def weights_decay_and_biases_do_not(subject: Subject, case: Case) -> float:
    return compare_optimizer(subject, case)


@check("OPT-FIRST", reads="optimizer", needs="optimize", cases=of_optimizers(("adam",)))
def the_first_step_has_no_bias_of_starting_at_zero(subject: Subject, case: Case) -> float:
    return compare_optimizer(subject, case, case.extras["gradients"][:1])


@check("OPT-CONSTANT", reads="optimizer", needs="optimize", cases=of_optimizers())
def a_constant_gradient_is_followed(subject: Subject, case: Case) -> float:
    return compare_optimizer(subject, case, [case.extras["gradients"][0]] * (2 * STEPS))


@check("OPT-STATE", reads="optimizer", needs="optimize", cases=of_optimizers(hidden=(1, 2)))
def each_parameter_has_a_state_of_its_own(subject: Subject, case: Case) -> float:
    """A layer whose gradients are 0 stays, whatever the other layer does."""
    steps = [
        [_emptied(pair) if i else pair for i, pair in enumerate(step)]
        for step in case.extras["gradients"]
    ]
    return compare_optimizer(subject, case, steps)


def _emptied(pair: list[Any]) -> list[Any]:
    weights, bias = pair
    return [[[0.0] * len(row) for row in weights], bias and [0.0] * len(bias)]
