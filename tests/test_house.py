"""The structure: who may import what, and how long a file may be."""

from __future__ import annotations

import ast
import re
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import refnn

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "refnn").rglob("*.py"))
GENERIC = ("fc_layer", "activations", "losses", "backpropagation", "training", "model", "neuron")


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(tree: ast.AST) -> set[str]:
    """The modules that the code of `tree` imports, wherever in it."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or ""}
    return found


def loaded_at_once(tree: ast.Module) -> set[str]:
    """The modules that are imported when the file is, but for those of types alone."""
    body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    ]
    return imports(ast.Module([n for n in body if isinstance(n, ast.Import | ast.ImportFrom)], []))


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_a_file_imports_the_standard_library_and_refnn(path: Path) -> None:
    tree = ast.parse(path.read_text())
    tops = {name.partition(".")[0] for name in loaded_at_once(tree)}
    assert tops <= sys.stdlib_module_names | {"refnn"}
    everywhere = {name.partition(".")[0] for name in imports(tree)}
    assert everywhere <= sys.stdlib_module_names | {"refnn", "rich", "matplotlib"}


def test_imports_run_one_way() -> None:
    graph = {
        module_name(path): {
            name
            for name in loaded_at_once(ast.parse(path.read_text()))
            if name.startswith("refnn.")
        }
        for path in SOURCES
        if path.name != "__init__.py"
    }
    order = list(TopologicalSorter(graph).static_order())
    assert (
        order.index("refnn.scalar.number") < order.index("refnn.model") < order.index("refnn.cli")
    )


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_a_file_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 150
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_the_formulas_are_generic_in_the_number_type(path: Path) -> None:
    """Whole literals and no math; only defaults of options are floats."""
    if module_name(path).split(".")[1:2] not in [[name] for name in GENERIC]:
        return
    tree = ast.parse(path.read_text())
    assert "math" not in imports(tree)
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        if any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in function.decorator_list):
            continue
        literals = [n.value for n in ast.walk(function) if isinstance(n, ast.Constant)]
        assert not any(isinstance(value, float) for value in literals), function.name


@pytest.mark.parametrize("name", refnn.__all__)
def test_every_public_thing_is_documented(name: str) -> None:
    assert getattr(refnn, name).__doc__


def test_the_reading_order_names_all_there_is() -> None:
    named = set(re.findall(r"\w+", (refnn.__doc__ or "").partition("order:")[2]))
    parts = {path.stem for path in (ROOT / "refnn").iterdir() if not path.name.startswith("__")}
    assert parts - {"py", "data"} <= named | {"py"}
