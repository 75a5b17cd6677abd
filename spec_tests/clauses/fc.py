"""FC: the fully connected layer, y = W x + b."""

from __future__ import annotations

from hypothesis import strategies as st

from spec_tests.cases.case import Case
from spec_tests.cases.extras import limited, with_cotangent
from spec_tests.cases.networks import Unsupported, either
from spec_tests.clauses.observe import (
    compare_gradients,
    compare_outputs,
    oracle,
    refuse_dead,
    refuse_kinks,
)
from spec_tests.clauses.registry import check
from spec_tests.declaration import Declaration
from spec_tests.expect import Comparison
from spec_tests.subject import Subject

SEEN = "gradients|step"
SHALLOW = limited(either, hidden=(0, 1))


@check("FC-FORWARD", reads="forward", needs="predict", cases=SHALLOW)
def every_output_is_a_weighted_sum(subject: Subject, case: Case) -> float:
    return compare_outputs(subject, case)


@check("FC-WEIGHT-GRADIENT", reads="gradient", needs=SEEN, cases=SHALLOW)
def weight_gradient_is_the_sum_of_outer_products(subject: Subject, case: Case) -> float:
    return compare_gradients(subject, case, ("dW",))


def biased(declaration: Declaration) -> st.SearchStrategy[Case]:
    if not declaration.bias:
        raise Unsupported("no bias is declared")
    return SHALLOW(declaration)


@check("FC-BIAS-GRADIENT", reads="gradient", needs=SEEN, cases=biased)
def bias_gradient_is_the_sum_of_deltas(subject: Subject, case: Case) -> float:
    return compare_gradients(subject, case, ("db",))


@check("FC-INPUT-GRADIENT", reads="gradient", needs="input_gradient", cases=SHALLOW)
def input_gradient_is_the_transposed_product(subject: Subject, case: Case) -> float:
    return compare_input_gradient(subject, case)


def compare_input_gradient(subject: Subject, case: Case) -> float:
    expected = oracle(subject, case)
    refuse_kinks(expected)
    refuse_dead(expected.gradients())
    seen = Comparison()
    seen.rows("dx", subject.load(case).input_gradient(), expected.input_gradient())
    return seen.judge()


@check("FC-SUM", reads="gradient", needs="pullback", cases=with_cotangent(SHALLOW))
def nothing_is_divided_by_the_batch(subject: Subject, case: Case) -> float:
    expected = oracle(subject, case)
    refuse_kinks(expected)
    cotangent = case.extras["output_gradient"]
    pairs, _ = expected.pullback(cotangent)
    refuse_dead(pairs)
    seen = Comparison()
    seen.pairs(subject.load(case).pullback(cotangent)[0], pairs)
    return seen.judge()
