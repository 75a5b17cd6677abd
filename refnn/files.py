"""Files are written whole or not at all: to a new file, which then replaces the old one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Put `content` at `path`. After an error what stood there stands there still."""
    check_target(path)
    target = Path(path)
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(beside, target.stat().st_mode if target.exists() else 0o666 & ~_umask())
        os.replace(beside, target)
    except BaseException:
        os.unlink(beside)
        raise


def check_target(path: str | os.PathLike[str]) -> None:
    """OSError unless there can be a file at `path`."""
    target = Path(path)
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder, should be a file")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"{target.parent} is no folder, {target.name} cannot stand in it")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
