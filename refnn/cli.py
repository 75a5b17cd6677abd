"""The command `refnn`: list, run, explain, check.

Exit codes: 0 all well, 1 a gradient is wrong, 2 the command or a file is not what it should be.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import io
import os
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import NoReturn, TextIO

from refnn.commands.inspect import check, explain_network
from refnn.commands.run import list_systems, run


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def _whole(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is too small, should be at least 1")
    return number


def _number(text: str) -> Fraction:
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise argparse.ArgumentTypeError(f"{text} is no number, as 3, -0.5 and 1/3 are") from None


_whole.__name__ = "whole number"


def build_parser() -> Parser:
    """The parser, from which the documentation of the commands is made too."""
    parser = Parser(
        prog="refnn", description="The feed-forward neural network, to read and to run."
    )
    parser.add_argument("--version", action="version", version=f"refnn {_version()}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    command = commands.add_parser("list", help="the systems that can be run")
    command.set_defaults(function=list_systems)

    command = commands.add_parser("run", help="train a system, show what it learned")
    command.set_defaults(function=run)
    command.add_argument("name", metavar="NAME", help="as refnn list shows it")
    command.add_argument("--seed", type=int, metavar="N", help="another start")
    command.add_argument("--epochs", type=_whole, metavar="N", help="longer or shorter")
    command.add_argument("--plot", metavar="FILE", help="draw its picture (.svg or .png)")
    command.add_argument("--save", metavar="FILE", help="write the trained network (.json)")
    command.add_argument("--json", action="store_true", help="print JSON")

    command = commands.add_parser("explain", help="both passes of one sample, every number")
    command.set_defaults(function=explain_network)
    command.add_argument("name", metavar="NAME|network.json", help="a system or a network file")
    for name, what in (("--x", "the sample, for a file"), ("--t", "its target, for a file")):
        command.add_argument(name, type=_number, nargs="+", metavar="NUMBER", help=what)
    command.add_argument("--json", action="store_true", help="print JSON")

    command = commands.add_parser("check", help="check the gradients of a network file")
    command.set_defaults(function=check)
    command.add_argument("network", metavar="network.json", help="as refnn run --save writes it")
    command.add_argument("data", metavar="data.json", help='{"x": [[...], ...], "t": [[...], ...]}')
    command.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _version() -> str:
    try:
        return importlib.metadata.version("refnn")
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; what a user can get wrong is one line on stderr."""
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    survive_narrow_encodings(sys.stdout)
    arguments = build_parser().parse_args(argv)
    try:
        status: int = arguments.function(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("refnn: interrupted", file=sys.stderr)
        return 130
    except ImportError as error:
        print(f"refnn: {error.name} is missing: pip install 'refnn[plot]'", file=sys.stderr)
        return 2
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else error
        print(f"refnn: {what}", file=sys.stderr)
        return 2
    except ArithmeticError as error:
        print(f"refnn: the numbers are too large or undefined: {error}", file=sys.stderr)
        return 2
    except (ValueError, TypeError) as error:
        print(f"refnn: {error}", file=sys.stderr)
        return 2
    return status


def survive_narrow_encodings(stream: TextIO) -> None:
    """A terminal that cannot show a letter gets a question mark, not a crash."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
