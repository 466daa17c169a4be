"""On PYTHONPATH: a system without what Linux has and macOS or Windows lack. It stands in for one that is not to be had.

Only what a script names is taken away: by default workers are still forked, which takes less time. How scripts fare
under spawn is for test_start_methods.py.
"""

import builtins
import errno
import io
import multiprocessing
import os
import signal
import sys
import tempfile
from typing import Any

PLACES = ("/proc/", "/dev/shm")
held: set[str] = set()


def lacking(call: Any) -> Any:
    """The same, but for a system that has none of PLACES."""

    def called(path: Any, *more: Any, **named: Any) -> Any:
        if isinstance(path, (str, os.PathLike)) and os.fspath(path).startswith(PLACES):
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", os.fspath(path))
        if path in held:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return call(path, *more, **named)

    return called


def named_temporary_file(*arguments: Any, **named: Any) -> Any:
    """As on Windows: while it is open nobody else can open it."""
    file = any_temporary_file(*arguments, **named)
    held.add(file.name)
    return file


def get_context(method: str | None = None) -> Any:
    if method not in (None, "spawn"):
        raise ValueError(f"cannot find context for {method!r}")
    return any_context(method)


for module, names in {os: ("sched_getaffinity", "sched_setaffinity", "nice"), signal: ("SIGKILL",)}.items():
    for name in names:
        delattr(module, name)
sys.modules["resource"] = None  # pyright: ignore[reportArgumentType]  (so an import of it fails)
builtins.open = io.open = lacking(open)
for name in ("stat", "statvfs"):
    setattr(os, name, lacking(getattr(os, name)))
any_temporary_file = tempfile.NamedTemporaryFile
tempfile.NamedTemporaryFile = named_temporary_file
any_context = multiprocessing.get_context
multiprocessing.get_context = get_context
multiprocessing.get_all_start_methods = lambda: ["spawn"]
