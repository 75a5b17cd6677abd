"""What may come of judging a script. The errors of players and of the wire are theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Violation(AssertionError):
    """The implementation does not do what the clause says.

    numbers: (place, got, expected, bound) of everything that was compared, right or wrong;
    origins: where numbers moved from, if they are parameters after a step.
    """

    def __init__(
        self,
        message: str,
        numbers: Sequence[tuple[str, Any, Any, float]] = (),
        worst: int = 0,
        origins: Sequence[float] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.numbers = list(numbers)
        self.worst = worst
        self.origins = list(origins)


class Transposed(Violation):
    """A matrix with the shape of the one that was expected, turned."""


class AdapterError(Exception):
    """The adapter raised an error where it should have answered.

    is_broken: there is nothing to judge, because there is no network, or the process has ended;
    kind: the name of the error's own class, where it has one.
    """

    def __init__(self, message: str, is_broken: bool = False, kind: str = "") -> None:
        super().__init__(message)
        self.is_broken = is_broken
        self.kind = kind


class Unsupported(Exception):
    """What the adapter declares leaves no such case."""


class Vacuous(Exception):
    """This case cannot tell right from wrong: it is redrawn, and counted."""


class Kink(Vacuous):
    """A comparison that rounding may decide either way."""
