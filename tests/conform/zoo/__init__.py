"""Right networks, each of which differs from all others by a rounding or a convention.

None may fail a clause that is a MUST. What one of them does not do as it should, it says in `lax`.
"""

from tests.conform.zoo.conventions import CONVENTIONS
from tests.conform.zoo.formulas import FORMULAS
from tests.conform.zoo.optimizers import OPTIMIZERS
from tests.conform.zoo.sums import SUMS

ZOO = {network.__name__: network for network in (*SUMS, *FORMULAS, *OPTIMIZERS, *CONVENTIONS)}

__all__ = ["ZOO"]
