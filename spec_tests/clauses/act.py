"""ACT: each activation, its derivative, its kink. Its tails are in `tails`."""

from __future__ import annotations

from dataclasses import replace

from spec_tests.cases.case import Case, Dense
from spec_tests.cases.drawing import Drawing, between, mapped
from spec_tests.cases.extras import with_extras
from spec_tests.cases.networks import either, off_grid, on_grid
from spec_tests.cases.numbers import in_format
from spec_tests.clauses.registry import Cases, clause
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported, Vacuous
from spec_tests.expect import Comparison
from spec_tests.formulas.activation_functions import ACTIVATIONS
from spec_tests.judge import views
from spec_tests.judge.certainty import exact_sum
from spec_tests.judge.played import Played
from spec_tests.oracle.expected import Expected
from spec_tests.scripts import asks
from spec_tests.scripts.script import Script

SEEN = "gradients|step"


def one_activation(name: str, base: Cases = either) -> Cases:
    """One layer with this activation, or one hidden layer where it cannot be the last."""

    def cases(declaration: Declaration) -> Drawing[Case]:
        if name not in (*declaration.activations, *declaration.output_activations):
            raise Unsupported(f"{name} is not declared")
        if name in declaration.output_activations:
            try:
                return base(declaration, hidden=(0, 1), first=(name,), last=(name,))
            except Unsupported:
                # No declared loss goes with it as the last one.
                pass
        return base(declaration, hidden=(1, 1), first=(name,))

    return cases


ONE = {name: one_activation(name) for name in ACTIVATIONS}


def _register(name: str) -> None:
    title, cases = name.upper().replace("_", "-"), ONE[name]
    clause(f"ACT-{title}-VALUE", "forward", "predict", cases, asks.questions, views.outputs)
    clause(f"ACT-{title}-DERIVATIVE", "gradient", SEEN, cases, asks.questions, views.gradients)


for _name in ACTIVATIONS:
    _register(_name)


def zero_units(declaration: Declaration) -> Drawing[Case]:
    """Every unit of a relu layer exactly on its kink: weights and bias are 0."""
    base = one_activation("relu", on_grid)(declaration)

    def emptied(case: Case) -> Case:
        weights, bias, name = case.dense[0]
        nothing = [[0.0] * len(row) for row in weights]
        first = Dense(nothing, None if bias is None else [0.0] * len(bias), name)
        return replace(case, dense=[first, *case.dense[1:]])

    return mapped(base, emptied)


def relu_at_zero_has_the_declared_derivative(played: Played) -> float:
    """Other kinks than that of relu have clauses of their own. Where there is no bias, the relus of
    later layers are on theirs too.
    """
    for k in views.learning(played):
        expected = played.oracle(k)
        names = expected.case.activations
        units = [z for row in expected.rows for z in zip(names, row.z, strict=True)]
        zeros = sum(z.count(0) for name, z in units if name == "relu")
        if not expected.exact or expected.kinks != zeros:
            raise Vacuous("something else is on a kink")
    return views.gradients(played, kinks=True)


clause(
    "ACT-RELU-KINK",
    "gradient",
    SEEN,
    zero_units,
    asks.learn,
    relu_at_zero_has_the_declared_derivative,
)


def softmax_outputs(declaration: Declaration) -> Drawing[Case]:
    if "softmax" not in declaration.output_activations:
        raise Unsupported("softmax is not declared for outputs")
    return off_grid(declaration, hidden=(0, 1), first=("softmax",), last=("softmax",))


def shifted_outputs(declaration: Declaration) -> Drawing[Case]:
    if not declaration.bias:
        raise Unsupported("no bias is declared")
    return softmax_outputs(declaration)


def probabilities_sum_to_one(played: Played) -> float:
    seen = Comparison()
    if played.script.networks[0][-1].activation != "softmax":
        raise Unsupported("softmax is not declared for outputs")
    for k in played.calls("predict"):
        expected = played.oracle(k).outputs
        for b, row in enumerate(played.outputs(k)):
            bound = sum(number.bound for number in expected[b])
            whole = exact_sum((p, 1.0) for p in row)
            seen.number(f"the sum of y[{b}]", whole, Expected(1, bound))
    return seen.judge()


clause(
    "ACT-SOFTMAX-SUM",
    "forward",
    "predict",
    ONE["softmax"],
    asks.questions,
    probabilities_sum_to_one,
)


def shifted(case: Case, declaration: Declaration) -> Script:
    """A shift of all scores is another bias. What is expected is by the formula."""
    weights, bias, name = case.dense[-1]
    assert bias is not None
    moved = [in_format(b + case.extras["shift"] * 8, declaration.dtype) for b in bias]
    other = replace(case, dense=[*case.dense[:-1], Dense(weights, moved, name)])
    return asks.each_predicted([other, case])


clause(
    "ACT-SOFTMAX-SHIFT",
    "forward",
    "predict",
    with_extras(shifted_outputs, shift=between(-90, 90)),
    shifted,
    views.outputs,
)
