"""The stages through which numbers pass; what is wrong in one is wrong in those after it.

Shapes, forward, loss, loss gradient, derivative, layer gradient, recursion, batch, update, epoch,
optimizer; and the state that is left.
"""

from __future__ import annotations

from spec_tests.clauses import CHECKS, requirements

OF_GROUPS = {
    "SHAPE": ("shapes", "shapes"),
    "FC": ("forward", "layer gradient"),
    "ACT": ("forward", "derivative"),
    "LOSS": ("loss", "loss gradient"),
    "NET": ("forward", "recursion"),
    "GRAD": ("recursion", "recursion"),
    "BATCH": ("batch", "batch"),
    "SGD": ("update", "update"),
    "EPOCH": ("epoch", "epoch"),
    "OPT": ("optimizer", "optimizer"),
    "PURE": ("state", "state"),
    "ERR": ("state", "state"),
}
"""Of clauses that read no gradient, and of those that do."""


def stage_of(clause: str) -> str:
    """The one that the clause looks at; what comes before it has clauses of its own."""
    without, with_gradient = OF_GROUPS[requirements()[clause].group]
    return with_gradient if "gradient" in CHECKS[clause].reads else without
