"""Whoever plays scripts: an adapter in this process, or behind the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from spec_tests.adapter import Adapter
from spec_tests.declaration import Declaration, declare
from spec_tests.players import declared
from spec_tests.players.play import Play
from spec_tests.players.program import PlayerError, Program
from spec_tests.scripts import wire


class UnknownImplementation(Exception):
    """Nothing of that name, or a declaration that is none."""


class BrokenImplementation(Exception):
    """The adapter's module cannot be imported, or the program not be started."""


class Player(Protocol):
    """`play` takes a script as JSON and gives an answer for each of its calls."""

    @property
    def declaration(self) -> Declaration: ...

    def play(self, script: Mapping[str, Any]) -> list[Any]: ...

    def close(self) -> None: ...


class InProcess:
    """No watchdog: a call that hangs, hangs the judge."""

    def __init__(self, adapter: type[Adapter]) -> None:
        self._adapter = adapter
        self.declaration = declare(adapter)

    def play(self, script: Mapping[str, Any]) -> list[Any]:
        return Play(self._adapter, script).answers()

    def close(self) -> None:
        """There is nothing to end."""


class Wired:
    """A program behind the wire. A new process is asked to declare again, the same as before."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._number = 0
        try:
            self.declaration = declared.read(self._declared())
        except PlayerError as error:
            raise BrokenImplementation(str(error)) from None
        except BaseException:
            program.close()
            raise

    def play(self, script: Mapping[str, Any]) -> list[Any]:
        """PlayerError where there is no answer, WireError where it is none."""
        if self._program.is_new:
            self._declared()
        self._number += 1
        line = wire.line({"script": self._number, **script})
        answer = self._program.ask(line)
        try:
            if answer.startswith(GIANT):
                raise PlayerError(wire.read(answer)["giant"])
            return wire.answers(answer, self._number, len(script["calls"]))
        except (PlayerError, wire.WireError):
            # What it says later would be taken for the answer to another script.
            self._program.close()
            raise

    def _declared(self) -> Any:
        entry = wire.read(self._program.ask(wire.line({"wire": wire.VERSION})))
        if isinstance(entry, dict) and "unknown" in entry:
            raise UnknownImplementation(entry["unknown"])
        if isinstance(entry, dict) and "broken" in entry:
            raise BrokenImplementation(entry["broken"])
        return entry

    def close(self) -> None:
        self._program.close()


GIANT = b'{"giant"'
"""So begins the last line of a child that ends since a call took too much memory."""
