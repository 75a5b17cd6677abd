"""Files are written whole or not at all: to a new file, which then replaces the old one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Put `content` at `path`, through links. After an error the old file stands there still."""
    check_target(path)
    target = Path(path).resolve()
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
    """OSError unless a file can be written at `path`."""
    target = Path(path).resolve()
    if target.is_dir():
        raise IsADirectoryError(f"{path} is a folder, should be a file")
    if not target.parent.is_dir():
        raise FileNotFoundError(f"{target.parent.name} is no folder, {path} cannot be written")
    if target.exists() and not target.is_file():
        raise OSError(f"{path} is a device, should be a file")
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise PermissionError(f"{path} cannot be written: no permission")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
