"""FC: the fully connected layer, y = W x + b."""

from __future__ import annotations

from hypothesis import strategies as st

from spec_tests.cases.case import Case
from spec_tests.cases.extras import limited, with_cotangent
from spec_tests.cases.networks import either, off_grid
from spec_tests.clauses.registry import clause
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported
from spec_tests.judge import views
from spec_tests.judge.played import Played
from spec_tests.scripts import asks

SEEN = "gradients|step"
SHALLOW = limited(either, hidden=(0, 1))
MANY_INPUTS = limited(either, hidden=(0, 0), inputs=(65, 130), rows=(1, 2), scales=(1.0,))
MANY_OUTPUTS = limited(off_grid, hidden=(0, 0), outputs=(65, 130), rows=(1, 2), scales=(1.0,))
WIDE = (MANY_INPUTS, MANY_OUTPUTS)


def biased(declaration: Declaration) -> st.SearchStrategy[Case]:
    if not declaration.bias:
        raise Unsupported("no bias is declared")
    return SHALLOW(declaration)


def pulled_parameters(played: Played) -> float:
    """dW and db alone: whether dx is divided, others say."""
    return views.pullback(played, with_inputs=False)


clause(
    "FC-FORWARD",
    reads="forward",
    needs="predict",
    cases=SHALLOW,
    rare=WIDE,
    ask=asks.predict,
    judge=views.outputs,
)
clause(
    "FC-WEIGHT-GRADIENT",
    reads="gradient",
    needs=SEEN,
    cases=SHALLOW,
    rare=WIDE,
    ask=asks.learn,
    judge=views.weight_gradients,
)
clause(
    "FC-BIAS-GRADIENT",
    reads="gradient",
    needs=SEEN,
    cases=biased,
    ask=asks.learn,
    judge=views.bias_gradients,
)
clause(
    "FC-INPUT-GRADIENT",
    reads="gradient",
    needs="input_gradient",
    cases=SHALLOW,
    ask=asks.asks("input_gradient"),
    judge=views.input_gradient,
)
clause(
    "FC-SUM",
    reads="gradient",
    needs="pullback",
    cases=with_cotangent(SHALLOW),
    ask=asks.pullback,
    judge=pulled_parameters,
)
