"""Draws a set of images beside its place, and moves it there when the last file is written."""

import errno
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from filelock import FileLock

from snippets.images.sets import PHOTOS, SPRITES, ImageSet
from snippets.lab.code import executed
from snippets.lab.paths import IMAGES
from snippets.lab.progress import progress

MANIFEST = "manifest.json"
BATCH = 16  # files per task
FEW = 64  # files that are drawn sooner than a pool of processes starts
MOST_WORKERS = 8


class NoSpace(OSError):
    """The disk is too full for a set of images."""

    def __init__(self, images: ImageSet, folder: Path) -> None:
        need = max(1, round(images.files * images.file_bytes / 1e6))
        super().__init__(errno.ENOSPC, f"No space left: the {images.name} need about {need} MB in {folder.absolute()}")

    def __str__(self) -> str:
        return str(self.strerror)


def sprites(folder: Path = IMAGES, count: int = SPRITES.count) -> Path:
    """The folder `sprites/<kind>/*.png`: 64x64 RGBA pixel art, `count` of each kind.

    Draws them first where they are missing or were drawn by an older generator.

    Raises:
        NoSpace: the disk cannot hold them; nothing is left behind.
    """
    return made(replace(SPRITES, count=count), folder)


def photos(folder: Path = IMAGES, count: int = PHOTOS.count) -> Path:
    """The folder `photos/<kind>/*.jpg`: 500x375 or 375x500 landscapes, `count` of each kind.

    Draws them first where they are missing or were drawn by an older generator.

    Raises:
        NoSpace: the disk cannot hold them; nothing is left behind.
    """
    return made(replace(PHOTOS, count=count), folder)


def made(images: ImageSet, folder: Path) -> Path:
    """The set's own folder inside `folder`, with every image in it."""
    if not is_current(images, folder / images.name):
        make(images, folder)
    return folder / images.name


def version(images: ImageSet) -> str:
    """Names what would be drawn: a hash of the drawing's code and of how many files there are."""
    digest = hashlib.sha256(repr(images).encode())
    package = Path(__file__).with_name(images.drawing.split(".")[-2])
    for source in sorted(package.glob("*.py")):
        digest.update(f"{source.name}\n{executed(source.read_bytes())}".encode())
    return digest.hexdigest()[:16]


def manifest(target: Path) -> dict:
    """What a finished set says of itself; empty where there is none."""
    try:
        return json.loads((target / MANIFEST).read_text())
    except (OSError, ValueError):
        return {}


def is_current(images: ImageSet, target: Path) -> bool:
    """Whether `target` holds this very set, with no file missing."""
    if manifest(target).get("version") != version(images):
        return False
    present = sum(1 for kind in images.kinds for _ in (target / kind).glob(f"*{images.suffix}"))
    return present == images.files


def make(images: ImageSet, folder: Path) -> None:
    """Draws the set into `folder / images.name`, all of it or nothing.

    Of processes that start at once, one draws and the others wait for it.
    """
    target = folder / images.name
    new, old = (folder / f".{images.name}.{state}" for state in ("new", "old"))
    with full_disk_named(images, folder):
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f".{images.name}.lock"):
            discard(new, old)
            if is_current(images, target):
                return
            if shutil.disk_usage(folder).free < images.files * images.file_bytes:
                raise NoSpace(images, folder)
            try:
                fill(images, new)
                if target.exists():
                    os.replace(target, old)
                os.replace(new, target)
            finally:
                discard(new, old)


def discard(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def full_disk_named(images: ImageSet, folder: Path) -> Iterator[None]:
    """Turns the system's word on a full disk into one that says how much is needed, and where."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT) and not isinstance(error, NoSpace):
            raise NoSpace(images, folder) from error
        raise


def fill(images: ImageSet, folder: Path) -> None:
    """Draws every file into `folder`, then writes the manifest."""
    for kind in images.kinds:
        (folder / kind).mkdir(parents=True)
    sizes: dict[str, int] = {}
    began = time.monotonic()
    with redirect_stdout(sys.stderr), progress() as bars:  # standard output is the caller's
        bars.begin(images.name, -(-images.files // BATCH))

        def done(files: dict[str, int]) -> None:
            sizes.update(files)
            bars.step(images.name, f"{len(sizes):,} of {images.files:,} drawn")

        draw_all(images, folder, done)
        bars.finish(images.name, f"{images.files:,} drawn in {time.monotonic() - began:.1f} s")
    text = json.dumps({"version": version(images), "files": len(sizes), "bytes": sum(sizes.values())}, indent=2)
    (folder / MANIFEST).write_text(text + "\n")


def draw_all(images: ImageSet, folder: Path, done: Callable[[dict], None]) -> None:
    """Draws in processes, or here where those are not worth starting or not allowed."""
    every = [(kind, index) for kind in images.kinds for index in range(images.count)]
    tasks = [every[start : start + BATCH] for start in range(0, len(every), BATCH)]
    if len(every) <= FEW or multiprocessing.current_process().daemon:
        for task in tasks:
            done(draw(images, folder, task))
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers(), mp_context=spawn, initializer=end_with_parent) as pool:
        try:
            with caller_hidden():
                futures: list[Future] = [pool.submit(draw, images, folder, task) for task in tasks]
            for future in as_completed(futures):
                done(future.result())
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def workers() -> int:
    """How many processes draw: one for each core that this process may use, at least 2."""
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(max(usable, 2), MOST_WORKERS)


@contextmanager
def caller_hidden() -> Iterator[None]:
    """Keeps spawned processes from importing the caller's script again.

    They need nothing of it. It may be slow to import, lack a `__main__` guard and so call for the
    images once more, or not be a file at all (`python -`).
    """
    caller = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = caller


def end_with_parent() -> None:
    """Lets the parent alone answer Ctrl-C, and ends this process should the parent be killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        if parent := multiprocessing.parent_process():
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def draw(images: ImageSet, folder: Path, which: list[tuple[str, int]]) -> dict[str, int]:
    """Draws some files. Returns the bytes of each, by its path in `folder`."""
    encode = import_module(images.drawing).encode
    sizes = {}
    for kind, index in which:
        data, file = encode(kind, index), images.file(kind, index)
        # Pillow's own save loses the system's word on a full disk.
        (folder / file).write_bytes(data)
        sizes[file] = len(data)
    return sizes
