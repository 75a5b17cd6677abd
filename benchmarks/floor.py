"""The floor under a training step: its dot products, and nothing else.

    forward             X Wᵀ       every layer
    weight gradient     dYᵀ X      every layer
    input gradient      dY W       every layer but the first

All rows and columns are laid out beforehand; results are collected in lists, as the step needs
them. There is no bias, activation, loss, transposition, update or check.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from benchmarks.problem import Problem
from refnn.batch import Rows
from refnn.scalar import dot

Product: TypeAlias = tuple[Rows[Any], Rows[Any]]


def prepare(problem: Problem) -> Callable[[int], None]:
    """What makes the dot products of a given number of steps."""
    products = _products(problem)

    def steps(count: int) -> None:
        for _ in range(count):
            for lefts, rights in products:
                [[dot(left, right) for right in rights] for left in lefts]

    return steps


def _products(problem: Problem) -> list[Product]:
    """The rows of each matrix product. As x and dy, any numbers of the right shape will do."""
    found: list[Product] = []
    for layer, (weights, bias) in enumerate(problem.network):
        x = [[w + row for w in weights[0]] for row in range(len(problem.inputs))]
        dy = [[b + row for b in bias] for row in range(len(problem.inputs))]
        found += [(x, weights), (_columns(dy), _columns(x))]
        if layer > 0:
            found.append((dy, _columns(weights)))
    return found


def _columns(rows: Rows[Any]) -> Rows[Any]:
    return [*zip(*rows)]
