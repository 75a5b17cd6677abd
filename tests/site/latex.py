r"""Reads LaTeX as what it says: y_j = \sum_{i=1}^{I} W_{ji} x_i + b_j as [<y_j>, <Σ ... + b_j>].

The grammar is that of the pages, no more: sums, products (also ⊙), fractions, powers, transposes,
indices, samples and layers x^{(b)}, derivatives, functions, cases, and [k = j], which is 1 or 0.
Anything else is refused, so that no formula goes unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

SILENT = re.compile(
    r"\\(?:left|right|bigl|bigr|Bigl|Bigr|big|Big|quad|qquad|displaystyle|limits|nonumber)(?![a-zA-Z])"
    r"|\\[,;!: ]|&"
)
NO_FACTOR = re.compile(r"\\(partial|end|ge|le|ne|when|otherwise)")
TOKEN = re.compile(r"\\[a-zA-Z]+|\\[{}|]|\d+(?:\.\d+)?|[a-zA-Z]|\S")


class Node(NamedTuple):
    """`kind` says what the parts are; leaves have texts as parts."""

    kind: str
    parts: tuple[object, ...]


class LatexError(ValueError):
    """What is not part of the grammar."""


def expressions(row: str) -> Iterator[Node]:
    """Those that stand on both sides of each =."""
    reader = _Reader(row)
    yield reader.sum()
    while reader.at("="):
        reader.take()
        yield reader.sum()
    if reader.at(".", ","):
        reader.take()
    if reader.tokens:
        raise LatexError(f"{reader.token} was not expected, in: {row.strip()}")


class _Reader:
    """Recursive descent; `token` is the next one, or "" at the end."""

    def __init__(self, latex: str) -> None:
        self.tokens = TOKEN.findall(_cases_apart(latex))
        self.latex = latex

    @property
    def token(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def at(self, *tokens: str) -> bool:
        return self.token in tokens

    def take(self, expected: str = "") -> str:
        if not self.tokens or (expected and self.token != expected):
            raise LatexError(f"{expected or 'more'} is missing, in: {self.latex.strip()}")
        return self.tokens.pop(0)

    def group(self) -> list[str]:
        """The tokens of {...}, or one token."""
        if not self.at("{"):
            return [self.take()]
        depth, inside = 0, []
        while True:
            token = self.take()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                return inside[1:]
            inside.append(token)

    def argument(self) -> Node:
        """The expression in {...}."""
        return self.whole(self.group())

    def whole(self, tokens: list[str]) -> Node:
        """The expression that all of these tokens are."""
        inner = _Reader("")
        inner.tokens, inner.latex = tokens, self.latex
        found = inner.sum()
        if inner.tokens:
            raise LatexError(f"{inner.token} was not expected, in: {self.latex.strip()}")
        return found

    def sum(self) -> Node:
        terms = [self.signed()]
        while self.at("+", "-"):
            terms.append(self.signed())
        return terms[0] if len(terms) == 1 else Node("add", tuple(terms))

    def signed(self) -> Node:
        if self.at("+"):
            self.take()
        elif self.at("-"):
            self.take()
            return Node("neg", (self.product(),))
        return self.product()

    def product(self) -> Node:
        found = self.factor()
        while True:
            if self.at(r"\odot", r"\cdot", r"\times"):
                kind = "odot" if self.take() == r"\odot" else "mul"
                found = Node(kind, (found, self.factor()))
            elif self.starts_a_factor():
                found = Node("mul", (found, self.factor()))
            else:
                return found

    def starts_a_factor(self) -> bool:
        is_name = re.match(r"\\?[a-zA-Z0-9]", self.token) and not NO_FACTOR.fullmatch(self.token)
        return bool(is_name) or self.at("(", "[", "{", r"\{")

    def factor(self) -> Node:
        base = self.base()
        while self.at("^", "_", "'"):
            mark = self.take()
            if mark == "'":
                base = Node("prime", (base,))
            elif mark == "_":
                base = Node("sub", (base, *_indices(self.group())))
            else:
                base = self.power(base)
        is_function = base.kind in ("name", "prime") or base.parts[:1] == (Node("name", ("f",)),)
        return self.call(base) if self.at("(") and is_function else base

    def call(self, base: Node) -> Node:
        """f(...): whether f is a function, or a factor before a bracket, the world knows."""
        self.take("(")
        arguments = [self.sum()]
        while self.at(","):
            self.take()
            arguments.append(self.sum())
        self.take(")")
        call = Node("call", (base, *arguments))
        return self.power(call) if self.at("^") and self.take() else call

    def power(self, base: Node) -> Node:
        inside = self.group()
        if inside in (["T"], [r"\top"], [r"\mathsf", "T"], [r"\mathsf", "{", "T", "}"]):
            return Node("transpose", (base,))
        if inside[0] == "(" and inside[-2:] == [r"\mathsf", "T"]:
            return Node("transpose", (Node("at", (base, "".join(inside[1:-3]))),))
        if inside[0] == "(" and inside[-1] == ")":
            return Node("at", (base, "".join(inside[1:-1])))
        return Node("pow", (base, self.whole(inside)))

    def base(self) -> Node:
        token = self.take()
        if re.fullmatch(r"\d+(\.\d+)?", token):
            return Node("number", (token,))
        if token in ("(", "{"):
            found = self.sum()
            self.take(")" if token == "(" else "}")
            return found
        if token == "[":
            left = self.take()
            self.take("=")
            right = self.take()
            self.take("]")
            return Node("same", (left, right))
        if token == "|":
            found = self.sum()
            self.take("|")
            return Node("abs", (found,))
        special = {
            r"\frac": self.fraction,
            r"\tfrac": self.fraction,
            r"\dfrac": self.fraction,
            r"\sum": self.series,
            r"\sqrt": lambda: Node("sqrt", (self.argument(),)),
            r"\begin": self.cases,
        }
        if token in special:
            return special[token]()
        if token in (r"\ln", r"\exp", r"\tanh", r"\max", r"\operatorname"):
            return self.function(token)
        if token in (r"\mathrm", r"\mathbf", r"\hat", r"\bar", r"\tilde", r"\mathcal"):
            prefix = "" if token in (r"\mathrm", r"\mathbf") else token
            return Node("name", (prefix + "".join(self.group()),))
        if re.fullmatch(r"\\?[a-zA-Z]+", token):
            return Node("name", (token,))
        raise LatexError(f"{token} was not expected, in: {self.latex.strip()}")

    def function(self, token: str) -> Node:
        r"""\exp(z), \max(0, z), \operatorname{relu}'(z)."""
        name = "".join(self.group()) if token == r"\operatorname" else token[1:]
        base = Node("name", (name,))
        while self.at("'"):
            self.take()
            base = Node("prime", (base,))
        return self.call(base)

    def fraction(self) -> Node:
        above, below = self.group(), self.group()
        if above[:1] == [r"\partial"] and below[:1] == [r"\partial"]:
            return Node("derivative", (self.whole(above[1:]), self.whole(below[1:])))
        return Node("div", (self.whole(above), self.whole(below)))

    def series(self) -> Node:
        r"""\sum_{k=1}^{K}, or \sum_k over all of them."""
        self.take("_")
        index, *start = self.group()
        last = "".join(self.group()) if self.at("^") and self.take() else ""
        if start != (["=", "1"] if last else []):
            raise LatexError(f"a sum that does not start at 1, in: {self.latex.strip()}")
        return Node("series", (index, self.product(), last))

    def condition(self, words: list[str]) -> Node | None:
        """`if z > 0`, or None for `otherwise`."""
        if words == [r"\otherwise"]:
            return None
        for i, word in enumerate(words):
            if word in ("<", ">", "=", r"\le", r"\ge", r"\ne") and words[0] == r"\when":
                return Node(word, (self.whole(words[1:i]), self.whole(words[i + 1 :])))
        raise LatexError(f"{' '.join(words)} is no condition, in: {self.latex.strip()}")

    def cases(self) -> Node:
        for token in ("{", "c", "a", "s", "e", "s", "}"):
            self.take(token)
        branches: list[object] = []
        while not self.at(r"\end"):
            value = self.sum()
            words = []
            while self.token not in ("#", r"\end"):
                words.append(self.take())
            if self.at("#"):
                self.take()
            branches.append(Node("branch", (value, self.condition(words))))
        for token in (r"\end", "{", "c", "a", "s", "e", "s", "}"):
            self.take(token)
        return Node("cases", tuple(branches))


def _cases_apart(latex: str) -> str:
    """Without what is only layout; # ends a branch of cases."""
    words = re.sub(r"\\text\{\s*(?:if|for)\s*\}", r" \\when ", latex)
    words = re.sub(r"\\text\{\s*otherwise\s*\}", r" \\otherwise ", words)
    return SILENT.sub(" ", words.replace(r"\\", " # "))


def _indices(tokens: list[str]) -> tuple[str, ...]:
    return tuple(token for token in tokens if token != ",")
