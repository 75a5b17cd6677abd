"""The implementation under test: what it declares, and whoever plays scripts on it."""

from __future__ import annotations

from spec_tests.adapter import Adapter
from spec_tests.declaration import Declaration
from spec_tests.judge.asked import asked
from spec_tests.judge.played import Played
from spec_tests.players.player import InProcess, Player
from spec_tests.scripts.script import Script


class Subject:
    """`declaration` is that of the player, unless another is tried on it."""

    def __init__(self, player: Player, declaration: Declaration | None = None) -> None:
        self.player = player
        self.declaration = declaration or player.declaration

    def play(self, script: Script) -> Played:
        """Errors of the adapter's own are answers too; PlayerError where there are none."""
        answers = self.player.play(asked(script, self.declaration))
        return Played(script, self.declaration, answers)


def in_process(adapter: type[Adapter]) -> Subject:
    """An adapter in this process, without a watchdog. DeclarationError for what is no adapter."""
    return Subject(InProcess(adapter))
