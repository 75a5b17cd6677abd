"""NET: layers in a row, and the chain rule through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import strategies as st

from spec_tests.cases.case import Case, Dense
from spec_tests.cases.extras import limited, with_extras
from spec_tests.cases.networks import either, off_grid
from spec_tests.clauses.fc import compare_input_gradient
from spec_tests.clauses.observe import compare_gradients, compare_outputs, oracle
from spec_tests.clauses.registry import Cases, check
from spec_tests.declaration import Declaration
from spec_tests.errors import Unsupported, Vacuous
from spec_tests.subject import Subject

SEEN = "gradients|step"


def deepest(declaration: Declaration) -> st.SearchStrategy[Case]:
    """As many hidden layers as are declared, or past 8; narrow ones, where that is declared."""
    _, most = declaration.hidden_layers
    depth = 9 if most is None else most
    if depth <= 5:
        raise Unsupported("no deeper networks are declared")
    return either(declaration, hidden=(depth, depth), rows=(1, 2))


@check(
    "NET-FORWARD",
    reads="forward",
    needs="predict",
    cases=limited(either, hidden=(1, 4)),
    rare=[deepest],
)
def layers_are_composed(subject: Subject, case: Case) -> float:
    return compare_outputs(subject, oracle(subject, case))


def _register(id: str, low: int, high: int, strictly: bool, rare: Sequence[Cases] = ()) -> None:
    cases = limited(either, hidden=(low, high), strictly=strictly)

    @check(id, reads="gradient", needs=SEEN, cases=cases, rare=rare)
    def chain(subject: Subject, case: Case) -> float:
        return compare_gradients(subject, oracle(subject, case))


_register("NET-CHAIN-1", 1, 1, True)
_register("NET-CHAIN-2", 2, 2, True)
_register("NET-CHAIN-DEEP", 3, 5, False, [deepest])


def mixed(declaration: Declaration) -> st.SearchStrategy[Case]:
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
    return st.one_of(found)


@check("NET-MIXED", reads="gradient", needs=SEEN, cases=mixed)
def every_layer_has_its_own_activation(subject: Subject, case: Case) -> float:
    return compare_gradients(subject, oracle(subject, case))


def _square(base: Cases) -> Cases:
    """Square weights, which a transposition leaves in shape: as many units as inputs."""

    def cases(declaration: Declaration) -> st.SearchStrategy[Case]:
        def asymmetric(case: Case) -> bool:
            return any(
                len(w) == len(w[0]) > 1 and w != [list(c) for c in zip(*w, strict=True)]
                for w, _, _ in case.dense
            )

        return base(declaration).filter(asymmetric)

    return cases


@check(
    "NET-SQUARE",
    reads="forward gradient",
    needs=f"predict {SEEN}",
    cases=_square(limited(either, hidden=(0, 2))),
)
def square_weights_are_not_transposed(subject: Subject, case: Case) -> float:
    expected = oracle(subject, case)
    return max(compare_outputs(subject, expected), compare_gradients(subject, expected))


@check(
    "NET-PERMUTATION",
    reads="forward",
    needs="predict",
    cases=with_extras(limited(either, hidden=(1, 2), units=(2, None)), turn=st.integers(1, 5)),
)
def the_order_of_hidden_units_is_irrelevant(subject: Subject, case: Case) -> float:
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
    other = replace(case, dense=[turned, above, *case.dense[2:]])
    return max(compare_outputs(subject, oracle(subject, each)) for each in (case, other))


def relu_nets(declaration: Declaration) -> st.SearchStrategy[Case]:
    return off_grid(declaration, hidden=(1, 3), first=("relu",), last=("identity", "relu"))


@check(
    "NET-HOMOGENEOUS",
    reads="forward",
    needs="predict",
    cases=with_extras(relu_nets, power=st.sampled_from([-3, -1, 1, 4])),
)
def relu_layers_are_positively_homogeneous(subject: Subject, case: Case) -> float:
    """By a power of two, so that the other network is what it should be."""
    scale = 2.0 ** case.extras["power"]
    first, second = case.dense[0], case.dense[1]
    scaled = Dense(
        [[w * scale for w in row] for row in first.weights],
        None if first.bias is None else [b * scale for b in first.bias],
        first.activation,
    )
    above = Dense([[w / scale for w in row] for row in second.weights], *second[1:])
    other = replace(case, dense=[scaled, above, *case.dense[2:]])
    return max(compare_outputs(subject, oracle(subject, each)) for each in (case, other))


@check("NET-INPUT-GRADIENT", reads="gradient", needs="input_gradient", cases=either)
def the_input_gradient_goes_through_all_layers(subject: Subject, case: Case) -> float:
    return compare_input_gradient(subject, case)
