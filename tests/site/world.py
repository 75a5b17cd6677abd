"""What the symbols of a page stand for: unknowns, and what the reference makes of them.

    world = World(Random(0), k=3, i=2)            # the indices, and how far they run
    world.unknown("W", 3, 2)
    world.unknown("x", 2)
    world.define("y", lambda W, x: FCLayer(W, None).forward([x])[0])

The functions that define a quantity are run on symbols, so the reference itself writes the formula.
∂A/∂B takes B for a variable of its own: each formula is differentiated by what stands in it, and
so on from there until B is met, no further.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import sympy
from sympy import Expr, ImmutableMatrix

from tests.symbolic import Symbol, exact

LAST = {"i": "I", "j": "J", "k": "K", "m": "K", "n": "B"}
"""How far each index runs, by the table of symbols."""


class World:
    """Named quantities (numbers, columns, matrices) at one random point, and functions of them."""

    def __init__(self, rng: Random, **ranges: int) -> None:
        self.rng, self.ranges = rng, ranges
        self.symbols: dict[str, ImmutableMatrix] = {}
        self.values: dict[str, ImmutableMatrix] = {}
        self.formulas: dict[str, ImmutableMatrix] = {}
        self.functions: dict[str, Callable[..., Expr]] = {
            "ln": sympy.log,
            "exp": sympy.exp,
            "tanh": sympy.tanh,
            "max": sympy.Max,
        }
        self.constants: dict[str, int] = {}
        self.last = {index: LAST.get(index, "") for index in ranges}
        self.sizes = {"1": 1} | {self.last[index]: size for index, size in ranges.items()}
        self.widths: list[int] = []
        self.derivatives: dict[tuple[str, str], ImmutableMatrix] = {}

    def unknown(
        self, name: str, rows: int = 1, columns: int = 1, values: Any = None, positive: bool = False
    ) -> None:
        """What depends on nothing: random quarters, none of them 0, or `values`."""
        numbers = values or [[self._quarter(positive) for _ in range(columns)] for _ in range(rows)]
        self.values[name] = ImmutableMatrix(rows, columns, lambda r, c: exact(numbers[r][c]))
        self.symbols[name] = self._fresh(name, rows, columns)

    def define(self, name: str, formula: Callable[..., Any]) -> None:
        """A quantity that the function makes of those that its parameters name.

        A parameter gets a matrix as rows, a column as a row, a number as a number; `h_1` may be
        named so, `W^{(2)}` as W2, a Greek letter by its name. It gives back the same kinds.
        """
        parents = {word: self._named(word) for word in inspect.signature(formula).parameters}
        result = formula(**{word: self._carriers(parent) for word, parent in parents.items()})
        rows = result if isinstance(result, list) else [result]
        is_matrix = isinstance(rows[0], list)
        shape = (len(rows), len(rows[0]) if is_matrix else 1)
        self.formulas[name] = ImmutableMatrix(
            *shape, lambda r, c: exact(rows[r][c] if is_matrix else rows[r])
        )
        self.symbols[name] = self._fresh(name, *shape)
        self.values[name] = self._at_point(self.formulas[name])

    def gradient(self, name: str, of: str, by: str) -> None:
        """The name that a page gives to ∂of/∂by, where `of` is one number: shaped like `by`."""
        shape = self.symbols[by].shape
        self.values[name] = ImmutableMatrix(*shape, list(self.derivative(of, by)))
        self.symbols[name] = self._fresh(name, *shape)

    def function(self, name: str, value: Callable[[Any], Any]) -> None:
        """A function of one number, and its derivatives under the name with a prime."""
        self.functions[name] = value
        variable = sympy.Symbol("variable", real=True)

        def derivative(at: Expr) -> Expr:
            return sympy.diff(value(variable), variable).subs(variable, at)

        self.functions[name + "'"] = derivative

    def _quarter(self, positive: bool) -> sympy.Rational:
        sign = 1 if positive else self.rng.choice((-1, 1))
        return sympy.Rational(sign * (4 * self.rng.randint(0, 2) + self.rng.choice((1, 2, 3))), 4)

    def _fresh(self, name: str, rows: int, columns: int) -> ImmutableMatrix:
        return ImmutableMatrix(
            rows, columns, lambda r, c: sympy.Symbol(f"{name}[{r},{c}]", real=True)
        )

    def _named(self, word: str) -> str:
        for name in self.values:
            if word == name.replace("\\", "").replace("^{(", "").replace(")}", ""):
                return name
        raise KeyError(f"{word} is not known: there are {', '.join(self.values)}")

    def _carriers(self, name: str) -> Any:
        symbols, values = self.symbols[name], self.values[name]
        height, width = symbols.shape
        rows = [
            [Symbol(symbols[r, c], Decimal(str(values[r, c].evalf(30)))) for c in range(width)]
            for r in range(height)
        ]
        if (height, width) == (1, 1):
            return rows[0][0]
        return [row[0] for row in rows] if width == 1 else rows

    def _at_point(self, expression: Any) -> Any:
        """With the numbers of this world put in."""
        point = {
            symbol: value
            for name in {str(symbol).split("[")[0] for symbol in expression.free_symbols}
            for symbol, value in zip(self.symbols[name], self.values[name])
        }
        # In one sweep: subs would take one for each symbol.
        there = expression.xreplace(point)
        return there.applyfunc(lambda e: e if e.is_Rational else e.evalf(60))

    def derivative(self, of: str, by: str) -> ImmutableMatrix:
        """∂of/∂by: of's entries in rows by by's entries in columns."""
        if of == by:
            return ImmutableMatrix(sympy.eye(len(self.symbols[by])))
        if (of, by) not in self.derivatives:
            formula = self.formulas.get(of, ImmutableMatrix(0, 1, []))
            found = sympy.zeros(len(self.symbols[of]), len(self.symbols[by]))
            for name in sorted({str(symbol).split("[")[0] for symbol in formula.free_symbols}):
                local = [[sympy.diff(e, symbol) for symbol in self.symbols[name]] for e in formula]
                found += self._at_point(ImmutableMatrix(local)) * self.derivative(name, by)
            self.derivatives[of, by] = ImmutableMatrix(found)
        return self.derivatives[of, by]
