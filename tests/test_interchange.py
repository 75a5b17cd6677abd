"""Files: the same bits back, or one clear error that names the place."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refnn import (
    MSE,
    FCLayer,
    FormatError,
    Huber,
    LeakyReLU,
    Model,
    ReLU,
    SoftmaxCrossEntropy,
    SquaredError,
    load,
    save,
)
from refnn.files import write_whole
from refnn.interchange import load_data
from refnn.layer import Layer
from tests.case import Case, leaves, parameters
from tests.strategies import cases, magnitudes, smooth_cases

VALID = Model([FCLayer([[0.5, -1.0]], [0.25]), LeakyReLU(0.25), FCLayer([[2.0]], None)])


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("networks") / "network.json"


def round_trips(model: Model[Any], path: Path, save: Callable[..., None] = save) -> bool:
    """Whether the file gives back the same network: types, bits, signs of zero and all."""
    save(model, path)
    back = load(path)
    return back == model and repr(leaves(parameters(back))) == repr(leaves(parameters(model)))


@given(case=cases() | smooth_cases())
def test_fractions_and_decimals_come_back_as_they_were(path: Path, case: Case) -> None:
    assert round_trips(case.model, path)


@given(numbers=st.lists(magnitudes() | st.integers(-(10**20), 10**20), min_size=1, max_size=5))
def test_floats_and_ints_come_back_bit_for_bit(path: Path, numbers: list[float]) -> None:
    assert round_trips(Model([FCLayer([numbers], [-0.0])]), path)


def test_the_law_catches_a_writer_that_rounds(path: Path) -> None:
    def rounded(model: Model[Any], path: Path) -> None:
        save(model.cast(lambda p: float(f"{p:.6g}")), path)

    assert not round_trips(Model([FCLayer([[0.1 + 0.2]], [0.0])]), path, rounded)


def test_constants_of_layers_and_losses_come_back(path: Path) -> None:
    for loss in (
        Huber(Fraction(1, 3)),
        SquaredError(Decimal("0.50"), "sum"),
        SoftmaxCrossEntropy(),
    ):
        assert round_trips(Model([FCLayer([[1.0]], [0.0]), LeakyReLU(Fraction(1, 7))], loss), path)


def test_a_file_can_be_read_as_the_fractions_that_it_says(path: Path) -> None:
    save(Model([FCLayer([[0.1, 2]], [0.25])]), path)
    assert load(path, Fraction).layers[0] == FCLayer(
        [[Fraction(1, 10), Fraction(2)]], [Fraction(1, 4)]
    )


def test_each_layer_stands_on_a_line_of_its_own(path: Path) -> None:
    save(VALID, path)
    assert path.read_text().splitlines()[2] == (
        '  {"type": "FCLayer", "weights": [[0.5, -1.0]], "bias": [0.25]},'
    )


def test_data_comes_as_two_lists_of_rows(path: Path) -> None:
    path.write_text('{"x": [[1, 0.5], ["1/3", 2]], "t": [["0.1"], [0]]}')
    assert load_data(path, Fraction) == (
        [[1, Fraction(1, 2)], [Fraction(1, 3), 2]],
        [[Fraction(1, 10)], [0]],
    )
    path.write_text('{"x": [["1/3"]], "t": [["2/3"]]}')
    assert load_data(path) == ([[Fraction(1, 3)]], [[Fraction(2, 3)]])


def test_a_network_cut_off_anywhere_is_refused(path: Path) -> None:
    save(VALID, path)
    whole = path.read_text().rstrip()
    for end in range(len(whole)):
        path.write_text(whole[:end])
        with pytest.raises(FormatError, match=r"network.json: is not JSON: "):
            load(path)


def edited(old: str, new: str) -> str:
    """A valid file with one place changed."""
    text = (
        '{"format": "refnn-network/1", "layers": ['
        '{"type": "FCLayer", "weights": [[0.5, -1.0]], "bias": [0.25]}, '
        '{"type": "LeakyReLU", "alpha": 0.25}, '
        '{"type": "FCLayer", "weights": [[2.0]], "bias": null}], '
        '"loss": {"type": "SquaredError", "factor": 1, "batch": "mean", "outputs": "mean"}}'
    )
    assert old in text
    return text.replace(old, new, 1)


DAMAGED = [
    ("[]", "the file is a JSON list, should be an object with"),
    ("3", "the file is a JSON number"),
    ("{}", r"the file has the keys \[\], should have"),
    ("[" * 100_000, "is nested too deeply"),
    ('{"format": 1, "format": 2}', "a key stands twice"),
    (edited("refnn-network/1", "other/7"), "format is 'other/7', should be 'refnn-network/1'"),
    (edited('"loss"', '"cost"'), r"the file has the keys \['cost', 'format', 'layers'\]"),
    (edited("0.5,", "NaN,"), r"layers\[0\].weights\[0\]\[0\] is nan, should be a finite"),
    (edited("0.5,", "1e999,"), r"layers\[0\].weights\[0\]\[0\] is inf, should be a finite"),
    (edited("0.5,", '"a",'), r"layers\[0\].weights\[0\]\[0\] is 'a', should be a number"),
    (edited("0.5,", '"1/0",'), r"weights\[0\]\[0\] is '1/0', should be a number"),
    (edited("0.5,", "true,"), r"weights\[0\]\[0\] is a JSON boolean, should be a number"),
    (edited("0.5,", "null,"), r"weights\[0\]\[0\] is a JSON null, should be a number"),
    (edited("0.5,", '"1/2",'), r"weights\[0\]\[1\] is a float, .*\[0\]\[0\] is a Fraction"),
    (edited("[0.25]", "0.25"), r"layers\[0\].bias\[0\] is a JSON number, should be a list"),
    (edited("[0.25]", "[1, 2]"), r"layers\[0\]: bias has 2 numbers, should have 1"),
    (edited("[[2.0]]", "[[2.0, 3.0]]"), r"layers\[2\] takes 2 inputs, layers\[0\] gives 1"),
    (edited("[[2.0]]", "[[2.0], []]"), r"layers\[2\].weights\[1\] has 0 numbers"),
    (edited("[[2.0]]", "[]"), r"layers\[2\].weights is empty"),
    (edited("[[2.0]]", "2.0"), r"layers\[2\].weights is a JSON number, should be a list"),
    (
        edited("LeakyReLU", "LeakReLU"),
        r"layers\[1\] is 'LeakReLU', should be an object whose type is one of",
    ),
    (edited('"alpha": 0.25', '"alpha": 1e999'), r"layers\[1\].alpha is inf, should be a finite"),
    (edited('"alpha": 0.25', '"beta": 0.25'), r"layers\[1\] has the keys \['beta', 'type'\]"),
    (edited("SquaredError", "ReLU"), "loss is 'ReLU', should be an object whose type is one of"),
    (edited('"batch": "mean"', '"batch": 3'), "loss: batch is 3, should be 'mean' or 'sum'"),
    (edited('"factor": 1', '"factor": []'), "loss.factor is a JSON list, should be a number"),
]


@pytest.mark.parametrize(("text", "message"), DAMAGED)
def test_damage_is_named_with_its_place(path: Path, text: str, message: str) -> None:
    path.write_text(text)
    with pytest.raises(FormatError, match=f"network.json: .*{message}") as raised:
        load(path)
    assert "\n" not in str(raised.value)


def test_bytes_that_are_no_text_are_refused(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FormatError, match="is not UTF-8 text, should be JSON"):
        load(path)


def test_damaged_data_is_named(path: Path) -> None:
    for text, message in (
        ('{"x": [[1]]}', "the file has the keys"),
        ('{"x": [[1], [2, 3]], "t": [[1], [2]]}', r"x\[1\] has 2 numbers, should have 1"),
        ('{"x": [[1.0]], "t": [["1/2"]]}', r"t\[0\]\[0\] is a Fraction, x\[0\]\[0\] is a float"),
    ):
        path.write_text(text)
        with pytest.raises(FormatError, match=f"network.json: {message}"):
            load_data(path)


class Own(Layer[Any]):
    def forward(self, x: Any) -> Any:
        return x

    def input_gradient(self, x: Any, y: Any, dy: Any) -> Any:
        return dy


REFUSED = [
    (Model([Own()]), r"layers\[0\] is a Own, a file holds only FCLayer"),
    (Model([FCLayer([[float("nan")]], None)]), r"layers\[0\].weights\[0\]\[0\] is nan"),
    (Model([ReLU()], type("Own", (SquaredError,), {})()), "loss is a Own, a file holds only"),
]


@pytest.mark.parametrize(("model", "message"), REFUSED)
def test_what_a_file_cannot_hold_leaves_the_old_file(
    path: Path, model: Model[Any], message: str
) -> None:
    save(VALID, path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=message):
        save(model, path)
    assert path.read_bytes() == before


def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.json"
    write_whole(target, b"old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(target, b"new")
    assert (target.read_bytes(), os.listdir(tmp_path)) == (b"old", ["a.json"])


def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    write_whole(target, b"old")
    assert target.stat().st_mode & 0o077 == 0o077 & ~_umask()
    target.chmod(0o640)
    write_whole(target, b"new")
    assert target.stat().st_mode & 0o777 == 0o640


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask | 0o111


def test_a_place_that_cannot_hold_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError, match="is a folder, should be a file"):
        save(VALID, tmp_path)
    with pytest.raises(FileNotFoundError, match=r"nowhere is no folder, .*a.json cannot be"):
        save(VALID, tmp_path / "nowhere" / "a.json")


def test_a_link_is_followed_and_a_device_is_refused(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "a.json", tmp_path / "link.json", tmp_path / "pipe"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_whole(link, b"new")
    assert (link.is_symlink(), target.read_bytes()) == (True, b"new")
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="pipe is a device, should be a file"):
        write_whole(pipe, b"new")
    assert pipe.is_fifo()


def test_what_may_not_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError, match=r"a.json cannot be written: no permission$"):
        write_whole(tmp_path / "a.json", b"new")


def test_a_format_is_json_that_others_can_read(path: Path) -> None:
    save(VALID, path)
    assert json.loads(path.read_text())["loss"] == {
        "type": "SquaredError",
        "factor": 1,
        "batch": "mean",
        "outputs": "mean",
    }
    assert load(path).loss == MSE()
