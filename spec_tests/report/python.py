"""A failing case as Python: to read, and as a test to paste into a repository of one's own."""

from __future__ import annotations

import keyword
import math
import textwrap
from typing import Any

from spec_tests.clauses import requirements
from spec_tests.report.wording import HERE
from spec_tests.result import Result
from spec_tests.scripts.wire import with_numbers

INDENT = "    "


def case_as_python(case: dict[str, Any], width: int = 88) -> str:
    """The literal case as assignments, one for each of its parts.

    dense = [([[1.0, 1.0]], [0.0], "relu")]
    inputs = [[1.0, float("nan")]]
    targets = [[0.0]]
    loss = SquaredError(factor=1, batch="mean", outputs="mean")
    """
    entry = with_numbers(case)
    parts = {
        "dense": [tuple(layer) for layer in entry["dense"]],
        "inputs": entry["inputs"],
        "targets": entry["targets"],
    }
    lines = [_assigned(name, value, width) for name, value in parts.items()]
    lines.append(_call("loss = ", entry["loss"], width))
    lines += [_assigned(name, value, width) for name, value in entry["extras"].items()]
    return "\n".join(lines)


def has_case(result: Result) -> bool:
    """Whether there is a case to replay."""
    return result.cause is not None and result.cause.case is not None


def pasteable_test(result: Result, selector: str, width: int = 88) -> str:
    """A module for pytest that replays the case of `result`. ValueError where it has none."""
    if result.cause is None or result.cause.case is None:
        raise ValueError(f"{result.id} has no case to replay")
    imports, adapter = _imported(selector)
    test = result.id.lower().replace("-", "_")
    case = python(result.cause.case, width, depth=2)
    lines = [
        *imports,
        "",
        "",
        f"def test_{test}() -> None:",
        *_docstring(result.id, width),
        f"{INDENT}spec_tests.replay(",
        f"{INDENT * 2}{adapter},",
        f"{INDENT * 2}{quoted(result.id)},",
        f"{INDENT * 2}{case},",
        f"{INDENT})",
    ]
    return "\n".join(lines) + "\n"


def python(value: Any, width: int, depth: int = 0, taken: int = 0) -> str:
    """`value` as a literal: on one line where it fits, else an item a line, numbers side by side.

    depth: how far it is indented; taken: how much of its first line stands before it.
    """
    flat = _flat(value)
    if len(INDENT) * depth + taken + len(flat) < width or not _is_filled(value):
        return flat
    inner, outer = INDENT * (depth + 1), INDENT * depth
    if isinstance(value, dict):
        keys = [f"{quoted(key)}: " for key in value]
        items = [
            key + python(item, width, depth + 1, len(key))
            for key, item in zip(keys, value.values(), strict=True)
        ]
    elif any(isinstance(item, list | tuple | dict) for item in value):
        items = [python(item, width, depth + 1) for item in value]
    else:
        items = _side_by_side([_flat(item) for item in value], width - len(inner) - 1)
    first, last = "()" if isinstance(value, tuple) else "{}" if isinstance(value, dict) else "[]"
    return "\n".join([first, *(f"{inner}{item}," for item in items), outer + last])


def quoted(text: str) -> str:
    """`text` as a literal in double quotes, unless it has some itself."""
    literal = repr(text)
    if literal.startswith("'") and '"' not in literal:
        return f'"{literal[1:-1]}"'
    return literal


def _is_filled(value: Any) -> bool:
    return isinstance(value, list | tuple | dict) and len(value) > 0


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        items = [f"{quoted(key)}: {_flat(item)}" for key, item in value.items()]
        return f"{{{', '.join(items)}}}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_flat, value))}{',' if len(value) == 1 else ''})"
    if isinstance(value, list):
        return f"[{', '.join(map(_flat, value))}]"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, float):
        literal = float.__repr__(value)
        return literal if math.isfinite(value) else f'float("{literal}")'
    return repr(value)


def _side_by_side(items: list[str], width: int) -> list[str]:
    """Lines of items, separated by commas, as long as they may be."""
    lines = items[:1]
    for item in items[1:]:
        longer = f"{lines[-1]}, {item}"
        lines[-1:] = [longer] if len(longer) <= width else [lines[-1], item]
    return lines


def _assigned(name: str, value: Any, width: int) -> str:
    start = f"{name} = "
    return start + python(value, width, taken=len(start))


def _call(start: str, loss: dict[str, Any], width: int) -> str:
    """The loss as one would write it: SquaredError(factor=1, batch="mean", outputs="mean")."""
    options = [f"{k}={_flat(_whole(v))}" for k, v in loss.items() if k != "type"]
    flat = f"{start}{loss['type']}({', '.join(options)})"
    if len(flat) < width or not options:
        return flat
    lines = _side_by_side(options, width - len(INDENT) - 1)
    return "\n".join([f"{start}{loss['type']}(", *(f"{INDENT}{line}," for line in lines), ")"])


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _imported(selector: str) -> tuple[list[str], str]:
    """The lines that import the adapter, and the expression for it."""
    if selector.startswith(HERE):
        return ["import spec_tests"], selector.removeprefix(HERE)
    kind, _, place = selector.partition(":")
    module, _, path = place.partition(":")
    if kind == "py" and _is_dotted(module) and _is_dotted(path):
        return ["import spec_tests", f"from {module} import {path.partition('.')[0]}"], path
    found = "from spec_tests.selectors import find"
    return ["import spec_tests", found], f"find({quoted(selector)})"


def _is_dotted(name: str) -> bool:
    parts = name.split(".")
    return all(part.isidentifier() and not keyword.iskeyword(part) for part in parts)


def _docstring(id: str, width: int) -> list[str]:
    """What the clause says; nothing where it is unknown or needs escapes."""
    known = requirements().get(id)
    if known is None or "\\" in known.sentence or '"' in known.sentence:
        return []
    lines = textwrap.wrap(known.sentence, width - len(INDENT) - 6, break_on_hyphens=False)
    if len(lines) == 1:
        return [f'{INDENT}"""{lines[0]}"""']
    return [f'{INDENT}"""{lines[0]}', *(INDENT + line for line in lines[1:]), f'{INDENT}"""']
