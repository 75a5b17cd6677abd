"""Arrays that are what they should be, and the functions that activations and losses share."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
ROWS = (None, None)
silent = np.errstate(all="ignore")


def array(name: str, values: Any, shape: tuple[int | None, ...], dtype: Any = None) -> Array:
    """`values` as an array of this shape (None: 1 or more) and dtype; ValueError, TypeError."""
    floats = isinstance(values, np.ndarray) and values.dtype.kind == "f"
    try:
        found = np.asarray(values, None if floats else dtype or float)
    except (ValueError, TypeError):
        raise ValueError(f"{name} is ragged, or holds what is no number") from None
    fits = len(shape) == found.ndim and all(n in (None, m) for n, m in zip(shape, found.shape))
    if found.size == 0 or not fits:
        should = " x ".join("some" if n is None else str(n) for n in shape)
        raise ValueError(f"{name} is {' x '.join(map(str, found.shape))}, should be {should}")
    if dtype is not None and found.dtype != dtype:
        raise TypeError(f"{name} is {found.dtype}, should be {dtype}")
    return found


def sums(rows: Array) -> Array:
    """Σ of each row, as a column."""
    column: Array = rows.sum(axis=1, keepdims=True)
    return column


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^-z), by the form whose exponent is negative."""
    e = np.exp(-np.abs(z))
    value: Array = np.where(z >= 0, 1, e) / (1 + e)
    return value


def softplus(z: Array) -> Array:
    """ln(1 + e^z), by the form whose exponent is negative. Its derivative is σ(z)."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
