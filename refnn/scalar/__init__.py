"""What a number must do: `number` says which types serve, the others what they can do."""

from refnn.scalar.arithmetic import (
    constant,
    dot,
    is_finite,
    is_zero,
    power,
    total,
    typical,
    zero,
)
from refnn.scalar.functions import exp, expm1, log, log1p, quotient, sqrt
from refnn.scalar.number import Carrier, Constant, N, Number, pivot

__all__ = [
    "Carrier",
    "Constant",
    "N",
    "Number",
    "constant",
    "dot",
    "exp",
    "expm1",
    "is_finite",
    "is_zero",
    "log",
    "log1p",
    "pivot",
    "power",
    "quotient",
    "sqrt",
    "total",
    "typical",
    "zero",
]
