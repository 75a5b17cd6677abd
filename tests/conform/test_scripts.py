"""A script is data: what is written is read back, and fits its schema."""

from __future__ import annotations

import json
import math
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given, settings

from refnn import MSE
from spec_tests.cases.case import Case, Dense
from spec_tests.cases.drawing import any_of
from spec_tests.cases.strategy import drawn
from spec_tests.clauses import CHECKS
from spec_tests.declaration import declare
from spec_tests.errors import Unsupported, Vacuous
from spec_tests.implementations.numpy_adapter import NumPy
from spec_tests.judge.asked import asked
from spec_tests.scripts import wire
from spec_tests.scripts.script import Script, loss_from_json
from spec_tests.scripts.writer import Writer

SCHEMA = json.loads(
    files("spec_tests.scripts").joinpath("script.schema.json").read_text(encoding="utf-8")
)
DECLARATION = declare(NumPy)


@pytest.mark.parametrize("id", list(CHECKS))
def test_scripts_of_every_clause_fit_the_schema_and_are_read_back(id: str) -> None:
    check = CHECKS[id]
    judged = 0

    @settings(max_examples=8)
    @given(drawn(any_of(*[kind(DECLARATION) for kind in check.cases])))
    def fits(case: Case) -> None:
        nonlocal judged
        try:
            script = check.ask(case, DECLARATION)
        except (Vacuous, Unsupported):
            return
        line = wire.line({"script": 1, **asked(script, DECLARATION)})
        assert line.count(b"\n") == 1
        jsonschema.validate(json.loads(line), SCHEMA)
        again = Script.from_json(wire.read(wire.line(script.as_json())))
        assert repr(again.as_json()) == repr(script.as_json())
        judged += 1

    fits()
    assert judged


def test_what_is_no_script_does_not_fit() -> None:
    writer = Writer(MSE())
    writer.load([Dense([[1.0]], [0.0], "relu")])
    entry = writer.script().as_json()
    jsonschema.validate(entry, SCHEMA)
    entry["calls"][0]["call"] = "predicts"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(entry, SCHEMA)


def test_numbers_that_json_does_not_know_are_texts() -> None:
    numbers = [math.nan, math.inf, -math.inf, 0.1, -0.0, 5e-324]
    line = wire.line([numbers])
    assert line == b'[["NaN", "Infinity", "-Infinity", 0.1, -0.0, 5e-324]]\n'
    assert repr(wire.read(line)) == repr([numbers])


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"type": "Squared"}, "loss type is 'Squared', should be one of SquaredError"),
        ({"type": "Huber", "size": 1}, "loss Huber: "),
    ],
)
def test_a_loss_that_there_is_not_is_named(entry: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        loss_from_json(entry)
