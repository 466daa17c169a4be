"""One process at a time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Waits until no other process holds this lock file, and holds it.

    The system lets go of it when the process ends, however it ends. The file, empty, stays: deleting
    it would let two processes hold two files of one name.
    """
    with open(path, "a") as file:
        hold(file.fileno())
        yield


def hold(descriptor: int) -> None:
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return
    import msvcrt

    while True:
        try:
            return msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            time.sleep(0.2)
