"""OPT: each declared optimizer, parameter by parameter, over five given gradients."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from spec_tests.cases.case import Case
from spec_tests.cases.networks import Draw, Unsupported, off_grid
from spec_tests.cases.numbers import Pool, pools, ragged
from spec_tests.clauses.registry import Cases, check
from spec_tests.declaration import OPTIMIZERS, Declaration
from spec_tests.expect import MOVED, Comparison
from spec_tests.oracle.ball import Arithmetic
from spec_tests.oracle.optimizers import DEFAULTS, trajectory
from spec_tests.oracle.oracle import Expected, Pairs
from spec_tests.subject import Pair, Subject

STEPS = 5
RATES = (0.1, 0.01, 1.0)
OTHER = {"mu": (0.5, 0.75), "rho": (0.5, 0.99), "beta1": (0.5, 0.8), "beta2": (0.9, 0.99)}


def of_optimizers(
    names: tuple[str, ...] = OPTIMIZERS, decay: bool = False, epsilon: float = 1e-8
) -> Cases:
    """Two layers of different shapes where there may be two, and gradients for both."""

    def cases(declaration: Declaration) -> st.SearchStrategy[Case]:
        own = [name for name in names if name in declaration.optimizers]
        if not own:
            raise Unsupported(f"none of {', '.join(names)} is declared")
        limits: dict[str, Any] = {"units": (1, 4), "outputs": (1, 4), "scales": (1.0,)}
        base = off_grid(declaration, hidden=(0, 1), rows=(1, 1), **limits)

        @st.composite
        def case(draw: Draw) -> Case:
            found: Case = draw(base)
            name = draw(st.sampled_from(own))
            options = {"lr": draw(st.sampled_from(RATES))}
            for option in DEFAULTS[name]:
                if option == "epsilon":
                    options["epsilon"] = epsilon
                elif draw(st.booleans()):
                    options[option] = draw(st.sampled_from(OTHER[option]))
            if decay:
                options["weight_decay"] = draw(st.sampled_from([0.5, 0.25]))
            slopes = draw(pools(ragged(declaration.dtype, 1.0), 9))
            steps = [_gradients(slopes, found, t) for t in range(STEPS)]
            extras = {"optimizer": name, "options": options, "gradients": steps}
            return replace(found, extras=extras)

        return case()

    return cases


def _gradients(slopes: Pool, case: Case, t: int) -> list[list[Any]]:
    return [
        [
            slopes.matrix(2 * t + i, len(layer.weights), len(layer.weights[0])),
            layer.bias and slopes.matrix(2 * t + i + 1, 1, len(layer.bias))[0],
        ]
        for i, layer in enumerate(case.dense)
    ]


def expected_steps(subject: Subject, case: Case, steps: list[Any]) -> list[Pairs]:
    """The parameters after each step."""
    declaration = subject.declaration
    arithmetic = Arithmetic(declaration.dtype, declaration.ulps)
    name, options = case.extras["optimizer"], case.extras["options"]

    def path(w: float, gradients: list[float], decays: bool) -> list[Expected]:
        return trajectory(arithmetic, name, options, w, gradients, decays)

    layers = []
    for i, layer in enumerate(case.dense):
        weights = [
            [path(w, [step[i][0][j][k] for step in steps], True) for k, w in enumerate(row)]
            for j, row in enumerate(layer.weights)
        ]
        bias = None
        if layer.bias is not None:
            bias = [
                path(b, [step[i][1][j] for step in steps], False) for j, b in enumerate(layer.bias)
            ]
        layers.append((weights, bias))
    return [
        [
            (
                [[p[t] for p in row] for row in weights],
                None if bias is None else [p[t] for p in bias],
            )
            for weights, bias in layers
        ]
        for t in range(len(steps))
    ]


def compare_optimizer(subject: Subject, case: Case, steps: list[Any] | None = None) -> float:
    steps = case.extras["gradients"] if steps is None else steps
    expected = expected_steps(subject, case, steps)
    given: list[list[Pair]] = [[(w, b) for w, b in step] for step in steps]
    name, options = case.extras["optimizer"], case.extras["options"]
    got = subject.load(case).optimize(name, options, given)
    seen = Comparison()
    for answer, pairs in zip(got, expected, strict=True):
        seen.pairs(answer, pairs, names=MOVED)
    return seen.judge()


def _register(name: str) -> None:
    @check(f"OPT-{name.upper()}", reads="optimizer", needs="optimize", cases=of_optimizers((name,)))
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


@check("OPT-STATE", reads="optimizer", needs="optimize", cases=of_optimizers())
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
