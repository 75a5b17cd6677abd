"""A fault is a classic bug: a textbook network with one thing wrong, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from spec_tests.adapter import METHODS
from spec_tests.clauses.registry import READS
from spec_tests.declaration import Declaration
from spec_tests.faults.textbook import Textbook

KINDS = frozenset(
    [
        "accumulation",
        "batch",
        "chain rule",
        "forward",
        "non-finite",
        "optimizer",
        "order",
        "overflow",
        "purity",
        "report",
        "scale",
        "shape",
        "sign",
        "state",
    ]
)


class Fault(NamedTuple):
    """`touches` is what goes wrong with it, in the words of what a clause reads."""

    id: str
    kind: str
    touches: frozenset[str]
    sentence: str
    network: type[Textbook]


FAULTS: dict[str, Fault] = {}
GRADIENT = "gradient step epoch"
"""What a wrong gradient touches."""
FORWARD = f"forward loss {GRADIENT}"
"""What a wrong forward pass touches."""


def fault(
    id: str, kind: str, touches: str, sentence: str
) -> Callable[[type[Textbook]], type[Textbook]]:
    """Register a class as a classic bug."""

    def register(network: type[Textbook]) -> type[Textbook]:
        known = frozenset(touches.split())
        if id in FAULTS or kind not in KINDS or not known <= READS:
            raise ValueError(f"{id} of kind {kind} touches {sorted(known - READS)}")
        network.name = id
        FAULTS[id] = Fault(id, kind, known, sentence, network)
        return network

    return register


def as_declared(fault: Fault, declaration: Declaration) -> type[Textbook]:
    """The fault in the shape of another implementation: its conventions, its methods."""
    attributes = {
        "name": fault.id,
        "activations": declaration.activations,
        "output_activations": declaration.output_activations,
        "uniform_activation": declaration.uniform_activation,
        "leaky_relu_alpha": declaration.leaky_relu_alpha,
        "losses": declaration.losses,
        "reported_loss": declaration.reported_loss,
        "bias": declaration.bias,
        "dtype": declaration.dtype,
        "batch": declaration.batch,
        "last_batch": declaration.last_batch,
        "targets": declaration.targets,
        "optimizers": declaration.optimizers,
    }
    attributes |= {method: None for method in METHODS if method not in declaration.methods}
    return type(fault.network.__name__, (fault.network,), attributes)
