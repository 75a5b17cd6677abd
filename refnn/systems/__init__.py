"""The five systems that five tutorials build by hand, and their variants: `refnn list`."""

from refnn.systems.diabetes import DIABETES
from refnn.systems.heights import HEIGHTS
from refnn.systems.iris import IRIS
from refnn.systems.planes import BLOBS, MOONS
from refnn.systems.squares import SQUARES, SQUARES_CHAIN
from refnn.systems.system import Example, Outcome, Row, System
from refnn.systems.table import TABLE, TABLE_NO_BIAS
from refnn.systems.xor import XOR

SYSTEMS = {
    system.name: system
    for system in (
        SQUARES,
        SQUARES_CHAIN,
        DIABETES,
        XOR,
        HEIGHTS,
        TABLE,
        TABLE_NO_BIAS,
        MOONS,
        BLOBS,
        IRIS,
    )
}

__all__ = ["SYSTEMS", "Example", "Outcome", "Row", "System"]
