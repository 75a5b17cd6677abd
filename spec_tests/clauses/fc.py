"""FC: the fully connected layer, y = W x + b."""

from __future__ import annotations

from hypothesis import strategies as st

from spec_tests.cases.case import Case
from spec_tests.cases.extras import limited, with_cotangent
from spec_tests.cases.networks import either, off_grid
from spec_tests.clauses.observe import (
    answer,
    compare_gradients,
    compare_outputs,
    oracle,
    refuse_dead,
)
from spec_tests.clauses.registry import check
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported
from spec_tests.expect import Comparison
from spec_tests.subject import Subject

SEEN = "gradients|step"
SHALLOW = limited(either, hidden=(0, 1))
MANY_INPUTS = limited(either, hidden=(0, 0), inputs=(65, 130), rows=(1, 2), scales=(1.0,))
MANY_OUTPUTS = limited(off_grid, hidden=(0, 0), outputs=(65, 130), rows=(1, 2), scales=(1.0,))


WIDE = (MANY_INPUTS, MANY_OUTPUTS)


@check("FC-FORWARD", reads="forward", needs="predict", cases=SHALLOW, rare=WIDE)
def every_output_is_a_weighted_sum(subject: Subject, case: Case) -> float:
    return compare_outputs(subject, oracle(subject, case))


@check("FC-WEIGHT-GRADIENT", reads="gradient", needs=SEEN, cases=SHALLOW, rare=WIDE)
def weight_gradient_is_the_sum_of_outer_products(subject: Subject, case: Case) -> float:
    return compare_gradients(subject, oracle(subject, case), ("dW",))


def biased(declaration: Declaration) -> st.SearchStrategy[Case]:
    if not declaration.bias:
        raise Unsupported("no bias is declared")
    return SHALLOW(declaration)


@check("FC-BIAS-GRADIENT", reads="gradient", needs=SEEN, cases=biased)
def bias_gradient_is_the_sum_of_deltas(subject: Subject, case: Case) -> float:
    return compare_gradients(subject, oracle(subject, case), ("db",))


@check("FC-INPUT-GRADIENT", reads="gradient", needs="input_gradient", cases=SHALLOW)
def input_gradient_is_the_transposed_product(subject: Subject, case: Case) -> float:
    return compare_input_gradient(subject, case)


def compare_input_gradient(subject: Subject, case: Case) -> float:
    expected, seen = oracle(subject, case), Comparison()
    expected.refuse_kinks()
    right = expected.input_gradient()
    seen.rows("dx", answer(subject.load(case).input_gradient, right), right)
    margin = seen.judge()
    refuse_dead(expected.gradients())
    return margin


@check("FC-SUM", reads="gradient", needs="pullback", cases=with_cotangent(SHALLOW))
def nothing_is_divided_by_the_batch(subject: Subject, case: Case) -> float:
    expected, seen = oracle(subject, case), Comparison()
    expected.refuse_kinks()
    cotangent = case.extras["output_gradient"]
    pairs, _ = expected.pullback(cotangent)
    network = subject.load(case)
    seen.pairs(answer(lambda: network.pullback(cotangent)[0], pairs), pairs)
    margin = seen.judge()
    refuse_dead(pairs)
    return margin
