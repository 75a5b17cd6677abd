"""The project's own lines, taken from the source when the page is built."""

from __future__ import annotations

import inspect
import pkgutil
import textwrap


def source(name: str) -> str:
    """The source of a class or function, as a block of code: `refnn.fc_layer:FCLayer.forward`."""
    lines = inspect.getsource(pkgutil.resolve_name(name))
    return f"```python\n{textwrap.dedent(lines).rstrip()}\n```"
