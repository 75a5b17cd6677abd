"""One script, played on an adapter in this process: each call, and what it answers.

What is handed over is copied for each call. Errors of the adapter's own are answers too.
"""

from __future__ import annotations

import math
import re
import sysconfig
import traceback
from collections.abc import Callable, Mapping
from decimal import Decimal
from numbers import Real
from pathlib import Path
from typing import Any

from spec_tests.adapter import Adapter
from spec_tests.cases.case import copy
from spec_tests.scripts.script import loss_from_json

Announce = Callable[[str], None]
HERE = str(Path(__file__).parents[1])
LIBRARIES = sysconfig.get_path("stdlib")
MOST_WORDS = 1000
"""Characters of an adapter's own message that are kept."""


class Play:
    """The objects that a script loads, and what was handed to its calls."""

    def __init__(
        self,
        adapter: type[Adapter],
        script: Mapping[str, Any],
        announce: Announce = lambda method: None,
    ) -> None:
        self._adapter = adapter
        self._script = script
        self._announce = announce
        self._objects: dict[int, Any] = {}
        self._handed: dict[int, list[Any]] = {}
        """What was handed to the calls that another one looks at."""
        self._watched = {call["of"] for call in script["calls"] if "of" in call}

    def answers(self) -> list[Any]:
        """One for each call; after one that leaves nothing to judge, errors."""
        found: list[Any] = []
        broken: dict[str, Any] | None = None
        for k, call in enumerate(self._script["calls"]):
            answer = broken or self._answer(k, call)
            found.append(answer)
            if isinstance(answer, dict) and answer.get("broken"):
                broken = answer
        self._announce("deleting a network")
        self._objects.clear()
        self._announce("")
        return found

    def _answer(self, k: int, call: Mapping[str, Any]) -> Any:
        method = call["call"]
        if method == "change":
            return _add_one(self._handed.get(call["of"], []))
        if method == "show":
            return _listed(self._handed.get(call["of"], []))
        self._announce(method)
        try:
            if method == "load":
                self._objects[call["on"]] = self._made()
            arguments = self._arguments(method, call)
            if k in self._watched:
                self._handed[k] = [item for item in arguments if isinstance(item, list)]
            return plain(getattr(self._objects[call["on"]], method)(*arguments))
        except (Exception, SystemExit) as error:
            return told(method, error)

    def _made(self) -> Any:
        made = self._adapter()
        if self._adapter.losses is not None:
            made.loss = loss_from_json(self._script["loss"])
        return made

    def _arguments(self, method: str, call: Mapping[str, Any]) -> list[Any]:
        """In the order in which an adapter's methods take them."""
        network = self._script["networks"][call["network"]] if "network" in call else []
        if method == "load":
            return [[(copy(w), copy(b), name) for w, b, name in network]]
        if method == "optimize":
            start = [(copy(w), copy(b)) for w, b, _ in network]
            steps = [[(copy(w), copy(b)) for w, b in step] for step in call["gradients"]]
            return [call["name"], dict(call["options"]), start, steps]
        if method == "parameters":
            return []
        batch = self._script["batches"][call["batch"]]
        rows = [batch["inputs"], batch["targets"]]
        if "row" in call:
            rows = [[part[call["row"]]] for part in rows]
        inputs, targets = copy(rows[0]), copy(rows[1])
        match method:
            case "predict":
                return [inputs]
            case "pullback":
                cotangent = call["output_gradient"]
                return [inputs, copy([cotangent[call["row"]]] if "row" in call else cotangent)]
            case "step":
                return [inputs, targets, call["learning_rate"]]
            case "train_epoch":
                return [inputs, targets, call["learning_rate"], call["batch_size"]]
        return [inputs, targets]


def _listed(handed: Any) -> Any:
    """Nested lists, anew; a network is handed over in tuples."""
    return [_listed(item) for item in handed] if isinstance(handed, list | tuple) else handed


def _add_one(handed: Any) -> None:
    """To every number in these lists."""
    for k, item in enumerate(handed):
        if isinstance(item, list | tuple):
            _add_one(item)
        elif isinstance(item, float | int):
            handed[k] = item + 1


def plain(answer: Any) -> Any:
    """Lists, floats and None. What else an adapter answers is told by {"other": its words}.

    Arrays of any library become lists, and a real number of any type, a Fraction or a long double
    of NumPy too, the nearest float; what is larger than all is infinite.
    """
    if isinstance(answer, bool):
        return {"other": repr(answer)}
    if answer is None or isinstance(answer, float):
        return answer
    if isinstance(answer, list | tuple):
        return [plain(item) for item in answer]
    if hasattr(answer, "tolist"):
        listed = answer.tolist()
        return {"other": brief(answer)} if listed is answer else _of_array(answer, listed)
    return _number(answer)


def _of_array(answer: Any, listed: Any) -> Any:
    """A scalar of a library may be listed as one of its own type."""
    return _number(answer) if hasattr(listed, "tolist") else plain(listed)


def _number(answer: Any) -> Any:
    is_number = isinstance(answer, Real | Decimal)
    if not is_number:
        return {"other": brief(answer)}
    try:
        return float(answer)
    except OverflowError:
        # A fraction may be larger than any float; a network has no such integers.
        if isinstance(answer, int):
            return {"other": "a number that no float holds"}
        return math.inf if answer > 0 else -math.inf


def told(method: str, error: BaseException) -> dict[str, Any]:
    """The error of a call, in one line, as an answer.

    NotImplementedError of `optimize`, and of nothing else, says that this is unsupported: no
    attribute can say that an optimizer has no weight decay.
    """
    if method == "optimize" and isinstance(error, NotImplementedError):
        return {"unsupported": f"optimize is not implemented for this: {error}"}
    said = _safely(lambda: f": {error}"[:MOST_WORDS])
    name = type(error).__name__
    entry: dict[str, Any] = {"error": f"{method} raised {name}{said}{_where(error)}", "kind": name}
    if method == "load" or isinstance(error, MemoryError) or not isinstance(error, Exception):
        entry["broken"] = True
    return entry


def _where(error: BaseException) -> str:
    """The file and line of the adapter's own where it came from, as far as there is one."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if not f.filename.startswith((HERE, LIBRARIES, "<"))]
    own = [f for f in own if "site-packages" not in Path(f.filename).parts]
    return f" ({Path(own[-1].filename).name}, line {own[-1].lineno})" if own else ""


def brief(answer: Any) -> str:
    text = _safely(lambda: repr(answer)) or f"a {type(answer).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}..."


def _safely(words: Callable[[], str]) -> str:
    """Words of the adapter's, without addresses, which differ from run to run; "" if it fails."""
    try:
        return re.sub(" at 0x[0-9a-fA-F]+", "", words())
    except Exception:  # a broken __str__ or __repr__ may raise anything
        return ""
