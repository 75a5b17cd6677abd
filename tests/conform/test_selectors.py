"""What a selector or a declaration gets wrong is one line that names the thing."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from refnn import MSE, Huber
from spec_tests.adapter import Adapter
from spec_tests.declaration import DeclarationError, declare
from spec_tests.faults import FAULTS
from spec_tests.faults.textbook import Textbook
from spec_tests.runner.serve import described
from spec_tests.selectors import BUNDLED, SelectorError, find, selector_of

SELECTORS = [
    ("reff", "reff is no implementation: did you mean ref?"),
    ("numpy23", "numpy23 is no implementation: did you mean numpy32?"),
    ("last-sample-gradients", "did you mean last-sample-gradient?"),
    ("my_net:Net", "there are ref, numpy, numpy32, textbook, and py:package.module:Class"),
    ("", " is no implementation: there are ref, "),
    ("py:", "py: should be py:package.module:Class"),
    ("py:my_net", "py:my_net should be py:package.module:Class"),
    ("py:my_net:", "py:my_net: should be py:package.module:Class"),
    ("py::Net", "py::Net should be py:package.module:Class"),
    ("py:.my_net:Net", "py:.my_net:Net should be py:package.module:Class"),
    ("py:no_net:Net", "py:no_net:Net: there is no module no_net in "),
    ("py:my_nett.py:Net", "there is no file my_nett.py"),
    ("py:folder/my_net:Net", "there is no module folder/my_net in "),
    ("py:no_package.net:Net", "there is no module no_package in "),
    ("py:my_net:net", "my_net has no net: did you mean Net?"),
    ("py:empty_net:Net", "empty_net has no Net: it has no adapter"),
    ("py:my_net:Inner.Net", "my_net has no Inner.Net: it has Textbook, Net"),
    ("py:my_net:other", "other is 1, should be a subclass of spec_tests.Adapter"),
    ("py:my_net:Other", "should be a subclass of spec_tests.Adapter"),
    ("py:my_net:Adapter", "should be a subclass of spec_tests.Adapter"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the modules my_net and empty_net."""
    (tmp_path / "my_net.py").write_text(
        "from spec_tests.adapter import Adapter\n"
        "from spec_tests.faults.textbook import Textbook\n"
        "class Net(Textbook): pass\n"
        "class Other: pass\n"
        "other = 1\n"
    )
    (tmp_path / "empty_net.py").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("my_net", "empty_net"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


@pytest.mark.parametrize(("selector", "words"), SELECTORS)
def test_a_selector_that_names_nothing_says_so(folder: Path, selector: str, words: str) -> None:
    with pytest.raises(SelectorError, match=re.escape(words)) as caught:
        find(selector)
    assert len(str(caught.value).splitlines()) == 1


def test_selectors_name_bundled_networks_faults_and_ones_own(folder: Path) -> None:
    assert all(issubclass(find(selector), Adapter) for selector in BUNDLED)
    assert all(find(selector) is fault.network for selector, fault in FAULTS.items())
    assert issubclass(find("py:my_net:Net"), Textbook)
    for selector in ("my_net.py:Net", "py:my_net.py:Net", f"{folder}/my_net.py:Net"):
        assert issubclass(find(selector), Textbook)


def test_a_file_imports_what_lies_beside_it(tmp_path: Path, folder: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "beside_it.py").write_text("from my_net import Net as Base\n")
    (elsewhere / "their_net.py").write_text(
        "from beside_it import Base\nclass Net(Base):\n    pass\n"
    )
    assert issubclass(find(f"{elsewhere}/their_net.py:Net"), Textbook)


def test_a_class_is_found_again_by_another_process(folder: Path) -> None:
    """By its module where that is importable, else by its file; one of a function by neither."""
    assert selector_of(Textbook) == "py:spec_tests.faults.textbook:Textbook"
    found = find("my_net.py:Net")
    selector = selector_of(found)
    assert selector is not None and find(selector).__qualname__ == "Net"

    class Local(Textbook):
        pass

    assert selector_of(Local) is None


KNOWN = "identity relu leaky_relu sigmoid tanh softplus softmax"
DECLARATIONS: list[tuple[dict[str, Any], str]] = [
    ({"activation": ("relu",)}, "Net.activation is unknown: did you mean activations?"),
    ({"output_activation": "relu"}, "Net.output_activation is unknown: did you mean "),
    ({"los": MSE()}, "Net.los is unknown: did you mean loss?"),
    ({"weight": "in_out"}, "Net.weight is unknown: did you mean weights?"),
    ({"hidden_layer": (1, 1)}, "Net.hidden_layer is unknown: did you mean hidden_layers?"),
    ({"activations": ("rellu",)}, "Net.activations has 'rellu': did you mean 'relu'?"),
    ({"activations": ("gelu", "?")}, "Net.activations has 'gelu': did you mean 'relu'?"),
    ({"activations": ("?",)}, f"Net.activations has '?', there are {KNOWN}"),
    ({"activations": (None,)}, f"Net.activations has None, there are {KNOWN}"),
    ({"activations": "relu"}, f"Net.activations is 'relu', should be a tuple of {KNOWN}"),
    ({"activations": ()}, f"Net.activations is (), should be a tuple of {KNOWN}"),
    ({"activations": {"relu"}}, "Net.activations is {'relu'}, should be a tuple of"),
    ({"activations": None}, "Net.activations is None, should be a tuple of"),
    ({"output_activations": ()}, "Net.output_activations is (), should be a tuple of"),
    ({"optimizers": ("adamw",)}, "Net.optimizers has 'adamw': did you mean 'adam'?"),
    ({"optimizers": None}, "Net.optimizers is None, should be a tuple of sgd momentum "),
    ({"losses": None, "loss": "mse"}, "Net.loss is 'mse', should be a refnn loss, such as MSE()"),
    ({"losses": None, "loss": MSE}, "should be a refnn loss, such as MSE()"),
    ({"losses": ("mse",)}, "Net.losses is ('mse',), should be refnn losses, such as (MSE(), "),
    ({"losses": MSE()}, "outputs='mean'), should be refnn losses, such as (MSE(), Huber(1))"),
    ({"losses": ()}, "Net.losses is (), should be refnn losses"),
    ({"losses": 1}, "Net.losses is 1, should be refnn losses"),
    ({"reported_loss": "mse"}, "Net.reported_loss is 'mse', should be a refnn loss, such as MSE()"),
    ({"weights": "out x in"}, "Net.weights is 'out x in', should be 'out_in' or 'in_out'"),
    ({"dtype": "double"}, "Net.dtype is 'double', should be 'float64' or 'float32'"),
    ({"batch": None}, "Net.batch is None, should be 'full' or 'single' or 'online'"),
    ({"last_batch": "drop"}, "Net.last_batch is 'drop', should be 'own size' or 'dropped'"),
    ({"bias": 0}, "Net.bias is 0, should be True or False"),
    ({"uniform_activation": "yes"}, "Net.uniform_activation is 'yes', should be True or False"),
    ({"leaky_relu_alpha": "0.1"}, "Net.leaky_relu_alpha is '0.1', should be a number"),
    ({"leaky_relu_alpha": float("inf")}, "Net.leaky_relu_alpha is inf, should be a number"),
    ({"ulps": float("nan")}, "Net.ulps is nan, should be a number"),
    ({"ulps": -1}, "Net.ulps is -1, should be a number from 0 on"),
    ({"relu_derivative_at_zero": None}, "Net.relu_derivative_at_zero is None, should be a number"),
    ({"inputs": (3, 2)}, "Net.inputs is (3, 2), should be (least, most), from 1 on, most may be "),
    ({"inputs": (0, 2)}, "Net.inputs is (0, 2), should be (least, most), from 1 on"),
    ({"outputs": 2}, "Net.outputs is 2, should be (least, most), from 1 on"),
    ({"hidden_layers": (-1, None)}, "Net.hidden_layers is (-1, None), should be (least, most), "),
    ({"hidden_width": (1.0, 2.0)}, "Net.hidden_width is (1.0, 2.0), should be (least, most), "),
    ({"hidden_width": (None, 2)}, "Net.hidden_width is (None, 2), should be (least, most), "),
    ({"name": 7}, "Net.name is 7, should be a text"),
    ({"predict": None}, "Net should have the methods load and predict"),
    ({"load": None}, "Net should have the methods load and predict"),
    ({"parameters": None}, "Net has step, and should have parameters too"),
]


@pytest.mark.parametrize(("wrong", "words"), DECLARATIONS, ids=[w for _, w in DECLARATIONS])
def test_a_declaration_that_is_none_names_what_is_wrong(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(words)) as caught:
        declare(type("Net", (Textbook,), wrong))
    assert len(str(caught.value).splitlines()) == 1


def test_what_declares_nothing_is_told_what_to_declare() -> None:
    class Net(Adapter):
        def load(self, dense: Any) -> None: ...

        def predict(self, inputs: Any) -> Any: ...

    with pytest.raises(DeclarationError, match=r"^Net declares no activations, such as \('relu',"):
        declare(Net)
    for thing in (object, Net(), 1):
        with pytest.raises(DeclarationError, match=r"is no subclass of spec_tests\.Adapter$"):
            declare(thing)  # type: ignore[arg-type]


def test_what_is_right_is_read_anddescribed() -> None:
    """Lists do for tuples, names are listed once, and the report's entry is plain data."""
    declared = declare(
        type(
            "Net",
            (Textbook,),
            {
                "name": None,
                "activations": ["relu", "tanh", "relu"],
                "losses": [Huber(2)],
                "reported_loss": MSE(),
                "inputs": [2, None],
                "optimizers": [],
            },
        )
    )
    assert declared.name == "Net"
    assert declared.activations == declared.output_activations == ("relu", "tanh")
    assert (declared.inputs, declared.optimizers) == ((2, None), ())
    entry = json.loads(json.dumps(described(declared)))
    assert entry["losses"] == ["Huber(delta=2, batch='mean', outputs='mean')"]
    assert entry["reported_loss"].startswith("SquaredError(")


def test_helpers_with_usual_names_are_no_typos() -> None:
    """A network has parts of its own, with names like those of the contract."""

    class Net(Textbook):
        optimize = None
        layers: Any = ()
        batch_size = 4
        learning_rate = 0.1

        def optimizer(self, *arguments: Any) -> Any: ...

        def gradient(self) -> None: ...

        def activation(self, i: int) -> Any: ...

    assert "optimize" not in declare(Net).methods
