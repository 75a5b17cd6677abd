"""Reports: the JSON is what its schema says, and people are shown what failed, once and safely."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len
from rich.console import Console

from spec_tests.clauses import requirements
from spec_tests.diagnosis import unexplained
from spec_tests.diagnosis.stages import OF_GROUPS
from spec_tests.implementations.ref import Ref
from spec_tests.report.html import write_html
from spec_tests.report.json_file import as_json, read_json, write_json
from spec_tests.report.python import case_as_python, pasteable_test
from spec_tests.report.roots import is_refusal, roots
from spec_tests.report.schema import misfit, schema
from spec_tests.report.terminal import IN_FULL, print_report
from spec_tests.result import VERDICTS, Cause, Edit, Report, Result
from spec_tests.runner.engine import run_clause
from spec_tests.runner.survey import PROFILES
from spec_tests.subject import in_process

SELECTOR = "py:my_package.my_module:MyNet"
TRICKY = "[red]wrong[/red] <script>alert(1)</script> {{ 7 * 7 }} [/] \x1b[2J\x00 \ud800"
COUNTED = [id for id in requirements() if not is_refusal(id)]
SCRIPT = json.loads(
    files("spec_tests.scripts").joinpath("script.schema.json").read_text(encoding="utf-8")
)
FAULTS = {"MSE-HALF": "The gradient is half of what it should be."}
NOT_FINITE: dict[str, Any] = {
    "dense": [[[["NaN", 1.0], [2.0, "-Infinity"]], None, "relu"], [[[0.1, 1e300]], [-0.0], "tanh"]],
    "inputs": [[0.1234567890123456 * k for k in range(20)]],
    "targets": [["Infinity"]],
    "loss": {"type": "Huber", "delta": 1.5, "batch": "sum", "outputs": "mean"},
    "extras": {"optimizer": "adam", "options": {"lr": 0.1}, "direction": [["NaN", 1]]},
}


class Doubled(Ref):
    """Its dW is twice what it should be, and its errors have markup."""

    name = TRICKY
    pullback: Any = None

    def gradients(self, inputs: Any, targets: Any) -> Any:
        found = super().gradients(inputs, targets)
        return [([[2 * g for g in row] for row in w], b) for w, b in found]

    def step(self, inputs: Any, targets: Any, learning_rate: float) -> None:
        raise ValueError(TRICKY)


def report(*results: Result, complete: bool = True) -> Report:
    implementation = {"name": TRICKY, "selector": SELECTOR}
    return Report(implementation, "quick", 0, list(results), complete)


@cache
def real() -> Report:
    ids = [id for id in requirements() if id.startswith(("FC-", "GRAD-", "SGD-"))]
    return report(*(run_clause(in_process(Doubled), id, "quick")[0] for id in ids))


def failure(id: str, *edits: Edit, verdict: str = "fail", **others: Any) -> Result:
    values: dict[str, Any] = {"case": NOT_FINITE, "got": "NaN", "expected": 2.0, "bound": 0.0}
    values["title"] = f"{id} fails"
    cause = Cause(stage="batch", edits=list(edits), **{**values, **others})
    return Result(id, "MUST", verdict, message=TRICKY, cause=cause)


def broken(id: str) -> Result:
    message = "every case was vacuous"
    return Result(id, "SHOULD", "error", message=message, cause=unexplained(id, message))


def synthetic(complete: bool = True) -> Report:
    """Every verdict, two causes, and text that is hard to show."""
    wrong = Edit("scale", "layer 0 dW", "1/2")
    bugs = ["MSE-HALF", "UNKNOWN"]
    return report(
        failure("GRAD-EXACT", replace(wrong, scope="layer 1 dW"), known_bugs=bugs),
        failure("FC-WEIGHT-GRADIENT", wrong, bound=1e-15, known_bugs=bugs),
        failure("NET-CHAIN-1", wrong, known_bugs=bugs),
        failure("LOSS-EDGES"),
        Result("FC-FORWARD", "MUST", "pass", 25, 3, 0.125),
        broken("SHAPE-EMPTY"),
        failure("PURE-REPEAT", verdict="flaky", got=None, expected=None, bound=None),
        Result("OPT-ADAM", "MUST", "unsupported", message="none of adam is declared"),
        Result("OPT-SGD", "MUST", "unsupported", message="none of adam is declared"),
        Result("ERR-STATE", "MUST", "not-run"),
        complete=complete,
    )


def shown(report: Report, width: int = 80, full: bool = False, **others: Any) -> str:
    file = io.StringIO()
    console = Console(file=file, width=width, **others)
    print_report(report, SELECTOR, console, full, fault_sentences=FAULTS, path="REPORT.json")
    return file.getvalue()


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def page(report: Report, tmp_path: Path) -> str:
    path = tmp_path / "report.html"
    write_html(report, SELECTOR, path, fault_sentences=FAULTS, report_path="REPORT.json")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("make", [real, synthetic, report])
def test_json_fits_the_schema_and_is_read_back(make: Callable[[], Report], tmp_path: Path) -> None:
    path, again = tmp_path / "report.json", tmp_path / "again.json"
    write_json(make(), path)
    entry = json.loads(path.read_bytes())
    Draft202012Validator.check_schema(schema())
    Draft202012Validator(schema()).validate(entry)
    assert read_json(path) == make()
    write_json(read_json(path), again)
    assert path.read_bytes() == again.read_bytes()


def test_the_calls_of_a_cause_are_a_script() -> None:
    entries = as_json(real())["causes"]
    assert entries
    for entry in entries:
        jsonschema.validate(entry["script"], SCRIPT)
        assert entry["script"]["calls"][0]["call"] == "load"


def test_the_schema_knows_all_words() -> None:
    result = schema()["$defs"]["result"]["properties"]
    assert tuple(result["verdict"]["enum"]) == VERDICTS
    assert {one.level for one in requirements().values()} == set(result["level"]["enum"])
    assert set(PROFILES) == set(schema()["properties"]["profile"]["enum"])
    assert all(re.search(result["id"]["pattern"], id) for id in requirements())
    stages = schema()["$defs"]["cause"]["properties"]["stage"]["enum"]
    assert set(stages) == {stage for pair in OF_GROUPS.values() for stage in pair}
    assert set(OF_GROUPS) == {one.group for one in requirements().values()}


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("schema", "refnn-conform/1", "schema is 'refnn-conform/1', should be refnn-conform/2"),
        ("surplus", 1, "has 'surplus', which is unknown"),
        ("seed", True, "seed is True, should be integer"),
        ("implementation", {"name": "MyNet"}, "implementation has no selector"),
        ("clauses.0.verdict", "passed", "clauses[0].verdict is 'passed', should be pass or fail"),
        ("clauses.0.level", None, "clauses[0].level is None, should be MUST or SHOULD"),
        ("clauses.0.id", "x", "clauses[0].id is 'x', should be like"),
        ("causes.0.bound", -1, "causes[0].bound is -1, should be at least 0"),
        ("causes.0.stage", "learning", "causes[0].stage is 'learning', should be shapes or"),
        ("causes.0.case.dense.0", [1], "causes[0].case.dense[0] has the length 1, should be 3"),
        ("causes.0.case.inputs.0", ["x"], "causes[0].case.inputs[0][0] is 'x'"),
        ("causes.0.case.extras", {"A b": 1}, "causes[0].case.extras.A b is 'A b', should be"),
        ("causes.0.edits.0.factor", 2, "causes[0].edits[0].factor is 2, should be"),
        ("summary.must.fail", 0, "summary does not fit clauses"),
        ("causes.0.clauses.0", "FC-FORWARD", "causes do not fit clauses"),
    ],
)
def test_what_is_no_report_is_named(path: str, value: Any, message: str, tmp_path: Path) -> None:
    whole = part = json.loads(json.dumps(as_json(synthetic())))
    *outer, last = [int(word) if word.isdigit() else word for word in path.split(".")]
    for word in outer:
        part = part[word]
    part[last] = value
    fits = Draft202012Validator(schema()).is_valid(whole)
    assert fits == (misfit(whole) is None) == ("fit clauses" in message)
    file = tmp_path / "report.json"
    file.write_text(json.dumps(whole))
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        read_json(file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"seed": NaN}', "[" * 99999, "\xff"])
def test_what_is_no_json_is_no_report(text: str, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(
        ValueError, match=r"report\.json is no report of refnn-conform: ."
    ) as caught:
        read_json(file)
    assert "\n" not in str(caught.value)


def test_equal_edits_are_one_root() -> None:
    first, *others = roots(synthetic().clauses)
    assert first.first.id == "FC-WEIGHT-GRADIENT"
    assert [other.id for other in first.others] == ["NET-CHAIN-1", "GRAD-EXACT"]
    assert [root.first.id for root in others] == ["LOSS-EDGES", "PURE-REPEAT", "SHAPE-EMPTY"]
    assert not any(root.others for root in others)


def test_the_cause_that_explains_most_takes_all_that_it_explains() -> None:
    """Bugs that do not explain all of them are left out."""
    ids, bugs = COUNTED[:4], (["A", "B"], ["C"], ["A"], ["A", "B"])
    found = roots([failure(id, known_bugs=own) for id, own in zip(ids, bugs, strict=True)])
    first, second = found
    assert [other.id for other in first.others] == [ids[2], ids[3]]
    assert first.cause and first.cause.known_bugs == ["A"]
    assert first.first.cause and first.first.cause.known_bugs == ["A", "B"]
    assert (second.first.id, second.others) == (ids[1], ())


def test_the_first_cause_is_the_one_to_mend_first() -> None:
    """A MUST before what only should be, the one with most failures first; refusals are last."""
    accepted = replace(failure("SHAPE-RAGGED"), level="SHOULD")
    entries = as_json(report(accepted, *synthetic().clauses))["causes"]
    ids = [id for entry in entries for id in entry["clauses"]]
    assert ids[:3] == ["FC-WEIGHT-GRADIENT", "NET-CHAIN-1", "GRAD-EXACT"]
    assert ids[-2:] == ["SHAPE-EMPTY", "SHAPE-RAGGED"]


def test_two_bugs_that_are_wrong_in_the_same_place_are_two_roots() -> None:
    place = "wrong in layer 0 dW; right in layer 0 db"
    ids = COUNTED[:2]
    found = roots([failure(id, title=place, place=place) for id in ids])
    assert [root.first.id for root in found] == ids


def test_one_error_that_is_raised_everywhere_is_one_root() -> None:
    said = "predict raised ValueError: no"
    causes = [failure(id, title=said, certainty="exact", bound=None) for id in COUNTED[:2]]
    assert [root.size for root in roots(causes)] == [2]


def test_the_declaration_that_is_right_for_all_is_the_one_that_is_said() -> None:
    one, other = "loss = MSE(batch='sum')", "weights = 'in_out'"
    [root] = roots(
        [
            failure(id, declare=own)
            for id, own in zip(COUNTED, ([one, other], [other]), strict=False)
        ]
    )
    assert root.cause and root.cause.declare == [other]


def test_what_is_flaky_has_no_place() -> None:
    flaky = failure("PURE-REPEAT", verdict="flaky", title="y[0] is 1.0, should be 2.0")
    assert "place" not in shown(report(flaky))


def test_another_factor_is_another_root() -> None:
    wrong = Edit("scale", "layer 0 dW", "2")
    ids, edits = COUNTED[:3], [wrong, replace(wrong, factor="3"), wrong]
    found = roots([failure(id, edit) for id, edit in zip(ids, edits, strict=True)])
    assert [root.size for root in found] == [2, 1]


def test_a_case_that_is_not_kept_is_found_again_by_its_clause() -> None:
    console = Console(file=io.StringIO(), width=100)
    print_report(synthetic(), SELECTOR, console)
    assert f"replay    refnn-conform run {SELECTOR} --only LOSS-EDGES" in console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [50, 80])
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("make", [real, synthetic])
def test_the_terminal_report_stays_within_its_width(
    make: Callable[[], Report], width: int, full: bool
) -> None:
    lines = shown(make(), width, full).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)
    assert not any(c in line for line in lines for c in "\x1b\x00\ud800")


@pytest.mark.parametrize("width", [50, 80])
def test_the_terminal_report_says_what_failed(width: int) -> None:
    words = on_one_line(shown(synthetic(), width))
    assert "6 failures, 4 causes" in words
    assert "FC-WEIGHT-GRADIENT fail MUST dW is the sum over the batch" in words
    assert "scale: layer 0 dW, factor 1/2" in words
    assert f"MSE-HALF: {FAULTS['MSE-HALF']}" in words
    assert "2 more clauses fail for the same reason: NET-CHAIN-1, GRAD-EXACT" in words
    assert '[float("nan"), 1.0]' in words
    assert "bound 1e-15" in words
    assert "bound exact: must be equal" in words
    assert "[red]wrong[/red] <script>alert(1)</script> {{ 7 * 7 }} [/]" in words
    assert f"replay REPORT.json LOSS-EDGES {SELECTOR}" in words.replace("\\ ", "")
    assert "none of adam is declared: all of OPT" in words
    assert words.endswith("1 passed, 2 unsupported, 4 failed of 10, 1 error, 1 flaky, 1 not run")


def test_the_last_line() -> None:
    passed = [Result(id, "MUST", "pass", 25) for id in list(requirements())[:3]]
    assert shown(report(*passed)).splitlines()[-1] == "3 passed, 0 unsupported, 0 failed of 3"
    cut = shown(synthetic(complete=False), 120).splitlines()[-1]
    assert cut.endswith("1 not run, incomplete: interrupted")


def test_the_test_to_paste_is_shown_in_full_only() -> None:
    brief, full = shown(synthetic()), shown(synthetic(), full=True)
    assert ["def test_loss_edges()" in text for text in (brief, full)] == [False, True]
    assert ["With --full" in text for text in (brief, full)] == [True, False]


def test_many_causes_are_brief_at_the_end() -> None:
    many = report(*(failure(id) for id in COUNTED[: IN_FULL + 3]))
    assert shown(many).count("replay REPORT.json") == IN_FULL
    assert "and 3 more" in shown(many)
    assert shown(many, full=True).count("replay REPORT.json") == IN_FULL + 3


def test_colours_change_no_letter() -> None:
    coloured = shown(synthetic(), force_terminal=True, color_system="truecolor")
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == shown(synthetic())


def test_a_case_is_python() -> None:
    found: dict[str, Any] = {"Huber": lambda **options: options}
    exec(compile(case_as_python(NOT_FINITE, 50), "case", "exec"), found)
    assert repr(found["dense"][0]) == "([[nan, 1.0], [2.0, -inf]], None, 'relu')"
    assert found["inputs"] == NOT_FINITE["inputs"]
    assert found["targets"] == [[float("inf")]]
    assert found["loss"] == {"delta": 1.5, "batch": "sum", "outputs": "mean"}
    assert found["options"] == {"lr": 0.1}
    assert max(map(len, case_as_python(NOT_FINITE, 50).splitlines())) <= 50


def test_the_test_to_paste_replays_the_case(monkeypatch: pytest.MonkeyPatch) -> None:
    import spec_tests

    calls: list[Any] = []
    monkeypatch.setattr(spec_tests, "replay", lambda *arguments: calls.append(arguments), False)
    source = pasteable_test(failure("GRAD-EXACT"), "py:spec_tests.adapter:Adapter")
    found: dict[str, Any] = {}
    exec(compile(source, "test", "exec"), found)
    found["test_grad_exact"]()
    assert calls == [(spec_tests.Adapter, "GRAD-EXACT", NOT_FINITE)]


@pytest.mark.parametrize("selector", [SELECTOR, "numpy", 'py:a b:"', "py:class:X", "py:m:A.B"])
def test_the_test_to_paste_compiles(selector: str) -> None:
    for id in requirements():
        compile(pasteable_test(failure(id), selector, 50), "test", "exec")


def test_without_a_case_there_is_nothing_to_paste() -> None:
    with pytest.raises(ValueError, match="FC-SUM has no case to replay"):
        pasteable_test(Result("FC-SUM", "MUST", "error"), SELECTOR)


@pytest.mark.parametrize("make", [real, synthetic])
def test_the_page_runs_nothing_and_loads_nothing(
    make: Callable[[], Report], tmp_path: Path
) -> None:
    text = page(make(), tmp_path)
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7 * 7 }}" in text
    assert not re.search(r"(src|srcset|action)=|url\(|@import|https?:", text)
    assert text == page(make(), tmp_path)


def test_the_page_shows_every_clause_and_each_failure(tmp_path: Path) -> None:
    source = page(synthetic(), tmp_path)
    ids, links = (re.findall(pattern, source) for pattern in (r' id="(.*?)"', r'href="#(.*?)"'))
    assert len(ids) == len(set(ids))
    assert {result.id for result in synthetic().clauses} | set(links) <= set(ids)
    text = on_one_line(unescape(re.sub(r"<[^>]*>", "", source)))
    assert "2 more clauses fail for the same reason" in text
    assert f"MSE-HALF: {FAULTS['MSE-HALF']}" in text
    assert "spec_tests.replay( MyNet," in text
    assert f"refnn-conform replay REPORT.json LOSS-EDGES {SELECTOR}" in text
    assert "25 · 0.12" in text
