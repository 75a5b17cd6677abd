"""refnn-conform init: an adapter that runs, to be changed into one's own."""

from __future__ import annotations

import argparse
from importlib.resources import files
from pathlib import Path

from refnn.files import write_whole

FILES = ("my_net.py", "test_my_net.py")


def init(arguments: argparse.Namespace) -> int:
    """Write the files of a language into a folder, and say what to do with them."""
    folder = Path(arguments.folder)
    for name in FILES:
        if (folder / name).exists():
            raise ValueError(f"{folder / name} is there already, and is not overwritten")
    folder.mkdir(parents=True, exist_ok=True)
    templates = files("spec_tests").joinpath("templates")
    for name in FILES:
        write_whole(folder / name, templates.joinpath(f"{name}.template").read_bytes())
        print(f"wrote {folder / name}")
    here = "" if folder == Path() else f"cd {folder} && "
    print("\nIt holds a small NumPy network and its adapter. Try it, then put yours in its place:")
    print(f"  {here}refnn-conform smoke py:my_net:MyNet")
    print(f"  {here}refnn-conform run py:my_net:MyNet")
    print(f"  {here}pytest test_my_net.py")
    return 0
