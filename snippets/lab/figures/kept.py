"""Drawings that are kept from one build to the next, for drawing is what takes seconds. Imports no matplotlib."""

import hashlib
from collections.abc import Callable

from snippets.lab.paths import FIGURES
from snippets.lab.store import write_whole


def kept(name: str, suffix: str, made_of: str, draw: Callable[[], bytes]) -> bytes:
    """The drawing of that name; drawn only where what it is `made_of` is not what it was the last time."""
    path = FIGURES / f"{name}-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}{suffix}"
    if path.exists():
        return path.read_bytes()
    drawn = draw()
    # A name may begin with another one: `scaling` and `scaling-regret`.
    for older in FIGURES.glob(f"{name}-{'[0-9a-f]' * 16}{suffix}"):
        older.unlink(missing_ok=True)
    write_whole(path, drawn)
    return drawn
