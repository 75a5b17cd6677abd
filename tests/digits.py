"""How many digits two computations share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal, localcontext
from functools import partial

# The context in which the smooth laws are computed.
hundred_digits = partial(localcontext, prec=100)

STEP = Decimal("1e-35")


def same_to_50_digits(a: Sequence[Decimal], b: Sequence[Decimal]) -> bool:
    """Whether |a - b| < 10^-50 max(1, |a|, |b|) for each pair of numbers.

    50 is derived. At 100 digits and a step of h = 10^-35 a central difference of f errs by
    h²/6 |f'''|, that is 10^-70 times a third derivative, and by 10^-100 |f| / h = 10^-65 |f| for
    rounding. Of these 65 digits, 15 are left to the size of f and f'''.
    """
    return all(
        abs(p - q) < Decimal("1e-50") * max(1, abs(p), abs(q)) for p, q in zip(a, b, strict=True)
    )


def ulps(got: float, exact: Decimal) -> Decimal:
    """How far `got` is from `exact`, in units of the last place of a float of that size."""
    return abs(Decimal(got) - exact) / Decimal(math.ulp(float(exact)))
