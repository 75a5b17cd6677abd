"""FC: the fully connected layer, y = W x + b."""

from __future__ import annotations

from spec_tests.cases.extras import large, limited, with_cotangent
from spec_tests.cases.networks import either, off_grid
from spec_tests.clauses.registry import clause
from spec_tests.errors import Unsupported
from spec_tests.judge import views
from spec_tests.judge.played import Played
from spec_tests.scripts import asks

SEEN = "gradients|step"
SHALLOW = with_cotangent(limited(either, hidden=(0, 1)))
MANY_INPUTS = large(either, hidden=(0, 0), inputs=(65, 130), rows=(1, 2), scales=(1.0,))
MANY_OUTPUTS = large(off_grid, hidden=(0, 0), outputs=(65, 130), rows=(1, 2), scales=(1.0,))
WIDE = (MANY_INPUTS, MANY_OUTPUTS)


def bias_gradients(played: Played) -> float:
    if not played.declaration.bias:
        raise Unsupported("no bias is declared")
    return views.gradients(played, ("db",))


def weight_gradients(played: Played) -> float:
    return views.gradients(played, ("dW",))


def pulled_parameters(played: Played) -> float:
    """dW and db alone: whether dx is divided, others say."""
    return views.pullback(played, with_inputs=False)


clause("FC-FORWARD", "forward", "predict", SHALLOW, asks.questions, views.outputs, rare=WIDE)
clause("FC-WEIGHT-GRADIENT", "gradient", SEEN, SHALLOW, asks.questions, weight_gradients, rare=WIDE)
clause("FC-BIAS-GRADIENT", "gradient", SEEN, SHALLOW, asks.questions, bias_gradients)
clause(
    "FC-INPUT-GRADIENT", "gradient", "input_gradient", SHALLOW, asks.questions, views.input_gradient
)
clause("FC-SUM", "gradient", "pullback", SHALLOW, asks.questions, pulled_parameters)
