"""The commands as their parsers know them, so that nothing here can be out of date."""

from __future__ import annotations

from argparse import Action, ArgumentParser, _HelpAction, _SubParsersAction
from collections.abc import Iterator


def reference(parser: ArgumentParser) -> str:
    """A section for each command: what it does, its usage, and what its arguments mean."""
    return "\n\n".join(
        f"### {command.prog} {{#{command.prog.replace(' ', '-')}}}\n\n"
        f"{about[:1].upper()}{about[1:]}.\n\n```text\n{_usage(command)}\n```\n\n{_table(command)}"
        for command, about in _commands(parser)
    )


def _commands(parser: ArgumentParser) -> Iterator[tuple[ArgumentParser, str]]:
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for listed in action._choices_actions:
                yield action.choices[listed.dest], listed.help or ""


def _arguments(parser: ArgumentParser) -> list[Action]:
    """What must be said first, then the options."""
    own = [action for action in parser._actions if not isinstance(action, _HelpAction)]
    return sorted(own, key=lambda action: bool(action.option_strings))


def _usage(parser: ArgumentParser) -> str:
    own = _arguments(parser)
    required = [_named(action) for action in own if not action.option_strings]
    return " ".join(
        [parser.prog, *required, *(["[OPTION ...]"] if len(own) > len(required) else [])]
    )


def _table(parser: ArgumentParser) -> str:
    explained = [action for action in _arguments(parser) if action.help]
    rows = [f"| `{_named(action)}` | {_cell(action.help or '')} |" for action in explained]
    return "\n".join(["| argument | meaning |", "|---|---|", *rows]) if rows else ""


def _named(action: Action) -> str:
    """The option with its value, or the value alone: --seed N, SELECTOR."""
    value = action.metavar or "|".join(map(str, action.choices or [action.dest]))
    more = " ..." if action.nargs == "+" else ""
    takes_none = action.nargs == 0
    return " ".join([*action.option_strings, *([] if takes_none else [f"{value}{more}"])])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
