"""What a number must do: `number` says which types serve, `functions` what is computed of them."""

from refnn.scalar.functions import exp, expm1, log, log1p, quotient, sqrt
from refnn.scalar.number import (
    Carrier,
    Constant,
    N,
    Number,
    constant,
    dot,
    is_finite,
    is_zero,
    pivot,
    power,
    total,
    zero,
)

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
    "zero",
]
