"""The command `refnn-conform`: run, smoke, init, replay, faults.

Exit codes: 0 nothing that was checked failed, 1 a MUST failed (--strict: or a SHOULD), 2 usage, or
nothing to judge, 3 the adapter itself broke, 130 Ctrl-C. Output that is cut off changes none.
"""

from __future__ import annotations

import argparse
import math
import os
import signal
import sys
import threading
from collections.abc import Sequence

from refnn.cli import Parser, survive_narrow_encodings
from spec_tests.commands.output import outlive_the_readers
from spec_tests.players.program import SECONDS_A_CALL

SELECTOR = (
    "py:package.module:Class or my_net.py:Class, 'cmd:PROGRAM ...' on the wire, or bundled: ref, "
    "numpy, numpy32, textbook, or a bug's name"
)
WORKERS = "judges, each with a process of the network; as many as cores, unless told"


def build_parser() -> Parser:
    """The parser, from which the documentation of the command is made too."""
    parser = Parser(
        prog="refnn-conform",
        description="Checks a neural network, in any library, clause by clause.",
        epilog=f"SELECTOR: {SELECTOR}",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_run(commands.add_parser("run", help="all clauses, and a report"))

    command = commands.add_parser("smoke", help="a first look: three cases of every clause")
    command.set_defaults(command="smoke", workers=_cores())
    command.add_argument("selector", metavar="SELECTOR", help=SELECTOR)

    command = commands.add_parser("init", help="write an adapter to start from")
    command.set_defaults(command="init")
    command.add_argument("language", choices=["python"])
    command.add_argument("folder", metavar="DIR", help="where to write it")

    command = commands.add_parser("replay", help="check the failing cases of a report again")
    command.set_defaults(command="replay")
    command.add_argument("report", metavar="REPORT.json", help="what --json wrote")
    command.add_argument(
        "words",
        metavar="WORD",
        nargs="+",
        help="SELECTOR: what failed; CLAUSE SELECTOR: that alone",
    )
    command.add_argument("--full", action="store_true", help="with a test to paste")

    command = commands.add_parser("faults", help="which clause catches which classic bug")
    command.set_defaults(command="faults")
    command.add_argument("--json", metavar="FILE", help="write the matrix")
    command.add_argument("--workers", type=_workers, default=_cores(), metavar="N", help=WORKERS)
    command.set_defaults(profile="quick", seed=0)
    return parser


def _add_run(command: argparse.ArgumentParser) -> None:
    command.set_defaults(command="run")
    command.add_argument("selector", metavar="SELECTOR", help=SELECTOR)
    command.add_argument(
        "--profile",
        choices=["smoke", "quick", "default", "thorough"],
        default="default",
        help="3, 25, 100 or 2,000 cases of each clause",
    )
    command.add_argument("--seed", type=int, default=0, metavar="N", help="other cases (0)")
    command.add_argument("--workers", type=_workers, default=_cores(), metavar="N", help=WORKERS)
    command.add_argument("--only", metavar="ID,...", help="these clauses or groups: FC-SUM,ACT")
    command.add_argument(
        "--require", metavar="GROUP,...", help="fail where these are unsupported, or: all"
    )
    command.add_argument("--json", metavar="FILE", help="write the report for machines")
    command.add_argument("--html", metavar="FILE", help="write the report as a page")
    command.add_argument(
        "--expect",
        metavar="FILE",
        help="known failures, as TOML: [CLAUSE] with a reason and a link",
    )
    command.add_argument(
        "--call-seconds",
        type=_seconds,
        default=SECONDS_A_CALL,
        metavar="S",
        help=f"how long one call may take ({SECONDS_A_CALL:g})",
    )
    command.add_argument("--seconds", type=_seconds, metavar="S", help="how long all may take")
    command.add_argument("--strict", action="store_true", help="what only should be is binding too")
    command.add_argument("--full", action="store_true", help="all causes, with tests to paste")


def _workers(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is too small, should be at least 1")
    return number


_workers.__name__ = "whole number"


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"{text} should be more than 0")
    return number


_seconds.__name__ = "number of seconds"


def _cores() -> int:
    return min(os.cpu_count() or 1, 8)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; what a user can get wrong is one line on stderr."""
    outlive_the_readers()
    survive_narrow_encodings(sys.stdout)
    # A CI that gives up says so with SIGTERM: as after Ctrl-C, no child may live on.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments = build_parser().parse_args(argv)
    try:
        return _dispatch(arguments)
    except ImportError as error:
        print(f"refnn-conform: {error.name} is missing: pip install 'refnn[spec]'", file=sys.stderr)
        return 2
    except OSError as error:
        what = f"{error.filename}: {error.strerror}" if error.filename else error
        print(f"refnn-conform: {what}", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"refnn-conform: {error}", file=sys.stderr)
        return 2


def _dispatch(arguments: argparse.Namespace) -> int:
    """The commands are imported here, where a missing package can be named."""
    if arguments.command == "init":
        from spec_tests.commands.init import init

        return init(arguments)
    from spec_tests.commands.faults import faults
    from spec_tests.commands.run import replay, run, smoke
    from spec_tests.players.player import BrokenImplementation, UnknownImplementation
    from spec_tests.runner.session import JudgeError

    try:
        return {"run": run, "smoke": smoke, "replay": replay, "faults": faults}[arguments.command](
            arguments
        )
    except UnknownImplementation as error:
        print(f"refnn-conform: {error}", file=sys.stderr)
        return 2
    except (BrokenImplementation, JudgeError) as error:
        print(f"refnn-conform: {error}", file=sys.stderr)
        return 3
