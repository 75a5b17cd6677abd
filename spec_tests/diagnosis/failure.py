"""A case that fails, with the others that failed on the way to it."""

from __future__ import annotations

from typing import NamedTuple

from spec_tests.cases.case import Case
from spec_tests.errors import AdapterError, Violation


class Failure(NamedTuple):
    """`case` is the smallest; `others` are some larger ones, to tell causes apart."""

    case: Case
    error: Violation | AdapterError
    others: list[Failure]
