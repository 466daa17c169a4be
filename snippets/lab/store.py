"""Files: written whole or not at all, read once per change, and as JSON strictly. What is not exactly as the type hints
of its dataclasses say is refused by name.
"""

import json
import math
import os
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import date, timedelta
from functools import cache, wraps
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

SETTLED_NS = 2_000_000_000
"""A file that changed later than this before it was read may change once more within the same tick of its clock."""

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
ELSEWHERE = timedelta(days=1)
"""How far another place's calendar may be ahead of this one's."""

MOST_KEPT = 16
"""Files whose content is kept at once."""


def once_per_change(read: Callable[[Path], T]) -> Callable[[Path], T]:
    """What `read` made of a file, until that file has changed; callers must not change it."""
    entries: dict[Path, tuple[tuple[int, int, int], T]] = {}

    @wraps(read)
    def cached(path: Path) -> T:
        try:
            status = path.stat()
        except OSError:
            return read(path)
        stamp = (status.st_ino, status.st_size, status.st_mtime_ns)
        if path in entries and entries[path][0] == stamp:
            return entries[path][1]
        value = read(path)
        entries.pop(path, None)
        if time.time_ns() - status.st_mtime_ns > SETTLED_NS:
            if len(entries) >= MOST_KEPT:
                entries.clear()
            entries[path] = (stamp, value)
        return value

    return cached


def write_whole(path: Path, content: str | bytes) -> None:
    """The content at `path`, a text in UTF-8, or what was there before; nothing between. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException as error:
        os.unlink(temporary)
        if isinstance(error, OSError):
            error.filename = str(path)  # a full disk names none
        raise


def write_json(data: Any, path: Path) -> None:
    """Dataclasses, and mappings of them, as JSON; whole or not at all. Raises OSError, and ValueError for a NaN."""
    write_whole(path, json.dumps(data, default=asdict, allow_nan=False, ensure_ascii=False, indent=1) + "\n")


def read_json(kind: Any, path: Path) -> Any:
    """What `write_json` wrote, as the type `kind`. Raises StrictError, another ValueError where it is not UTF-8, and
    OSError.
    """
    return build(kind, load(path.read_text(encoding="utf-8")))


class ResultError(ValueError):
    """A file that cannot be used; the message names the file, the place in it and what to do."""


class StrictError(ValueError):
    """What was read is not what was written; the message names the place in it."""


def load(text: str) -> Any:
    """JSON without NaN, infinities and keys that stand twice. Raises StrictError."""
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_refuse_duplicates)
    except (ValueError, RecursionError) as error:
        raise StrictError(str(error)) from error


def build(kind: Any, data: Any, place: str = "") -> Any:
    """`data`, as JSON gives it, as the type `kind`, checked against its type hints, all the way down. `place`: where it
    stands in the file, for messages. Raises StrictError.
    """
    if kind is float and type(data) in (int, float):
        return _build_float(data, place)
    if type(data) is kind and kind is not float:
        return data
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _build_dataclass(kind, data, place)
    if origin in (UnionType, Union):
        return _build_union(arguments, data, place)
    if origin is Literal:
        if data in arguments and type(data) in {type(a) for a in arguments}:
            return data
        raise StrictError(f"{place} is {data!r}, not one of {', '.join(map(repr, arguments))}")
    if origin is list and isinstance(data, list):
        return [build(arguments[0], item, f"{place}[{i}]") for i, item in enumerate(data)]
    if origin is dict and isinstance(data, dict):
        return {key: build(arguments[1], item, f"{place}.{key}") for key, item in data.items()}
    expected = getattr(origin or kind, "__name__", str(kind))
    raise StrictError(f"{place or 'the file'} is {type(data).__name__}, not {expected}")


def _build_dataclass(kind: type, data: Any, place: str) -> Any:
    if not isinstance(data, dict):
        raise StrictError(f"{place or 'the file'} is {type(data).__name__}, not an object")
    hints = _hints(kind)
    if missing := sorted(hints.keys() - data.keys()):
        raise StrictError(f"{place}.{missing[0]} is missing".lstrip("."))
    if unknown := sorted(data.keys() - hints.keys()):
        raise StrictError(f"{place}.{unknown[0]} is unknown".lstrip("."))
    return kind(**{n: build(hint, data[n], f"{place}.{n}".lstrip(".")) for n, hint in hints.items()})


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    """The type of each field. A file of results has tens of thousands of objects of a few kinds."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}


def _build_float(data: float, place: str) -> float:
    try:
        number = float(data)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise StrictError(f"{place} is {number}, not a finite number")
    return number


def _build_union(kinds: tuple[Any, ...], data: Any, place: str) -> Any:
    if data is None and type(None) in kinds:
        return None
    for kind in kinds:
        fits = type(data) in (kind, get_origin(kind)) or is_dataclass(kind) or get_origin(kind) is Literal
        if kind is not type(None) and fits:
            return build(kind, data, place)
    if float in kinds and type(data) is int:
        return build(float, data, place)
    allowed = ", ".join(kind.__name__ for kind in kinds)
    raise StrictError(f"{place} is {type(data).__name__}, not one of {allowed}")


def past_day(text: str) -> date:
    """A day as in 2026-11-21, today at the latest, wherever on earth it was written. Raises StrictError."""
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise StrictError(f"{text[:20]!r} is no day")
    if day > date.today() + ELSEWHERE:
        raise StrictError(f"the day {text} has not come yet")
    return day


def _refuse_constant(constant: str) -> float:
    raise ValueError(f"{constant} is not a number that was measured")


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice")
    return dict(pairs)
