"""While a site is built, or claims are judged, what is derived from files is derived once: of one state of them.

Whoever edits a file meanwhile starts another build, with a moment of its own. Outside of a moment nothing is kept: no
other command, no measurement and no test sees what was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_cache: dict[Any, tuple[Any, Any]] | None = None
"""By function and arguments: the arguments, and what was derived from them. None outside of a moment."""


def begin() -> None:
    """Nothing of an earlier moment is left."""
    global _cache
    _cache = {}


def renew() -> None:
    """After files have changed: if this is within a moment, it begins anew."""
    if _cache is not None:
        begin()


def end() -> None:
    """From now on nothing is kept."""
    global _cache
    _cache = None


@contextmanager
def lasting() -> Iterator[None]:
    """The block is one moment."""
    begin()
    try:
        yield
    finally:
        end()


def once(derive: Callable[P, T]) -> Callable[P, T]:
    """Within a moment, the same arguments give the same object, which callers must not change.

    Texts and paths are the same where they are equal, anything else where it is the same object.
    """

    @wraps(derive)
    def cached(*arguments: P.args, **keywords: P.kwargs) -> T:
        if _cache is None:
            return derive(*arguments, **keywords)
        inputs = (*arguments, *keywords, *keywords.values())
        key = (derive, *(value if isinstance(value, str | Path) else id(value) for value in inputs))
        if key not in _cache:
            _cache[key] = inputs, derive(*arguments, **keywords)  # an object in the cache keeps its id
        return _cache[key][1]

    return cached
