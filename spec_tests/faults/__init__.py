"""Classic bugs, each planted in a textbook network: importing this registers them all."""

from spec_tests.faults import forwards, gradients, optimizer_rules, training
from spec_tests.faults.fault import FAULTS, Fault, as_declared
from spec_tests.faults.textbook import Textbook

__all__ = [
    "FAULTS",
    "Fault",
    "Textbook",
    "as_declared",
    "forwards",
    "gradients",
    "optimizer_rules",
    "training",
]
