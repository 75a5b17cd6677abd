"""Cases with something more: a cotangent, a place, a learning rate, a batch size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from spec_tests.cases.case import Case
from spec_tests.cases.drawing import Drawing, between, each, one_of
from spec_tests.cases.networks import either
from spec_tests.cases.numbers import Pool, pools, quarters
from spec_tests.declaration import Declaration
from spec_tests.formulas.loss_functions import function_of

Cases = Callable[..., Drawing[Case]]


def limited(base: Cases, **limits: Any) -> Cases:
    """The same cases within other limits."""
    return lambda declaration, **others: base(declaration, **{**limits, **others})


def large(base: Cases, fewest_rows: int = 1, **limits: Any) -> Cases:
    """Cases within these limits, which are cut down below them where smaller ones fail too:
    to `fewest_rows`, and to the sizes that are declared.
    """

    def cases(declaration: Declaration, **others: Any) -> Drawing[Case]:
        drawing = base(declaration, **{**limits, **others})

        def case(rng: Random) -> Case:
            found = drawing(rng)
            outputs = max(
                declaration.outputs[0],
                function_of(found.loss).fewest_outputs,
            )
            least = found.least._replace(
                rows=fewest_rows, inputs=declaration.inputs[0], outputs=outputs
            )
            return replace(found, least=least)

        return case

    return cases


def many_rows(base: Cases, fewest_rows: int = 1) -> Cases:
    """More than 32 rows, the batch of many libraries, in small networks."""
    few = (1, 4)
    small: Any = {"units": few, "inputs": few, "outputs": few}
    return large(base, fewest_rows, rows=(33, 70), hidden=(0, 1), **small)


def with_extras(base: Cases, **extras: Drawing[Any]) -> Cases:
    def cases(declaration: Declaration, **limits: Any) -> Drawing[Case]:
        drawing = base(declaration, **limits)

        def case(rng: Random) -> Case:
            found, more = drawing(rng), each(**extras)(rng)
            return replace(found, extras={**found.extras, **more})

        return case

    return cases


def with_rate(base: Cases, *rates: float) -> Cases:
    """Learning rates, of which some are no powers of two."""
    return with_extras(base, learning_rate=one_of(*(rates or (1.0, 0.5, 0.125, 0.1))))


def with_place(base: Cases) -> Cases:
    """Points at one of the parameters."""
    return with_extras(base, place=between(0, 40))


def with_cotangent(base: Cases) -> Cases:
    """A dL/dy to pull back, random and never all ones."""

    def cases(declaration: Declaration) -> Drawing[Case]:
        drawing, vectors = base(declaration), pools(quarters)
        return lambda rng: _with(drawing(rng), output_gradient=(vectors(rng), -1))

    return cases


usual = with_cotangent(either)
"""Of everything that is declared."""


def with_vectors(base: Cases) -> Cases:
    """A cotangent and a direction in the space of inputs."""

    def cases(declaration: Declaration) -> Drawing[Case]:
        drawing, vectors = base(declaration), pools(quarters)
        return lambda rng: _with(
            drawing(rng), cotangent=(vectors(rng), -1), direction=(vectors(rng), 0)
        )

    return cases


def _with(case: Case, **vectors: tuple[Pool, int]) -> Case:
    """One vector a row; each is as wide as the outputs are (-1), or the inputs (0)."""
    found = {
        name: pool.matrix(0, len(case.inputs), case.widths[end])
        for name, (pool, end) in vectors.items()
    }
    return replace(case, extras={**case.extras, **found})
