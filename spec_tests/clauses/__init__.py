"""All clauses: importing this registers every check."""

from spec_tests.clauses import (
    act,
    batch,
    epoch,
    err,
    fc,
    grad,
    loss,
    net,
    opt,
    order,
    pure,
    sgd,
    shape,
    tails,
)
from spec_tests.clauses.registry import CHECKS, Check, Requirement, requirements

__all__ = [
    "CHECKS",
    "Check",
    "Requirement",
    "act",
    "any_order",
    "batch",
    "epoch",
    "err",
    "fc",
    "grad",
    "loss",
    "net",
    "opt",
    "order",
    "pure",
    "requirements",
    "sgd",
    "shape",
    "tails",
]
