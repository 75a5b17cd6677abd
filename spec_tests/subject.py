"""The implementation under test in this process: what it declares, and scripts played on it."""

from __future__ import annotations

from spec_tests.adapter import Adapter
from spec_tests.declaration import Declaration, declare
from spec_tests.judge.asked import asked
from spec_tests.judge.played import Played
from spec_tests.players.play import Announce, Play
from spec_tests.scripts.script import Script


class Subject:
    """Every call is announced, so that a watchdog knows which one hangs."""

    def __init__(self, adapter: type[Adapter], announce: Announce = lambda _: None) -> None:
        self.adapter = adapter
        self.declaration: Declaration = declare(adapter)
        self.announce = announce

    def play(self, script: Script) -> Played:
        """Errors of the adapter's own are answers too."""
        entry = asked(script, self.declaration)
        answers = Play(self.adapter, entry, self.announce).answers()
        return Played(script, self.declaration, answers)
