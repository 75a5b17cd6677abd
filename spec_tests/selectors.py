"""What SELECTOR means on the command line: a bundled implementation, or a class of one's own.

ref  numpy  numpy32  textbook  last-sample-gradient (any fault)
py:package.module:Class, py:folder/my_net.py:Class and my_net.py:Class: a class of one's own
cmd:node my_net.mjs: any program on the wire
"""

from __future__ import annotations

import difflib
import importlib
import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from operator import attrgetter
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
        if not selector.startswith("py:") and ".py:" not in selector:
            raise SelectorError(f"{selector} is no implementation: {_hint(selector)}")
        place = selector.removeprefix("py:")
    module_name, colon, class_name = place.rpartition(":")
    is_file = module_name.endswith(".py")
    if not (colon and module_name and class_name) or (module_name[0] == "." and not is_file):
        raise SelectorError(f"{selector} should be py:package.module:Class")
    if is_file:
        return _class(_file(selector, Path(module_name)), class_name)
    _make_importable(Path.cwd())
    return _class(_module(selector, module_name), class_name)


def selector_of(adapter: type[Adapter]) -> str | None:
    """How another process finds it, by the same `sys.path`; None where it cannot, since the class
    was made in a function, or in a notebook.
    """
    name, module = adapter.__qualname__, sys.modules.get(adapter.__module__)
    file = getattr(module, "__file__", None)
    if "<locals>" in name or file is None:
        return None
    spec = None if adapter.__module__ == "__main__" else find_spec(adapter.__module__)
    is_same = spec is not None and spec.origin == file
    return f"py:{adapter.__module__ if is_same else file}:{name}"


def _make_importable(folder: Path) -> None:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def _file(selector: str, path: Path) -> object:
    """A module of that name may be there already, of Python's own say."""
    if not path.is_file():
        raise SelectorError(f"{selector}: there is no file {path}")
    _make_importable(path.parent.resolve())
    name = path.stem if path.stem not in sys.modules else f"{path.stem} of {path.parent}"
    spec = spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
    try:
        found = attrgetter(name)(module)
    except AttributeError:
        found = None
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
