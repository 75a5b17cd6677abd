"""OPT: each declared optimizer, parameter by parameter, over given gradients."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from spec_tests.cases.case import Case
from spec_tests.cases.drawing import Drawing
from spec_tests.cases.networks import off_grid
from spec_tests.cases.numbers import Pool, pools, ragged
from spec_tests.clauses.registry import Cases, clause
from spec_tests.declaration import OPTIMIZERS, Declaration
from spec_tests.errors import Unsupported
from spec_tests.judge import views
from spec_tests.judge.played import Played
from spec_tests.oracle.rules import DEFAULTS
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer

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

    def cases(declaration: Declaration) -> Drawing[Case]:
        own = [name for name in names if name in declaration.optimizers]
        if not own:
            raise Unsupported(f"none of {', '.join(names)} is declared")
        most = 4 if hidden[1] < 2 else 2
        limits: dict[str, Any] = {"units": (1, most), "outputs": (1, most), "scales": (1.0,)}
        base = off_grid(declaration, hidden=hidden, rows=(1, 1), **limits)

        is_long = steps > STEPS
        # Of the few long ones none is lost to options that hide what is wrong.
        rates = [rate for rate in RATES if rate or not is_long]
        others = {key: [v for v in kept if v or not is_long] for key, kept in OTHER.items()}

        def case(rng: Random) -> Case:
            found = base(rng)
            name = rng.choice(own)
            options = {"lr": rng.choice(rates)}
            for option in DEFAULTS[name]:
                if option == "epsilon" and epsilon is not None:
                    options["epsilon"] = epsilon
                elif rng.random() < 0.5:
                    options[option] = rng.choice(others[option])
            if decay:
                options["weight_decay"] = rng.choice((0.5, 0.25, 0.0))
            size = rng.choice((1.0, 1.0, 8.0))
            slopes = pools(ragged(declaration.dtype, size))(rng)
            gradients = [_gradients(slopes, found, t) for t in range(steps)]
            if is_long:
                # One after others is exactly 0: what an average holds then decides the step.
                gradients[steps // 2] = [_emptied(pair) for pair in gradients[steps // 2]]
            extras = {"optimizer": name, "options": options, "gradients": gradients}
            return replace(found, extras=extras)

        return case

    return cases


def _gradients(slopes: Pool, case: Case, t: int) -> list[list[Any]]:
    return [
        [
            slopes.matrix(2 * t + 5 * i, len(layer.weights), len(layer.weights[0])),
            layer.bias and slopes.row(2 * t + 5 * i + 3, len(layer.bias)),
        ]
        for i, layer in enumerate(case.dense)
    ]


def given(case: Case, declaration: Declaration) -> Script:
    """All gradients of the case."""
    return _following(case, case.extras["gradients"])


def the_first_again(case: Case, declaration: Declaration) -> Script:
    return _following(case, [case.extras["gradients"][0]] * (2 * STEPS))


def one_layer_at_rest(case: Case, declaration: Declaration) -> Script:
    """All layers but the first have gradients of 0."""
    steps = [
        [_emptied(pair) if i else pair for i, pair in enumerate(step)]
        for step in case.extras["gradients"]
    ]
    return _following(case, steps)


def _emptied(pair: list[Any]) -> list[Any]:
    weights, bias = pair
    return [[[0.0] * len(row) for row in weights], bias and [0.0] * len(bias)]


def _following(case: Case, gradients: list[Any]) -> Script:
    name, options = case.extras["optimizer"], case.extras["options"]
    writer = Writer(case.loss)
    on = writer.load(case.dense)
    writer.optimize(on, case.dense, name=name, options=options, gradients=gradients)
    return writer.script()


ONE = {name: of_optimizers((name,)) for name in OPTIMIZERS}


def _register(name: str) -> None:
    clause(
        f"OPT-{name.upper()}",
        "optimizer",
        "optimize",
        ONE[name],
        given,
        views.trajectory,
        rare=[of_optimizers((name,), steps=LONG, hidden=(3, 3))],
    )


for _name in OPTIMIZERS:
    _register(_name)


def first_step(played: Played) -> float:
    return views.trajectory(played, steps=1)


clause(
    "OPT-EPSILON",
    "optimizer",
    "optimize",
    of_optimizers(("rmsprop", "adam"), epsilon=0.5),
    given,
    views.trajectory,
)
clause("OPT-DECAY", "optimizer", "optimize", of_optimizers(decay=True), given, views.trajectory)
clause("OPT-FIRST", "optimizer", "optimize", ONE["adam"], given, first_step)
clause("OPT-CONSTANT", "optimizer", "optimize", of_optimizers(), the_first_again, views.trajectory)
clause(
    "OPT-STATE",
    "optimizer",
    "optimize",
    of_optimizers(hidden=(1, 2)),
    one_layer_at_rest,
    views.trajectory,
)
