"""Reading JSON with care: each thing that is not what it should be is named with its place."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

from refnn.batch import check_rows
from refnn.scalar import is_finite

FilePath: TypeAlias = str | os.PathLike[str]

# Turns the digits of a number into that number: float, Fraction, Decimal.
Reader: TypeAlias = Callable[[str], Any]


class FormatError(ValueError):
    """A file that is not what it should be; the message names the file and the place in it."""


def read_json(path: FilePath, number: Reader | None) -> Any:
    try:
        return json.loads(
            Path(path).read_bytes().decode(),
            parse_float=number,
            parse_int=number,
            parse_constant=float,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError:
        raise FormatError(f"{path}: is not UTF-8 text, should be JSON") from None
    except json.JSONDecodeError as error:
        raise FormatError(f"{path}: is not JSON: {error}") from None
    except RecursionError:
        raise FormatError(f"{path}: is nested too deeply") from None
    except ValueError as error:
        raise FormatError(f"{path}: {error}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document = dict(pairs)
    if len(document) != len(pairs):
        raise ValueError(f"a key stands twice among {[key for key, _ in pairs]}")
    return document


def check_keys(place: str, value: Any, keys: tuple[str, ...]) -> None:
    if not isinstance(value, dict):
        raise ValueError(f"{place} is a JSON {_kind(value)}, should be an object with {[*keys]}")
    if sorted(value) != sorted(keys):
        raise ValueError(f"{place} has the keys {sorted(value)}, should have {sorted(keys)}")


def as_list(place: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{place} is a JSON {_kind(value)}, should be a list")
    return value


def _kind(value: Any) -> str:
    names = {dict: "object", list: "list", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def as_rows(place: str, value: Any, number: Reader | None) -> list[list[Any]]:
    rows = [as_list(f"{place}[{i}]", row) for i, row in enumerate(as_list(place, value))]
    check_rows(place, rows)
    return [
        [as_number(f"{place}[{i}][{j}]", v, number) for j, v in enumerate(row)]
        for i, row in enumerate(rows)
    ]


def as_number(place: str, value: Any, number: Reader | None) -> Any:
    if isinstance(value, str):
        read = number or (Fraction if "/" in value else Decimal)
        try:
            value = read(value)
        except (ValueError, InvalidOperation, ZeroDivisionError):
            raise ValueError(f"{place} is {value!r}, should be a number") from None
    if isinstance(value, bool | dict | list | None):
        raise ValueError(f"{place} is a JSON {_kind(value)}, should be a number")
    if not is_finite(value):
        raise ValueError(f"{place} is {value}, should be a finite number")
    return value
