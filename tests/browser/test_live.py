"""What runs in the reader's browser: cells, the check of one's own code, the playground."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

Open = Callable[..., Any]
ENDLESS = "from spec_tests import Adapter\nwhile True: pass\n"
BROKEN = "from spec_tests import Adapter\n\nclass MyNet(Adapter)\n    pass\n"
UNFOLD = "for (const part of document.querySelectorAll('details')) part.open = true"
RAISING = "x = 1\n\nx / 0\n"


def run(page: Any, source: str | None = None) -> str:
    """Press Run on the page check.md, and wait; its state at the end."""
    if source is not None:
        page.get_by_label("Your network").fill(source)
    page.get_by_role("button", name="Run").click()
    ended = page.wait_for_selector("#check:is([data-state=done], [data-state=error])")
    return str(ended.get_attribute("data-state"))


def run_cell(cell: Any) -> str:
    """Press its Run, and wait; its state at the end."""
    cell.get_by_role("button", name="Run").click()
    ended = cell.page.wait_for_function(
        "cell => ['done', 'error'].includes(cell.dataset.state) && cell.dataset.state",
        arg=cell.element_handle(),
    )
    return str(ended.json_value())


def test_every_live_cell_runs(open_page: Open, paths: list[str], url: str) -> None:
    page = open_page("")
    count = 0
    for path in paths:
        page.goto(url + path)
        page.evaluate(UNFOLD)
        for i in range(page.locator("div.live").count()):
            cell = page.locator("div.live").nth(i)
            shown = re.findall(r"^#> ?(.*)$", cell.locator("textarea").input_value(), re.MULTILINE)
            state = run_cell(cell)
            printed = cell.locator("output").inner_text().splitlines()
            assert state == "done", f"{path}: {printed}"
            assert not shown or printed == shown, path
            count += 1
    assert count >= 5


def test_a_cell_runs_those_above_it_first(open_page: Open) -> None:
    page = open_page("learn/backpropagation/")
    page.evaluate(UNFOLD)
    first, last = page.locator("div.live").first, page.locator("div.live").last
    assert run_cell(last) == "done"
    page.reload()
    page.evaluate(UNFOLD)
    first.locator("textarea").fill("unknown\n")
    assert run_cell(last) == "error"
    assert "A cell above fails" in last.locator("output").inner_text()
    assert first.get_attribute("data-state") is None


def test_a_cell_that_would_never_end_is_stopped_with_the_keyboard(open_page: Open) -> None:
    page = open_page("learn/neuron/")
    cell = page.locator("div.live").first
    cell.locator("textarea").fill("print(1, flush=True)\nwhile True: pass\n")
    cell.get_by_role("button", name="Run").press("Enter")
    page.wait_for_function("document.querySelector('div.live output').textContent.startsWith('1')")
    cell.get_by_role("button", name="Stop").press("Enter")
    page.wait_for_selector("div.live[data-state=stopped]")
    assert cell.locator("output").inner_text().splitlines() == ["1", "", "Stopped."]
    assert page.evaluate("document.activeElement.textContent") == "Run"


def test_the_network_of_the_page_is_right(open_page: Open) -> None:
    page = open_page("check/")
    assert run(page) == "done"
    assert ", 0 failed of " in page.get_by_role("status").inner_text()


def test_a_bug_of_the_menu_is_found_and_named(open_page: Open) -> None:
    page = open_page("check/")
    page.get_by_label("A famous bug").select_option("The step divides by the batch once more")
    assert run(page) == "done"
    report = page.frame_locator("iframe[title=Report]")
    assert "SGD-STEP" in report.locator(".causes").inner_text()
    assert "divided-twice" in report.locator(".causes").inner_text()


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (BROKEN, ["line 3", "SyntaxError"]),
        (RAISING, ["line 3", "ZeroDivisionError"]),
        ("x = 1\n", ["no subclass of spec_tests.Adapter"]),
    ],
)
def test_what_cannot_be_run_is_shown_with_its_line(
    open_page: Open, source: str, said: list[str]
) -> None:
    page = open_page("check/")
    assert run(page, source) == "error"
    words = page.get_by_label("What your code printed").inner_text()
    assert all(word in words for word in said), words


def test_stop_ends_what_would_never_end(open_page: Open) -> None:
    page = open_page("check/")
    page.get_by_label("Your network").fill(ENDLESS)
    page.get_by_role("button", name="Run").click()
    page.wait_for_function("document.querySelector('.status').textContent.startsWith('0 of')")
    page.get_by_role("button", name="Stop").click()
    assert page.get_by_role("status").inner_text().startswith("Stopped after 0 of")
    assert run(page, "x = 1\n") == "error"


def test_tab_leaves_the_editor(open_page: Open) -> None:
    page = open_page("check/")
    page.get_by_label("Your network").press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"


def test_the_playground_learns_xor(open_page: Open) -> None:
    page = open_page("playground/")
    page.get_by_role("button", name="Train").press("Enter")
    numbers = page.locator(".numbers")
    page.wait_for_function(
        "parseInt(document.querySelector('.numbers').textContent.match(/(\\d+) of 120/)?.[1]) > 110"
    )
    page.get_by_role("button", name="Stop").press("Enter")
    page.wait_for_selector("#play[data-state=stopped]")
    stopped = numbers.inner_text()
    page.wait_for_timeout(500)
    assert numbers.inner_text() == stopped
    colours = page.locator("canvas").first.evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, 100, 100).data]"
    )
    assert len(set(colours)) > 10
    page.get_by_role("button", name="Reset").press("Enter")
    assert numbers.inner_text() == ""
