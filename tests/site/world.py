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
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from itertools import product
from random import Random
from typing import Any

import sympy
from sympy import Expr, ImmutableMatrix

from tests.site.latex import LatexError, Node
from tests.symbolic import Symbol, exact

DIGITS = 50
AGREED = sympy.Float(10, DIGITS) ** -40


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
        rows = [
            [Symbol(symbols[r, c], Decimal(str(values[r, c].evalf(30)))) for c in range(columns)]
            for columns in [symbols.shape[1]]
            for r in range(symbols.shape[0])
        ]
        if symbols.shape == (1, 1):
            return rows[0][0]
        return [row[0] for row in rows] if symbols.shape[1] == 1 else rows

    def _at_point(self, expression: Any) -> Any:
        """With the numbers of this world put in."""
        point = {
            symbol: value
            for name in {str(symbol).split("[")[0] for symbol in expression.free_symbols}
            for symbol, value in zip(self.symbols[name], self.values[name])
        }
        return expression.subs(point).applyfunc(lambda e: e if e.is_Rational else e.evalf(60))

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

    def holds(self, expressions: list[Node]) -> str | None:
        """None where all are equal, for all values of their free indices; else what differs."""
        if len(expressions) < 2:
            return "nothing is said to be equal"
        free = sorted(set().union(*(self._free(node) for node in expressions)))
        for choice in product(*(range(self.ranges[index]) for index in free)):
            indices = dict(zip(free, choice))
            first, *others = (_Reading(self, indices).of(node) for node in expressions)
            for other in others:
                if first.shape != other.shape:
                    return f"shapes {first.shape} and {other.shape} {indices}"
                for a, b in zip(first, other):
                    if abs((a - b).evalf(DIGITS)) > AGREED * (1 + abs(a)):
                        return f"{a.evalf(8)} and {b.evalf(8)} {indices}"
        return None

    def _free(self, node: Node, bound: frozenset[str] = frozenset()) -> set[str]:
        """The indices that no sum binds."""
        if node.kind == "series":
            index, body, _ = node.parts
            others = {node.parts[2]} if node.parts[2] else set()
            return self._free(body, bound | {index}) | (others & set(self.ranges)) - bound
        found: set[str] = set()
        if node.kind in ("sub", "same", "at"):
            words = node.parts if node.kind == "same" else node.parts[1:]
            words = [str(word).split("+")[0].split("-")[0] for word in words]
            found = {word for word in words if word in self.ranges and word not in bound}
        for part in node.parts:
            if isinstance(part, Node):
                found |= self._free(part, bound)
        return found


class _Reading:
    """The value of an expression, a matrix (1 x 1 for a number), where indices have values."""

    def __init__(self, world: World, indices: Mapping[str, int]) -> None:
        self.world, self.indices = world, indices

    def of(self, node: Node) -> ImmutableMatrix:
        found = getattr(self, f"_{node.kind}")(*node.parts)
        return found if hasattr(found, "shape") else ImmutableMatrix([[found]])

    def number(self, node: Node) -> Expr:
        found = self.of(node)
        if found.shape != (1, 1):
            raise LatexError(f"a number is needed, not {found.shape}")
        return found[0, 0]

    def _number(self, text: str) -> Expr:
        return sympy.Rational(text)

    def _name(self, name: str) -> Any:
        if name in self.world.values:
            return self.world.values[name]
        if name in self.indices:
            return sympy.Integer(self.indices[name] + 1)
        if name in self.world.constants:
            return sympy.Integer(self.world.constants[name])
        if name == "e":
            return sympy.E
        raise LatexError(f"the page's world has no {name}")

    def _whole(self, node: Node) -> tuple[str, tuple[int, ...]]:
        """A quantity's name and the place in it that is meant: W^{(2)}_{kj}, x^{(b)}_i, h_1."""
        if node.kind == "name":
            return str(node.parts[0]), ()
        base, place = self._whole(node.parts[0])
        if node.kind == "prime":
            return base + "'", place
        if node.kind == "at":
            number = self._layer(str(node.parts[1]))
            layer = f"{base}^{{({number})}}"
            return (layer, place) if layer in self.world.values else (base, (*place, number - 1))
        words = [str(word) for word in node.parts[1:]]
        whole = f"{base}_{words[0]}" if len(words) == 1 else f"{base}_{{{''.join(words)}}}"
        if whole in self.world.values:
            return whole, place
        found = [self._index(word) for word in words]
        numbered = f"{base}_{found[0] + 1}"
        return (numbered, place) if numbered in self.world.functions else (base, (*place, *found))

    def _layer(self, word: str) -> int:
        """2, l, l+1, or D, counted from 1."""
        base, shift = re.findall(r"^\w+|[+-]\d+", word + "+0")[:2]
        return self._index(base) + 1 + int(shift)

    def _index(self, word: str) -> int:
        if word in self.indices:
            return self.indices[word]
        if word in self.world.constants:
            return self.world.constants[word] - 1
        if word.isdigit():
            return int(word) - 1
        raise LatexError(f"{word} is no index of this page: {', '.join(self.world.ranges)}")

    def _sub(self, *parts: Any) -> Any:
        return self._entry(*self._whole(Node("sub", parts)))

    def _at(self, *parts: Any) -> Any:
        return self._entry(*self._whole(Node("at", parts)))

    def _prime(self, *parts: Any) -> Any:
        return self._entry(*self._whole(Node("prime", parts)))

    def _entry(self, name: str, place: tuple[int, ...]) -> Any:
        whole = self._name(name)
        if len(place) == 2:
            return whole[place]
        if len(place) == 1:
            is_column = whole.shape[1] == 1
            return whole[place[0], 0] if is_column else whole[place[0], :].T
        return whole

    def _add(self, *terms: Node) -> ImmutableMatrix:
        values = [self.of(term) for term in terms]
        if len({value.shape for value in values}) > 1:
            raise LatexError(f"a sum of {' and '.join(str(value.shape) for value in values)}")
        return sum(values[1:], values[0])

    def _neg(self, term: Node) -> ImmutableMatrix:
        return -self.of(term)

    def _mul(self, left: Node, right: Node) -> ImmutableMatrix:
        a, b = self.of(left), self.of(right)
        if (1, 1) in (a.shape, b.shape):
            return a[0, 0] * b if a.shape == (1, 1) else a * b[0, 0]
        if a.shape[1] != b.shape[0]:
            raise LatexError(f"a product of {a.shape} and {b.shape}")
        return a * b

    def _odot(self, left: Node, right: Node) -> ImmutableMatrix:
        a, b = self.of(left), self.of(right)
        if a.shape != b.shape:
            raise LatexError(f"⊙ of {a.shape} and {b.shape}")
        return a.multiply_elementwise(b)

    def _div(self, above: Node, below: Node) -> ImmutableMatrix:
        return self.of(above) / self.number(below)

    def _pow(self, base: Node, power: Node) -> ImmutableMatrix:
        exponent = self.of(power)
        if base == Node("name", ("e",)):
            return exponent.applyfunc(sympy.exp)
        return self.of(base).applyfunc(lambda entry: entry ** exponent[0, 0])

    def _transpose(self, base: Node) -> ImmutableMatrix:
        return self.of(base).T

    def _abs(self, inner: Node) -> ImmutableMatrix:
        return self.of(inner).applyfunc(sympy.Abs)

    def _sqrt(self, inner: Node) -> ImmutableMatrix:
        return self.of(inner).applyfunc(sympy.sqrt)

    def _same(self, left: str, right: str) -> Expr:
        return sympy.Integer(self._index(left) == self._index(right))

    def _call(self, base: Node, *arguments: Node) -> Any:
        name, _ = self._whole(base)
        function = self.world.functions.get(name)
        if function is None:
            return self._mul(base, arguments[0])
        values = [self.of(argument) for argument in arguments]
        shape = max((value.shape for value in values), key=lambda s: s[0] * s[1])
        if {value.shape for value in values} - {shape, (1, 1)}:
            raise LatexError(f"{name} of {' and '.join(str(value.shape) for value in values)}")
        return ImmutableMatrix(
            *shape,
            lambda r, c: function(
                *(value[0, 0] if value.shape == (1, 1) else value[r, c] for value in values)
            ),
        )

    def _series(self, index: str, body: Node, but: str) -> ImmutableMatrix:
        terms = [
            _Reading(self.world, {**self.indices, index: i}).of(body)
            for i in range(self.world.ranges[index])
            if not but or i != self._index(but)
        ]
        return sum(terms[1:], terms[0])

    def _derivative(self, above: Node, below: Node) -> Any:
        (of, place), (by, entry) = self._whole(above), self._whole(below)
        table = self.world.derivative(of, by)
        shapes = [self.world.values[name].shape for name in (of, by)]
        row, column = (_flat(p, shape) for p, shape in ((place, shapes[0]), (entry, shapes[1])))
        if row is None and shapes[0] == (1, 1):
            row = [0]
        if column is None and row is not None and len(row) == 1:
            return ImmutableMatrix(*shapes[1], list(table[row[0], :]))
        rows = row if row is not None else range(table.shape[0])
        columns = column if column is not None else range(table.shape[1])
        return table.extract(list(rows), list(columns))

    def _cases(self, *branches: Node) -> ImmutableMatrix:
        for branch in branches:
            value, condition = branch.parts
            if condition is None or self._is_true(condition):
                return self.of(value)
        raise LatexError("no case applies")

    def _is_true(self, condition: Node) -> bool:
        left, right = (self.number(side) for side in condition.parts)
        relation = {
            "<": left < right,
            ">": left > right,
            "=": sympy.Eq(left, right),
            r"\le": left <= right,
            r"\ge": left >= right,
            r"\ne": sympy.Ne(left, right),
        }
        return bool(relation[condition.kind])


def _flat(place: tuple[int, ...], shape: tuple[int, int]) -> list[int] | None:
    """The places among all entries: one, a row's, or None for all of them."""
    if not place:
        return None
    if len(place) == 2:
        return [place[0] * shape[1] + place[1]]
    if shape[1] == 1:
        return [place[0]]
    return [place[0] * shape[1] + c for c in range(shape[1])]
