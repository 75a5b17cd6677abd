"""The worked example of a network: see `explanation`."""

from refnn.explain.explanation import Line, Section, explain
from refnn.explain.written import Written, show

__all__ = ["Line", "Section", "Written", "explain", "show"]
