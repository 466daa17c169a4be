"""What macOS or Windows lack, taken away from this project's own code and its snippets, and from nothing else.

Python's own modules and installed packages go on seeing Linux, for they would be others there. So what is hidden is
hidden from whoever asks from a file that is neither. What this cannot stand in for: paths with backslashes, files that
another process has open, and whatever packages do otherwise there.
"""

import builtins
import contextlib
import errno
import importlib.abc
import importlib.util
import io
import locale
import multiprocessing
import multiprocessing.context
import os
import platform
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from types import FrameType, ModuleType
from typing import Any

MACOS = ("darwin", "affinity", "proc", "shm", "page-cache", "unshare")
WINDOWS = (
    *("win32", "affinity", "proc", "shm", "page-cache", "unshare", "fork", "start-methods", "groups", "signals"),
    *("posix", "resource", "symlinks", "taskkill", "held-files", "utf-8", "newlines", "clocks"),
)
PRESETS = {"macos": MACOS, "windows": WINDOWS}

LIBRARIES = ("<frozen", sys.prefix, sys.base_prefix, os.path.dirname(os.__file__))
PASSES_ON = {__name__, "os", "posixpath", "genericpath", "pathlib", "shutil", "glob", "importlib", "tempfile"}
"""Modules that ask because somebody has asked them."""

ABSENT = object()
TICK = 1 / 64
"""Seconds between two of what Windows' clocks of threads and processes say, and most others."""


def take_away(names: str) -> None:
    for name in PRESETS.get(names) or names.split(","):
        TAKEN[name]()


def asked_by_library() -> bool:
    frame: FrameType | None = sys._getframe(1)
    while frame and frame.f_globals.get("__name__", "").partition(".")[0] in PASSES_ON:
        frame = frame.f_back
    return frame is None or is_library(frame)


def is_library(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(LIBRARIES)


def hide(module: ModuleType, instead: Mapping[str, Any]) -> None:
    """Of a module, these names: the project sees what stands here instead, or finds them ABSENT."""

    def seen(name: str, other: Any) -> property:
        def get(own: ModuleType) -> Any:
            if is_library(sys._getframe(1)):
                return own.__dict__[name]
            if other is ABSENT:
                raise AttributeError(name)  # Python words it as for any other module
            return other

        return property(get)  # pyrefly: ignore[bad-return]: as if it decorated `get`

    names = {name: seen(name, other) for name, other in instead.items() if name in module.__dict__}
    module.__class__ = type("Elsewhere", (type(module),), names)  # pyrefly: ignore[unsupported-dynamic-base]


def absent(module: ModuleType, names: str) -> Callable[[], None]:
    return lambda: hide(module, dict.fromkeys(names.split(), ABSENT))


# Places in the file system.

AT_A_PATH = ("stat", "lstat", "statvfs", "listdir", "scandir", "access", "open")


def without_places(*places: str) -> None:
    def lacking(call: Any) -> Any:
        def called(path: Any = os.curdir, *more: Any, **named: Any) -> Any:
            if isinstance(path, (str, os.PathLike)) and lies_there(os.fspath(path)) and not asked_by_library():
                if call is real_access:
                    return False
                raise FileNotFoundError(errno.ENOENT, "No such file or directory", os.fspath(path))
            return call(path, *more, **named)

        return called

    def lies_there(path: str | bytes) -> bool:
        return isinstance(path, str) and any(path == place or path.startswith(f"{place}/") for place in places)

    real_access = os.access
    builtins.open = io.open = lacking(builtins.open)
    for name in AT_A_PATH:
        setattr(os, name, lacking(getattr(os, name)))


def without_unshare() -> None:
    found = shutil.which
    shutil.which = lambda command, *more, **named: None if command == "unshare" else found(command, *more, **named)  # pyrefly: ignore[bad-assignment]


def without_symlinks() -> None:
    """As for users of Windows who have no right to make any."""
    link = os.symlink

    def symlink(source: Any, target: Any, *more: Any, **named: Any) -> None:
        if asked_by_library():
            return link(source, target, *more, **named)
        raise OSError(errno.EINVAL, "A required privilege is not held by the client", os.fspath(source))

    os.symlink = symlink  # pyrefly: ignore[bad-assignment]


LISTED, OPENED = os.listdir, builtins.open


def with_held_files() -> None:
    """What is open by NamedTemporaryFile nobody else can open; what this process has open nobody removes or renames."""
    held: set[str] = set()
    opened, temporary = builtins.open, tempfile.NamedTemporaryFile

    def named_temporary_file(*arguments: Any, **named: Any) -> Any:
        file = temporary(*arguments, **named)
        if not asked_by_library():
            held.add(file.name)
        return file

    def open_unless_held(path: Any, *more: Any, **named: Any) -> Any:
        if path in held:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opened(path, *more, **named)

    def unless_open(call: Any) -> Any:
        def called(*paths: Any, **named: Any) -> Any:
            for path in paths if not asked_by_library() else ():
                if is_open_here(os.path.realpath(path)):
                    raise PermissionError(errno.EACCES, "It is being used by another process", os.fspath(path))
            return call(*paths, **named)

        return called

    tempfile.NamedTemporaryFile = named_temporary_file
    builtins.open = io.open = open_unless_held  # pyrefly: ignore[bad-assignment]
    for name in ("unlink", "remove", "rename", "replace"):
        setattr(os, name, unless_open(getattr(os, name)))
    shutil._use_fd_functions = False  # pyrefly: ignore[missing-attribute]


def is_open_here(path: str) -> bool:
    for number in LISTED("/proc/self/fd"):
        with contextlib.suppress(OSError):  # the listing's own has been closed
            if os.readlink(f"/proc/self/fd/{number}") == path:
                return True
    with OPENED("/proc/self/maps", encoding="utf-8") as maps:
        return any(line.endswith(f" {path}\n") for line in maps)


# Texts.

CODE_PAGE = "cp1252"


def without_utf8() -> None:
    """What names no encoding is read and written in the code page; not where Python runs in its UTF-8 mode."""
    if sys.flags.utf8_mode:
        return
    locale.getencoding = lambda: CODE_PAGE  # of which subprocess asks
    locale.getpreferredencoding = lambda do_setlocale=True: CODE_PAGE
    _open_texts(encoding=CODE_PAGE)
    if "PYTHONIOENCODING" not in os.environ:
        for stream, errors in ((sys.stdin, "strict"), (sys.stdout, "strict"), (sys.stderr, "backslashreplace")):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(encoding=CODE_PAGE, errors=errors)


def with_carriage_returns() -> None:
    """What is written as text has Windows' line ends, and what is printed."""
    _open_texts(newline="\r\n")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(newline="\r\n")


def _open_texts(encoding: str | None = None, newline: str | None = None) -> None:
    opened = builtins.open
    order = ("mode", "buffering", "encoding", "errors", "newline")

    def open_text(file: Any, *more: Any, **named: Any) -> Any:
        given = {**dict(zip(order, more, strict=False)), **named}
        mode = given.get("mode", "r")
        if "b" not in mode and not asked_by_library():
            if encoding and given.get("encoding") in (None, "locale"):
                given["encoding"] = encoding
            if newline and given.get("newline") is None and not mode.startswith("r"):
                given["newline"] = newline
        return opened(file, **given)

    builtins.open = io.open = open_text


# Processes and clocks.


def without_start_methods() -> None:
    """But for the default, where that is another: START_METHOD is for that."""
    contexts: dict[str, Any] = multiprocessing.context._concrete_contexts  # pyrefly: ignore[missing-attribute]
    for method in ("fork", "forkserver"):
        contexts.pop(method, None)
    multiprocessing.get_all_start_methods = lambda: ["spawn"]


def without_modules(*gone: str) -> Callable[[], None]:
    """What some library has imported already is there all the same; few do, and none before a snippet does."""

    class Gone(importlib.abc.MetaPathFinder):
        def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
            if name in gone and not asked_by_library():
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    def find_spec(name: str, package: str | None = None) -> Any:
        return None if name in gone and not asked_by_library() else found(name, package)

    def forbid() -> None:
        sys.meta_path.insert(0, Gone())
        importlib.util.find_spec = find_spec

    found = importlib.util.find_spec
    return forbid


def with_coarse_clocks() -> None:
    def coarse(clock: Callable[[], float]) -> Callable[[], float]:
        return lambda: clock() // TICK * TICK

    names = ("thread_time", "process_time", "monotonic", "time")
    hide(time, {name: coarse(getattr(time, name)) for name in names})


def with_taskkill() -> None:
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bin")
    if folder not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([folder, os.environ.get("PATH", os.defpath)])


def named_as(system: str, name: str, processor: str) -> Callable[[], None]:
    def name_it() -> None:
        hide(sys, {"platform": system})
        hide(platform, {"system": lambda: name, "processor": lambda: processor})

    return name_it


TAKEN: Mapping[str, Callable[[], None]] = {
    "darwin": named_as("darwin", "Darwin", "arm"),
    "win32": named_as("win32", "Windows", "AMD64 Family 25 Model 1 Stepping 1, AuthenticAMD"),
    "affinity": absent(os, "sched_getaffinity sched_setaffinity"),
    "proc": lambda: without_places("/proc", "/sys/fs/cgroup"),
    "shm": lambda: without_places("/dev/shm"),
    "page-cache": absent(os, "posix_fadvise POSIX_FADV_DONTNEED"),
    "unshare": without_unshare,
    "fork": absent(os, "fork forkpty register_at_fork"),
    "start-methods": without_start_methods,
    "groups": absent(os, "setsid getsid setpgid getpgid getpgrp killpg nice wait WNOHANG getloadavg"),
    "signals": absent(signal, "SIGKILL SIGSTOP SIGCONT SIGCHLD SIGALRM SIGHUP SIGUSR1 SIGUSR2 SIGQUIT alarm setitimer"),
    "posix": absent(os, "sysconf sysconf_names statvfs uname getuid geteuid chown fchown mkfifo"),
    "resource": without_modules("resource", "fcntl"),
    "symlinks": without_symlinks,
    "taskkill": with_taskkill,
    "held-files": with_held_files,
    "utf-8": without_utf8,
    "newlines": with_carriage_returns,
    "clocks": with_coarse_clocks,
}
