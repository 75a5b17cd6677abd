"""Puts the browser's Python beside the pages: Pyodide from npm, and one archive of pure packages.

    python docs/live/fetch.py

What is fetched is pinned (package-lock.json, requirements.txt), and the archive of equal packages
is equal bytes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TARGET = HERE.parent / "pages" / "assets" / "live"
PYODIDE = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
NATIVE = (".so", ".pyd", ".c", ".pyi")


def fetch() -> None:
    """Fill the folder `assets/live` anew."""
    npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    subprocess.run(npm, cwd=HERE, check=True)
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for name in PYODIDE:
        shutil.copy(HERE / "node_modules" / "pyodide" / name, TARGET)
    with tempfile.TemporaryDirectory() as wheels:
        pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", wheels]
        subprocess.run([*pip, "-r", HERE / "requirements.txt", ROOT], check=True)
        bundle(TARGET / "python.zip", sorted(Path(wheels).glob("*.whl")))


def bundle(archive: Path, wheels: list[Path]) -> None:
    """Everything that is pure Python, and the pages' own parts, in an archive without dates."""
    with ZipFile(archive, "w") as out:
        for name, content in sorted([*_own(), *_files(wheels)]):
            out.writestr(ZipInfo(name), content, ZIP_DEFLATED)


def _own() -> Iterator[tuple[str, bytes]]:
    for path in (HERE / "python").glob("*.py"):
        yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def _files(wheels: list[Path]) -> Iterator[tuple[str, bytes]]:
    for wheel in wheels:
        with ZipFile(wheel) as content:
            for name in content.namelist():
                if not name.endswith(NATIVE):
                    yield name, content.read(name)


if __name__ == "__main__":
    fetch()
