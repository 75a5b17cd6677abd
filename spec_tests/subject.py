"""The implementation under test, as the clauses see it: weights out x in, plain lists, checked.

Conventions that the adapter declares (orientation, rows one by one, no bias) are translated here,
once. Every answer is checked for its shape and turned into Python numbers; every call is announced,
so that a watchdog knows which one hangs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from spec_tests.adapter import Adapter
from spec_tests.cases.case import Case, Matrix, copy
from spec_tests.declaration import Declaration, declare
from spec_tests.errors import AdapterError, Unsupported, Violation
from spec_tests.judge.answers import Pair, number, pairs, rows, sequence, shown, turned
from spec_tests.players.play import plain, told

Announce = Callable[[str], None]


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
            entry = told(method, error)
            raise AdapterError(entry["error"], "broken" in entry) from error
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
        batch = copy(self.case.inputs) if inputs is None else inputs
        if self.declaration.batch == "single":
            answers = [self._call("predict", [row]) for row in batch]
            parts = [rows("predict", answer, 1, self.case.widths[-1]) for answer in answers]
            return [row for part in parts for row in part]
        return rows("predict", self._call("predict", batch), len(batch), self.case.widths[-1])

    def gradients(self, inputs: Any = None, targets: Any = None) -> list[Pair]:
        return self._pairs("gradients", self._call("gradients", *self._batch(inputs, targets)))

    def step(self, learning_rate: float, inputs: Any = None, targets: Any = None) -> list[Pair]:
        """One update; the parameters after it."""
        self._call("step", *self._batch(inputs, targets), learning_rate)
        return self.parameters()

    def parameters(self) -> list[Pair]:
        return self._pairs("parameters", self._call("parameters"))

    def loss_value(self, inputs: Any = None, targets: Any = None) -> float:
        return number("loss_value", self._call("loss_value", *self._batch(inputs, targets)))

    def input_gradient(self, inputs: Any = None, targets: Any = None) -> Matrix:
        x, t = self._batch(inputs, targets)
        answer = self._call("input_gradient", x, t)
        return rows("input_gradient", answer, len(x), self.case.widths[0])

    def pullback(self, output_gradient: Matrix, inputs: Any = None) -> tuple[list[Pair], Matrix]:
        x, _ = self._batch(inputs, None)
        answer = self._call("pullback", x, copy(output_gradient))
        try:
            gradients, input_gradient = answer
        except (TypeError, ValueError):
            raise Violation(
                f"pullback returned {shown(answer)}, should be (gradients, input gradient)"
            ) from None
        dx = rows("pullback", input_gradient, len(x), self.case.widths[0])
        return self._pairs("pullback", gradients), dx

    def train_epoch(
        self, learning_rate: float, batch_size: int, inputs: Any = None, targets: Any = None
    ) -> float | None:
        batch = self._batch(inputs, targets)
        answer = self._call("train_epoch", *batch, learning_rate, batch_size)
        return None if answer is None else number("train_epoch", answer)

    def optimize(
        self, name: str, options: dict[str, float], gradients: Sequence[Sequence[Pair]]
    ) -> list[list[Pair]]:
        """The parameters after each of the gradients."""
        own = [[self._own(pair) for pair in step] for step in gradients]
        start = [self._own((layer.weights, layer.bias)) for layer in self.case.dense]
        answer = self._call("optimize", name, dict(options), start, own)
        answer = sequence("optimize", answer, len(own), "lists of parameters")
        return [self._pairs("optimize", after) for after in answer]

    def _call(self, method: str, *arguments: Any) -> Any:
        with self._calling(method):
            return plain(getattr(self._adapter, method)(*arguments))

    def _batch(self, inputs: Any, targets: Any) -> tuple[Any, Any]:
        return (
            copy(self.case.inputs) if inputs is None else inputs,
            copy(self.case.targets) if targets is None else targets,
        )

    def _own(self, pair: Pair) -> Pair:
        return self._turned(copy(pair[0])), copy(pair[1])

    def _turned(self, weights: Matrix) -> Matrix:
        return weights if self.declaration.weights == "out_in" else turned(weights)

    def _pairs(self, method: str, answer: Any) -> list[Pair]:
        return pairs(method, answer, self.case.dense, self.declaration.weights == "in_out")
