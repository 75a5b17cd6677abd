"""The structure of the suite: what it may import, how long files are, and no free tolerance."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.test_house import ROOT, imports, loaded_at_once, module_name

SOURCES = sorted((ROOT / "spec_tests").rglob("*.py"))
TOLERANCES = r"\b(rtol|atol|approx|allclose|isclose|tolerance)\b"
USED = {"refnn", "spec_tests", "hypothesis", "pytest", "rich", "jinja2"}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_no_comparison_has_a_hand_picked_tolerance(path: Path) -> None:
    """Nowhere in code; the prose may say that there is none."""
    names = {node.id for node in ast.walk(ast.parse(text_of(path))) if isinstance(node, ast.Name)}
    keywords = {
        node.arg for node in ast.walk(ast.parse(text_of(path))) if isinstance(node, ast.keyword)
    }
    assert not [name for name in names | keywords if name and re.fullmatch(TOLERANCES, name)]
    assert not re.search(r"\b(rtol|atol|approx|allclose|isclose)\b", text_of(path))


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_numpy_is_imported_where_the_twin_is_and_nowhere_else(path: Path) -> None:
    tops = {name.partition(".")[0] for name in imports(ast.parse(text_of(path)))}
    allowed = USED | {"numpy"} if "numpy" in module_name(path) else USED
    assert tops <= sys.stdlib_module_names | allowed


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_a_file_is_short_and_says_what_it_is(path: Path) -> None:
    text = text_of(path)
    assert len(text.splitlines()) <= 300
    assert not text or ast.get_docstring(ast.parse(text))


def test_imports_run_one_way() -> None:
    """A cycle has no order. What a package's __init__ gathers is below those who import it."""
    names = {module_name(path): path for path in SOURCES}
    graph = {
        name: {
            other
            for other in loaded_at_once(ast.parse(text_of(path)))
            if other in names and other != name
        }
        for name, path in names.items()
    }
    order = list(TopologicalSorter(graph).static_order())
    assert order.index("spec_tests.cases.case") < order.index("spec_tests.oracle.oracle")
    assert order.index("spec_tests.oracle.oracle") < order.index("spec_tests.clauses")
    assert order.index("spec_tests.clauses") < order.index("spec_tests.runner.engine")


@pytest.mark.parametrize(
    ("name", "home"), [("tanh", "activation_functions.py"), ("Huber", "loss_functions.py")]
)
def test_what_is_known_of_an_activation_or_a_loss_stands_in_one_file(name: str, home: str) -> None:
    """Of the twin and of known bugs, which are networks, more is asked."""
    networks = ("faults", "numpy_twin")
    judging = [path for path in SOURCES if not set(networks) & set(path.parts)]
    assert [path.name for path in judging if name in _words(ast.parse(text_of(path)))] == [home]


def _words(tree: ast.AST) -> set[str]:
    """Names and texts."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found


def test_the_oracle_uses_no_layer_no_activation_and_no_backward_pass() -> None:
    """Of refnn it knows numbers alone: dual numbers, and stable forms for the size of a bound."""
    allowed = {
        "refnn",
        "refnn.scalar",
        "refnn.losses",
        "refnn.activations.smooth",
    }
    folders = (ROOT / "spec_tests" / name for name in ("oracle", "formulas"))
    for path in (path for folder in folders for path in folder.glob("*.py")):
        tree = ast.parse(text_of(path))
        assert {name for name in imports(tree) if name.startswith("refnn")} <= allowed
        from_top = [
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "refnn"
            for alias in node.names
        ]
        assert set(from_top) <= {"Dual"}


def test_the_plugin_that_every_run_of_pytest_loads_imports_nothing() -> None:
    code = (
        "import sys; import spec_tests.plugin; "
        "print([m for m in sys.modules if m.startswith(('refnn', 'hypothesis', 'numpy'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_running_ref_needs_no_numpy() -> None:
    code = (
        "import sys\n"
        "class NoNumPy:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'numpy': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, NoNumPy())\n"
        "from spec_tests.selectors import find\n"
        "from spec_tests.runner.engine import run_clause\n"
        "from spec_tests.subject import in_process\n"
        "print(run_clause(in_process(find('ref')), 'GRAD-EXACT', 'smoke', 0)[0].verdict)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "pass\n"
