"""python -m benchmarks [speed] [scaling] [memory] [twin]: run them (all where none is named)."""

from __future__ import annotations

import argparse
import platform
import sys

import benchmarks

try:
    import rich
except ImportError:
    sys.exit("the benchmarks print their tables with rich: pip install rich")

from benchmarks import memory, scaling, speed, twin

PARTS = {
    "speed": speed.report,
    "scaling": scaling.report,
    "memory": memory.report,
    "twin": twin.report,
}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=benchmarks.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of: {', '.join(PARTS)}")
    parts = parser.parse_args().parts or list(PARTS)
    for part in parts:
        if part not in PARTS:
            parser.error(f"there is no part {part!r}: choose from {', '.join(PARTS)}")
    rich.print(f"{platform.python_implementation()} {platform.python_version()}")
    for part in parts:
        PARTS[part]()


if __name__ == "__main__":
    main()
