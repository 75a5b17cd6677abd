"""The implementation under test, as the clauses see it: weights out x in, plain lists, checked.

Conventions that the adapter declares (orientation, rows one by one, no bias) are translated here,
once. Every answer is checked for its shape and turned into Python numbers; every call is announced,
so that a watchdog knows which one hangs.
"""

from __future__ import annotations

import os
import re
import sysconfig
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import Any

from spec_tests.adapter import Adapter
from spec_tests.cases.case import Case, Matrix, copy
from spec_tests.cases.fitting import Unsupported
from spec_tests.declaration import Declaration, declare
from spec_tests.expect import Transposed, Violation

Announce = Callable[[str], None]
Pair = tuple[Matrix, list[float] | None]


HERE = str(Path(__file__).parent) + os.sep
LIBRARIES = sysconfig.get_path("stdlib") + os.sep
MOST_WORDS = 1000
"""Characters of an adapter's own message that are kept."""


class AdapterError(Exception):
    """The adapter raised an error where it should have answered."""

    def __init__(self, method: str, error: BaseException) -> None:
        said = _safely(lambda: f": {error}"[:MOST_WORDS])
        super().__init__(f"{method} raised {type(error).__name__}{said}{_where(error)}")
        broken = not isinstance(error, Exception) or isinstance(error, MemoryError)
        self.is_broken = broken or method == "load"
        """Whether there is nothing to judge: no network, or one that ended the process."""


def _where(error: BaseException) -> str:
    """The file and line of the adapter's own where it came from, as far as there is one."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if not f.filename.startswith((HERE, LIBRARIES, "<"))]
    own = [f for f in own if "site-packages" not in Path(f.filename).parts]
    return f" ({Path(own[-1].filename).name}, line {own[-1].lineno})" if own else ""


class Subject:
    """An adapter class with its declaration; `load` gives a fresh network for a case."""

    def __init__(self, adapter: type[Adapter], announce: Announce = lambda _: None) -> None:
        self.adapter = adapter
        self.declaration: Declaration = declare(adapter)
        self.announce = announce

    def load(self, case: Case) -> Network:
        return Network(self, case)

    @contextmanager
    def calling(self, method: str) -> Iterator[None]:
        """Errors of the adapter's own come out as AdapterError.

        NotImplementedError of `optimize`, and of nothing else, says that this is unsupported.
        """
        self.announce(method)
        try:
            yield
        except (Exception, SystemExit) as error:
            if method == "optimize" and isinstance(error, NotImplementedError):
                # No attribute can say that an optimizer has no weight decay, so this does.
                raise Unsupported(f"optimize is not implemented for this: {error}") from error
            raise AdapterError(method, error) from error
        finally:
            self.announce("")


class Network:
    """One fresh object of the adapter, with the parameters of `case` loaded."""

    def __init__(self, subject: Subject, case: Case) -> None:
        self.declaration = subject.declaration
        self.case = case
        self._calling = subject.calling
        with self._calling("load"):
            self._adapter = subject.adapter()
            if subject.adapter.losses is not None:
                self._adapter.loss = case.loss
            self.handed = self.dense()
            load = self._adapter.load
            assert load is not None, "refused by declare"
            load(self.handed)

    def dense(self) -> list[tuple[Matrix, list[float] | None, str]]:
        """What is handed to the adapter, anew, in its own orientation."""
        return [
            (self._turned(copy(layer.weights)), copy(layer.bias), layer.activation)
            for layer in self.case.dense
        ]

    def predict(self, inputs: Any = None) -> Matrix:
        rows = copy(self.case.inputs) if inputs is None else inputs
        if self.declaration.batch == "single":
            answers = [self._call("predict", [row]) for row in rows]
            parts = [_rows("predict", answer, 1, self.case.widths[-1]) for answer in answers]
            return [row for part in parts for row in part]
        return _rows("predict", self._call("predict", rows), len(rows), self.case.widths[-1])

    def gradients(self, inputs: Any = None, targets: Any = None) -> list[Pair]:
        return self._pairs("gradients", self._call("gradients", *self._batch(inputs, targets)))

    def step(self, learning_rate: float, inputs: Any = None, targets: Any = None) -> list[Pair]:
        """One update; the parameters after it."""
        self._call("step", *self._batch(inputs, targets), learning_rate)
        return self.parameters()

    def parameters(self) -> list[Pair]:
        return self._pairs("parameters", self._call("parameters"))

    def loss_value(self, inputs: Any = None, targets: Any = None) -> float:
        return _number("loss_value", self._call("loss_value", *self._batch(inputs, targets)))

    def input_gradient(self, inputs: Any = None, targets: Any = None) -> Matrix:
        x, t = self._batch(inputs, targets)
        answer = self._call("input_gradient", x, t)
        return _rows("input_gradient", answer, len(x), self.case.widths[0])

    def pullback(self, output_gradient: Matrix, inputs: Any = None) -> tuple[list[Pair], Matrix]:
        x, _ = self._batch(inputs, None)
        answer = self._call("pullback", x, copy(output_gradient))
        try:
            pairs, input_gradient = answer
        except (TypeError, ValueError):
            raise Violation(
                f"pullback returned {_brief(answer)}, should be (gradients, input gradient)"
            ) from None
        rows = _rows("pullback", input_gradient, len(x), self.case.widths[0])
        return self._pairs("pullback", pairs), rows

    def train_epoch(
        self, learning_rate: float, batch_size: int, inputs: Any = None, targets: Any = None
    ) -> float | None:
        batch = self._batch(inputs, targets)
        answer = self._call("train_epoch", *batch, learning_rate, batch_size)
        return None if answer is None else _number("train_epoch", answer)

    def optimize(
        self, name: str, options: dict[str, float], gradients: Sequence[Sequence[Pair]]
    ) -> list[list[Pair]]:
        """The parameters after each of the gradients."""
        own = [[self._own(pair) for pair in pairs] for pairs in gradients]
        start = [self._own((layer.weights, layer.bias)) for layer in self.case.dense]
        answer = self._call("optimize", name, dict(options), start, own)
        answer = _sequence("optimize", answer, len(own), "lists of parameters")
        return [self._pairs("optimize", pairs) for pairs in answer]

    def _call(self, method: str, *arguments: Any) -> Any:
        with self._calling(method):
            return _listed(getattr(self._adapter, method)(*arguments))

    def _batch(self, inputs: Any, targets: Any) -> tuple[Any, Any]:
        return (
            copy(self.case.inputs) if inputs is None else inputs,
            copy(self.case.targets) if targets is None else targets,
        )

    def _own(self, pair: Pair) -> Pair:
        return self._turned(copy(pair[0])), copy(pair[1])

    def _turned(self, weights: Matrix) -> Matrix:
        if self.declaration.weights == "out_in":
            return weights
        return [list(column) for column in zip(*weights, strict=True)]

    def _pairs(self, method: str, answer: Any) -> list[Pair]:
        """[(weights, bias), ...] out x in, or a Violation that names what is of another shape."""
        layers = self.case.dense
        pairs: list[Pair] = []
        answers = _sequence(method, answer, len(layers), "pairs")
        for i, (layer, pair) in enumerate(zip(layers, answers, strict=True)):
            weights, bias = _sequence(f"{method}[{i}]", pair, 2, "things, weights and bias")
            shape = (len(layer.weights), len(layer.weights[0]))
            if self.declaration.weights == "in_out":
                shape = shape[1], shape[0]
            _refuse_transposed(f"{method}[{i}][0]", weights, *shape)
            rows = self._turned(_rows(f"{method}[{i}][0]", weights, *shape))
            if layer.bias is None:
                if bias is not None:
                    raise Violation(f"{method}[{i}][1] is {_brief(bias)}, should be None")
                pairs.append((rows, None))
            else:
                width = len(layer.bias)
                pairs.append((rows, _row(f"{method}[{i}][1]", _unwrapped(bias, width), width)))
        return pairs


def _listed(answer: Any) -> Any:
    """Arrays of any library as nested lists."""
    if hasattr(answer, "tolist"):
        listed = answer.tolist()
        return _listed(listed) if str(getattr(answer, "dtype", "")) == "object" else listed
    if isinstance(answer, list | tuple):
        return [_listed(item) for item in answer]
    return answer


def _sequence(place: str, answer: Any, length: int, what: str) -> list[Any]:
    if not isinstance(answer, list):
        raise Violation(f"{place} is {_brief(answer)}, should be {length} {what}")
    if len(answer) != length:
        raise Violation(f"{place} has the length {len(answer)}, should be {length} {what}")
    return answer


def _refuse_transposed(place: str, answer: Any, rows: int, width: int) -> None:
    lists = isinstance(answer, list) and all(isinstance(row, list) for row in answer)
    if lists and rows != width and [len(row) for row in answer] == [rows] * width:
        raise Transposed(f"{place} is {width} x {rows}, should be {rows} x {width}")


def _rows(place: str, answer: Any, rows: int, width: int) -> Matrix:
    answers = _sequence(place, answer, rows, f"rows of {width} numbers")
    return [_row(f"{place}[{b}]", row, width) for b, row in enumerate(answers)]


def _unwrapped(bias: Any, width: int) -> Any:
    """A bias of shape (1, n) or (n, 1), as many keep it, is one of n: nothing else can be meant."""
    if not (isinstance(bias, list) and bias and all(isinstance(row, list) for row in bias)):
        return bias
    if len(bias) == 1 and len(bias[0]) == width:
        return bias[0]
    if len(bias) == width and all(len(row) == 1 for row in bias):
        return [row[0] for row in bias]
    return bias


def _row(place: str, answer: Any, width: int) -> list[float]:
    row = _sequence(place, answer, width, "numbers")
    return [_number(f"{place}[{k}]", value) for k, value in enumerate(row)]


def _number(place: str, answer: Any) -> float:
    """A real number of any type, a Fraction or a long double of NumPy too, as the nearest float."""
    if isinstance(answer, bool) or not isinstance(answer, Real | Decimal):
        raise Violation(f"{place} is {_brief(answer)}, should be a number")
    try:
        return float(answer)
    except OverflowError:
        raise Violation(f"{place} is a number that no float holds") from None


def _brief(answer: Any) -> str:
    text = _safely(lambda: repr(answer)) or f"a {type(answer).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _safely(words: Callable[[], str]) -> str:
    """Words of the adapter's, without addresses, which differ from run to run; "" if it fails."""
    try:
        return re.sub(" at 0x[0-9a-fA-F]+", "", words())
    except Exception:  # a broken __str__ or __repr__ may raise anything
        return ""
