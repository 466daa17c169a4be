"""Files that are written whole or not at all, and read once per change."""

import os
import tempfile
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

SETTLED_NS = 2_000_000_000
"""A file that changed later than this before it was read may change once more within the same tick of its clock."""

MOST_KEPT = 16


def once_per_change(read: Callable[[Path], T]) -> Callable[[Path], T]:
    """What `read` made of a file, until that file is another one; who is given it leaves it as it is."""
    kept: dict[Path, tuple[tuple[int, int, int], T]] = {}

    @wraps(read)
    def again(path: Path) -> T:
        try:
            status = path.stat()
        except OSError:
            return read(path)
        stamp = (status.st_ino, status.st_size, status.st_mtime_ns)
        if path in kept and kept[path][0] == stamp:
            return kept[path][1]
        found = read(path)
        kept.pop(path, None)
        if time.time_ns() - status.st_mtime_ns > SETTLED_NS:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            kept[path] = (stamp, found)
        return found

    return again


def write_whole(path: Path, text: str) -> None:
    """The text at `path`, or what was there before; nothing between. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException as error:
        os.unlink(temporary)
        if isinstance(error, OSError):
            error.filename = str(path)  # a full disk names none
        raise
