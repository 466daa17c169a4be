"""Is a file in the page cache, and how to get it out, without being root (Linux)."""

import ctypes
import mmap
import os
from collections.abc import Iterable
from pathlib import Path


def evict(files: Iterable[Path]) -> None:
    """Ask the kernel to drop the files' pages. Pages not yet written to the disk stay, so write them first."""
    for path in files:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(handle)


def cached_share(files: Iterable[Path]) -> float:
    """The share of files whose first page is in memory (mincore, which answers the owner of a file).

    Not by a read with RWF_NOWAIT: that does not wait, but it starts reading ahead, so the pages that were
    missing are there a moment later.
    """
    answers = [_first_page_cached(path) for path in files]
    return sum(answers) / len(answers)


def _first_page_cached(path: Path) -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    answer = ctypes.c_ubyte()
    # A private mapping counts as writable, which `from_buffer` wants. Nothing is read through it.
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 1, access=mmap.ACCESS_COPY) as mapped:
        first = ctypes.c_ubyte.from_buffer(mapped)
        failed = libc.mincore(ctypes.byref(first), ctypes.c_size_t(1), ctypes.byref(answer))
        del first  # a mapping that is still pointed at cannot be closed
    if failed:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(path))
    return bool(answer.value & 1)
