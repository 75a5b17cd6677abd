"""What SELECTOR means on the command line: a bundled implementation, or a class of one's own.

ref  numpy  numpy32  textbook  last-sample-gradient (any fault)  py:package.module:Class
cmd:node my_net.mjs: any program on the wire
"""

from __future__ import annotations

import difflib
import importlib
import sys
from pathlib import Path

from spec_tests.adapter import Adapter
from spec_tests.faults import FAULTS

COMMAND = "cmd:"
BUNDLED = {
    "ref": "spec_tests.implementations.ref:Ref",
    "numpy": "spec_tests.implementations.numpy_adapter:NumPy",
    "numpy32": "spec_tests.implementations.numpy_adapter:NumPy32",
    "textbook": "spec_tests.faults.textbook:Textbook",
}


class SelectorError(ValueError):
    """There is nothing of that name."""


def find(selector: str) -> type[Adapter]:
    """The adapter class that `selector` names. The working folder is importable.

    SelectorError where there is none; errors of the module's own come out as they are.
    """
    if selector in FAULTS:
        return FAULTS[selector].network
    place = BUNDLED.get(selector)
    if place is None:
        if not selector.startswith("py:"):
            raise SelectorError(f"{selector} is no implementation: {_hint(selector)}")
        place = selector.removeprefix("py:")
    module_name, colon, class_name = place.partition(":")
    if not (colon and module_name and class_name) or module_name.startswith("."):
        raise SelectorError(f"{selector} should be py:package.module:Class")
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    return _class(_module(selector, module_name), class_name)


def _module(selector: str, name: str) -> object:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            raise SelectorError(
                f"{selector}: there is no module {error.name} in {Path.cwd()} or installed"
            ) from None
        if selector in BUNDLED:
            raise SelectorError(f"{selector} needs {error.name}: pip install numpy") from None
        raise


def _class(module: object, name: str) -> type[Adapter]:
    found = getattr(module, name, None)
    if found is None:
        own = [word for word, value in vars(module).items() if _is_adapter(value)]
        near = difflib.get_close_matches(name, own, 1)
        hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(own) or 'no adapter'}"
        raise SelectorError(f"{getattr(module, '__name__', '')} has no {name}: {hint}")
    if not _is_adapter(found):
        raise SelectorError(f"{name} is {found!r}, should be a subclass of spec_tests.Adapter")
    adapter: type[Adapter] = found
    return adapter


def _is_adapter(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Adapter) and value is not Adapter


def _hint(selector: str) -> str:
    near = difflib.get_close_matches(selector, [*BUNDLED, *FAULTS], 1)
    if near:
        return f"did you mean {near[0]}?"
    own = "py:package.module:Class or cmd:PROGRAM for your own"
    return f"there are {', '.join(BUNDLED)}, and {own}"
