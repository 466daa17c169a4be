"""How much of a file is in the page cache, and how to get it out, without being root (Linux)."""

import ctypes
import mmap
import os
import sys
from collections.abc import Iterable
from pathlib import Path


def evict(files: Iterable[Path]) -> None:
    """Ask the kernel to drop the files' pages. A page that is not yet written to the disk stays, so each file is
    written first. Raises OSError.
    """
    assert sys.platform == "linux"
    for path in files:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)  # type: ignore  (Linux)
        finally:
            os.close(handle)


def cached_share(files: Iterable[Path]) -> float:
    """The share of the files' pages that are in memory, 0 to 1 (mincore, which answers the owner of a file). Raises
    OSError.

    Not by a read with RWF_NOWAIT: that does not wait, but it starts reading ahead, so the pages that were
    missing are there a moment later.
    """
    answers = [answer for path in files for answer in _pages_cached(path)]
    return sum(answers) / len(answers)


def _pages_cached(path: Path) -> list[bool]:
    """Of each page of the file, whether it is in memory. Raises OSError, naming the file."""
    libc = ctypes.CDLL(None, use_errno=True)
    # A private mapping counts as writable, which `from_buffer` wants. Nothing is read through it.
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as mapped:
        answers = (ctypes.c_ubyte * -(-len(mapped) // mmap.PAGESIZE))()
        start = ctypes.c_ubyte.from_buffer(mapped)
        failed = libc.mincore(ctypes.byref(start), ctypes.c_size_t(len(mapped)), answers)
        del start  # a mapping that is still pointed at cannot be closed
    if failed:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(path))
    return [bool(answer & 1) for answer in answers]
