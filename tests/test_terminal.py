"""What is shown live: a bar and a table by rich on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io
import sys

import pytest

from refnn.pictures.panel import Field
from refnn.pictures.text import draw_text
from refnn.terminal import print_table, progress


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with progress("xor", 4) as on_epoch:
        for epoch in range(1, 5):
            on_epoch(epoch, 1 / epoch)
    shown = screen.getvalue()
    assert "xor" in shown
    assert "4/4" in shown
    assert "loss 0.25" in shown


def test_progress_elsewhere_is_about_ten_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("xor", 95) as on_epoch:
        for epoch in range(1, 96):
            on_epoch(epoch, 0.5)
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 11
    assert err.splitlines()[-1] == "xor: epoch 95 of 95, loss 0.5"


def test_a_table_elsewhere_is_aligned_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(("", "learned", "true"), [("m", "11.2349", "11.2"), ("b, long", "1", "")])
    assert capsys.readouterr().out.splitlines() == [
        "         learned  true",
        "m        11.2349  11.2",
        "b, long        1",
    ]


def test_a_table_on_a_terminal_is_drawn_by_rich(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    print_table(("", "learned", "true"), [("m", "11.2349", "11.2")])
    assert "11.2349" in screen.getvalue()
    assert "─" in screen.getvalue()


def test_a_field_is_drawn_with_its_top_on_top() -> None:
    field = Field.of(lambda x: [[a[1]] for a in x], 0, 2, 0, 1, cells=4)
    assert draw_text(field, columns=8, rows=4).splitlines() == [
        " (0, 1)",
        "+--------+",
        "|%%%%%%%%|",
        "|********|",
        "|--------|",
        "|........|",
        "+--------+",
        " (0, 0)(2, 0)",
    ]


def test_values_outside_0_to_1_have_the_last_shades() -> None:
    field = Field(0, 1, 0, 1, [[-0.5, 1.5]])
    assert "| @|" in draw_text(field, columns=2, rows=1)
