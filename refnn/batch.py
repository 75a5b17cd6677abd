"""A batch is a list of rows: one row a sample, one number a feature or unit.

Nothing is broadcast, truncated or coerced: what does not fit is a `ShapeError`, and number types do
not mix (ints fit all of them).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from numbers import Real
from typing import TypeAlias, cast

from refnn.scalar import N, Number, is_finite, pivot, total

Row: TypeAlias = Sequence[N]
Rows: TypeAlias = Sequence[Sequence[N]]


class ShapeError(ValueError):
    """Numbers are there, but not in the shape that they should have."""


def check_rows(name: str, rows: Rows[N], width: int | None = None) -> int:
    """The common width of `rows`, which must be `width` where one is given.

    Raises ShapeError for an empty batch, an empty or ragged row, and something that is no row.
    """
    if not hasattr(rows, "__len__"):
        raise ShapeError(f"{name} is {rows!r}, should be a list of rows")
    if len(rows) == 0:
        raise ShapeError(f"{name} is empty, should have at least one row")
    for i, row in enumerate(rows):
        width = check_row(f"{name}[{i}]", row, width)
    assert width is not None
    return width


def check_row(name: str, row: Row[N], width: int | None = None) -> int:
    """The length of `row`, which must be `width` where one is given; ShapeError where it is not."""
    if not hasattr(row, "__len__"):
        raise ShapeError(f"{name} is {row!r}, should be a row of numbers")
    if len(row) == 0 or width not in (None, len(row)):
        numbers = "1 number" if len(row) == 1 else f"{len(row)} numbers"
        raise ShapeError(f"{name} has {numbers}, should have {width or 'some'}")
    return len(row)


def check_kind(name: str, thing: object, kind: type, example: str) -> None:
    """TypeError unless `thing` is a `kind`; `example` says what one is."""
    if not isinstance(thing, kind):
        raise TypeError(f"{name} is {thing!r}, should be {example}")


def check_same_shape(first: str, a: Rows[N], second: str, b: Rows[N]) -> None:
    """ShapeError, naming both shapes, unless `a` and `b` have the same rows and widths."""
    if [*map(len, a)] != [*map(len, b)]:
        raise ShapeError(f"{first} is {_shape(a)}, {second} is {_shape(b)}: should be the same")


def _shape(rows: Rows[N]) -> str:
    widths = sorted({*map(len, rows)})
    return f"{len(rows)} x {' or '.join(map(str, widths))}"


def named_rows(name: str, rows: Rows[N]) -> list[tuple[str, Row[N]]]:
    """Each row with its name in messages: name[0], name[1], ..."""
    return [(f"{name}[{i}]", row) for i, row in enumerate(rows)]


def check_numbers(rows: Iterable[tuple[str, Row[N]]], finite: bool = False) -> None:
    """TypeError unless all numbers of all rows are of one type (or ints).

    With `finite`, ValueError naming the place of the first NaN or infinity.
    """
    first: type = int
    for name, row in rows:
        plain_floats = first is float and {*map(type, row)} == {float}
        # A finite sum has finite terms. One that overflows sends us to look at each of them.
        if plain_floats and (not finite or is_finite(total(row))):
            continue
        for i, number in enumerate(row):
            place = f"{name}[{i}]"
            kind = number_type(number, place)
            if finite and not is_finite(number):
                raise ValueError(f"{place} is {pivot(number)}, should be a finite number")
            if first is int:
                first, example = kind, place
            if kind not in (int, first):
                raise TypeError(
                    f"{place} is a {kind.__name__}, {example} is a {first.__name__}: "
                    "should be one number type"
                )


def number_type(number: object, place: str) -> type:
    """The type under `number` (int, float, Fraction, ...); TypeError where it is no number."""
    plain: object = pivot(cast(Number, number))
    if isinstance(plain, bool) or not isinstance(plain, Real | Decimal):
        hint = " of Python: array.tolist() makes them" if hasattr(plain, "tolist") else ""
        raise TypeError(f"{place} is {plain!r}, should be a number{hint}")
    for kind in (int, float):
        if isinstance(plain, kind):
            return kind
    return type(plain)
