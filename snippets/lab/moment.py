"""While a site is built, what is derived from its files is derived once: a build sees one state of them.

Whoever edits a file meanwhile starts another build, with a moment of its own. Outside of a moment nothing is kept: no
command, no measurement and no test sees what was.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_kept: dict[Any, tuple[Any, Any]] | None = None


def begin() -> None:
    """Nothing of an earlier moment is left."""
    global _kept
    _kept = {}


def renew() -> None:
    """After files have changed: if this is within a moment, it begins anew."""
    if _kept is not None:
        begin()


def end() -> None:
    global _kept
    _kept = None


def once(derive: Callable[P, T]) -> Callable[P, T]:
    """Within a moment, the same arguments give the same object: who is given it leaves it as it is.

    Words and paths are the same where they are equal, anything else where it is the same object.
    """

    @wraps(derive)
    def kept(*arguments: P.args, **named: P.kwargs) -> T:
        if _kept is None:
            return derive(*arguments, **named)
        given = (*arguments, *named, *named.values())
        key = (derive, *(each if isinstance(each, str | Path) else id(each) for each in given))
        if key not in _kept:
            _kept[key] = given, derive(*arguments, **named)  # an object that is held keeps its id
        return _kept[key][1]

    return kept
