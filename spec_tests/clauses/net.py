"""NET: layers in a row, and the chain rule through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spec_tests.cases.case import Case, Dense
from spec_tests.cases.drawing import Drawing, any_of, between, kept, one_of
from spec_tests.cases.extras import limited, usual, with_extras
from spec_tests.cases.networks import either, off_grid
from spec_tests.clauses.registry import Cases, clause
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported, Vacuous
from spec_tests.judge import views
from spec_tests.judge.played import Played
from spec_tests.scripts import asks
from spec_tests.scripts.script import Script
from spec_tests.scripts.writer import Writer

SEEN = "gradients|step"


def deepest(declaration: Declaration) -> Drawing[Case]:
    """As many hidden layers as are declared, or past 8; narrow ones, where that is declared."""
    _, most = declaration.hidden_layers
    depth = 9 if most is None else most
    if depth <= 5:
        raise Unsupported("no deeper networks are declared")
    return either(declaration, hidden=(depth, depth), rows=(1, 2))


ONE = limited(either, hidden=(1, 1), strictly=True)
TWO = limited(either, hidden=(2, 2), strictly=True)
MORE = limited(either, hidden=(3, 5))
clause(
    "NET-FORWARD",
    "forward",
    "predict",
    [ONE, TWO, MORE],
    asks.questions,
    views.outputs,
    rare=[deepest],
)


def _chain(id: str, cases: Cases, rare: Sequence[Cases] = ()) -> None:
    clause(id, "gradient", SEEN, cases, asks.questions, views.gradients, rare=rare)


_chain("NET-CHAIN-1", ONE)
_chain("NET-CHAIN-2", TWO)
_chain("NET-CHAIN-DEEP", MORE, [deepest])


def mixed(declaration: Declaration) -> Drawing[Case]:
    """Hidden layers with an activation that the last one has not."""
    if declaration.uniform_activation:
        raise Unsupported("all layers share one activation")
    pairs = [
        (a, b) for a in declaration.activations for b in declaration.output_activations if a != b
    ]
    if not pairs:
        raise Unsupported("only one activation is declared")
    found = []
    for a, b in pairs:
        try:
            found.append(either(declaration, hidden=(1, 2), first=(a,), last=(b,)))
        except Unsupported:
            continue
    if not found:
        raise Unsupported("no two activations are declared that a network can mix")
    return any_of(*found)


clause("NET-MIXED", "gradient", SEEN, mixed, asks.learn, views.gradients)


def _square(base: Cases) -> Cases:
    """Square weights, which a transposition leaves in shape: as many units as inputs."""

    def cases(declaration: Declaration) -> Drawing[Case]:
        def asymmetric(case: Case) -> bool:
            return any(
                len(w) == len(w[0]) > 1 and w != [list(c) for c in zip(*w, strict=True)]
                for w, _, _ in case.dense
            )

        return kept(base(declaration), asymmetric)

    return cases


def both_ways(case: Case, declaration: Declaration) -> Script:
    writer = Writer(case.loss, case.extras)
    writer.ask(writer.load(case.dense), "predict", case.inputs, case.targets)
    asks.learned(writer, case, declaration)
    return writer.script()


def outputs_and_gradients(played: Played) -> float:
    return max(views.outputs(played), views.gradients(played))


clause(
    "NET-SQUARE",
    "forward gradient",
    f"predict {SEEN}",
    _square(limited(either, hidden=(0, 2))),
    both_ways,
    outputs_and_gradients,
)


def permuted(case: Case, declaration: Declaration) -> Script:
    """The network, and the same with its first hidden units in another order."""
    first, second = case.dense[0], case.dense[1]
    size = len(first.weights)
    order = [(k + case.extras["turn"]) % size for k in range(size)]
    if order == sorted(order):
        raise Vacuous
    turned = Dense(
        [first.weights[k] for k in order],
        None if first.bias is None else [first.bias[k] for k in order],
        first.activation,
    )
    above = Dense([[w[k] for k in order] for w in second.weights], *second[1:])
    return asks.each_predicted([case, replace(case, dense=[turned, above, *case.dense[2:]])])


clause(
    "NET-PERMUTATION",
    "forward",
    "predict",
    with_extras(limited(either, hidden=(1, 2), units=(2, None)), turn=between(1, 5)),
    permuted,
    views.outputs,
)


def relu_nets(declaration: Declaration) -> Drawing[Case]:
    return off_grid(declaration, hidden=(1, 3), first=("relu",), last=("identity", "relu"))


def scaled(case: Case, declaration: Declaration) -> Script:
    """The network, and the same with one layer larger by as much as the next is smaller: by a power
    of two, so that the other network is what it should be.
    """
    scale = 2.0 ** case.extras["power"]
    first, second = case.dense[0], case.dense[1]
    larger = Dense(
        [[w * scale for w in row] for row in first.weights],
        None if first.bias is None else [b * scale for b in first.bias],
        first.activation,
    )
    above = Dense([[w / scale for w in row] for row in second.weights], *second[1:])
    return asks.each_predicted([case, replace(case, dense=[larger, above, *case.dense[2:]])])


clause(
    "NET-HOMOGENEOUS",
    "forward",
    "predict",
    with_extras(relu_nets, power=one_of(-3, -1, 1, 4)),
    scaled,
    views.outputs,
)
clause(
    "NET-INPUT-GRADIENT", "gradient", "input_gradient", usual, asks.questions, views.input_gradient
)
