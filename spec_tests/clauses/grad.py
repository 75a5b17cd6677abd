"""GRAD: the gradient is the derivative of the loss."""

from __future__ import annotations

from hypothesis import strategies as st

from spec_tests.cases.case import Case
from spec_tests.cases.networks import Unsupported, can_be_on_grid, cases
from spec_tests.clauses.observe import compare_gradients, oracle
from spec_tests.clauses.registry import check
from spec_tests.declaration import Declaration
from spec_tests.expect import Vacuous
from spec_tests.subject import Subject


def on_grid(declaration: Declaration) -> st.SearchStrategy[Case]:
    if not can_be_on_grid(declaration):
        raise Unsupported("no declared activation and loss are exact")
    return cases(declaration, grid=True)


@check("GRAD-EXACT", reads="gradient", needs="gradients|step", cases=on_grid)
def gradient_is_exact(subject: Subject, case: Case) -> float:
    if not oracle(subject, case).exact:
        raise Vacuous
    return compare_gradients(subject, case)


@check("GRAD-BOUND", reads="gradient", needs="gradients|step", cases=lambda d: cases(d, grid=False))
def gradient_is_within_the_ball(subject: Subject, case: Case) -> float:
    return compare_gradients(subject, case)
