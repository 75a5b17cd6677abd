"""Whether a chain of expressions is equal in a world: each is evaluated for all its indices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise, product
from typing import Any

import sympy
from sympy import Expr, ImmutableMatrix

from tests.site.chains import Chain, Shape
from tests.site.latex import LatexError, Node
from tests.site.world import World

DIGITS = 50
AGREED = sympy.Float(10, DIGITS) ** -40


def holds(world: World, chain: Chain) -> str | None:
    """None where all are equal, for all values of their free indices; else what differs."""
    expressions = chain.expressions
    if len(expressions) < 2:
        return "nothing is said to be equal"
    free = sorted(set().union(*(_free(world, node) for node in expressions)))
    for choice in product(*(range(world.ranges[index]) for index in free)):
        indices = dict(zip(free, choice))
        reading = _Reading(world, indices)
        first, *others = (reading.of(node) for node in expressions)
        for shape in chain.shapes:
            if reading.shape(shape) != first.shape:
                return f"the remark {shape}, the shape {first.shape} {indices}"
        for other in others:
            if first.shape != other.shape:
                return f"shapes {first.shape} and {other.shape} {indices}"
            for a, b in zip(first, other):
                if abs((a - b).evalf(DIGITS)) > AGREED * (1 + abs(a)):
                    return f"{a.evalf(8)} and {b.evalf(8)} {indices}"
    return None


def _free(world: World, node: Node, bound: frozenset[str] = frozenset()) -> set[str]:
    """The indices that no sum binds."""
    if node.kind == "series":
        index, body, _ = node.parts
        return _free(world, body, bound | {index})
    found: set[str] = set()
    if node.kind in ("sub", "same", "at"):
        words = node.parts if node.kind == "same" else node.parts[1:]
        words = [str(word).split("+")[0].split("-")[0] for word in words]
        found = {word for word in words if word in world.ranges and word not in bound}
    for part in node.parts:
        if isinstance(part, Node):
            found |= _free(world, part, bound)
    return found


class _Reading:
    """The value of an expression, a matrix (1 x 1 for a number), where indices have values."""

    def __init__(self, world: World, indices: Mapping[str, int]) -> None:
        self.world, self.indices = world, indices

    def of(self, node: Node) -> ImmutableMatrix:
        found = getattr(self, f"_{node.kind}")(*node.parts)
        return found if hasattr(found, "shape") else ImmutableMatrix([[found]])

    def shape(self, factors: Shape) -> tuple[int, int]:
        """Of the product of matrices of these shapes."""
        sizes = [(self.size(rows), self.size(columns)) for rows, columns in factors]
        if any(left[1] != right[0] for left, right in pairwise(sizes)):
            raise LatexError(f"shapes that do not fit: {factors}")
        return sizes[0][0], sizes[-1][1]

    def size(self, name: str) -> int:
        """B, 1, or n_l of a layer."""
        layer = re.fullmatch(r"n_\{?(\w+(?:[+-]\d)?)\}?", name)
        if layer:
            return self.world.widths[self._layer(layer[1])]
        if name not in self.world.sizes:
            raise LatexError(f"the page's world has no size {name}")
        return self.world.sizes[name]

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
        value = self.of(base)
        if value.shape[0] == value.shape[1]:
            return value ** exponent[0, 0]
        return value.applyfunc(lambda entry: entry ** exponent[0, 0])

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
            [factor] = arguments
            return self._mul(base, factor)
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

    def _series(self, index: str, body: Node, last: str) -> ImmutableMatrix:
        if last not in ("", self.world.last[index]):
            raise LatexError(f"{index} runs to {self.world.last[index]}, not to {last}")
        terms = [
            _Reading(self.world, {**self.indices, index: i}).of(body)
            for i in range(self.world.ranges[index])
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
        """The one whose condition is true; otherwise, the one that has none."""
        values = [b.parts[0] for b in branches if b.parts[1] and self._is_true(b.parts[1])]
        values = values or [b.parts[0] for b in branches if b.parts[1] is None]
        if len(values) != 1:
            raise LatexError(f"{len(values)} cases apply")
        return self.of(values[0])

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
    """The place among all entries, of a matrix or a column, or None for all of them."""
    if not place:
        return None
    row, column = place if len(place) == 2 else (*place, 0)
    return [row * shape[1] + column]
