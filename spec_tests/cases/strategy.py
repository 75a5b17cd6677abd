"""A drawing as a strategy of Hypothesis'.

A draw of Hypothesis' costs per choice, and a case has some forty: so it draws three small integers,
and everything else follows from these. (Up to 98, since it draws larger ones now and then from
constants in source files that it finds, which are not the same on every machine.)
"""

from __future__ import annotations

from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from spec_tests.cases.drawing import Drawing

T = TypeVar("T")
SEEDS = st.tuples(*[st.integers(0, 98)] * 3)


def drawn(drawing: Drawing[T], stream: str = "") -> st.SearchStrategy[T]:
    """Two of different streams have nothing in common."""
    return SEEDS.map(lambda seeds: drawing(Random(f"{stream} {seeds}")))
