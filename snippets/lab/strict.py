"""JSON as dataclasses, read strictly: what is not exactly as their type hints say is refused by name."""

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


class StrictError(ValueError):
    """What was read is not what was written; the message names the place in it."""


def load(text: str) -> Any:
    """JSON without NaN, infinities and keys that stand twice. Raises StrictError."""
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_refuse_duplicates)
    except (ValueError, RecursionError) as error:
        raise StrictError(str(error)) from error


def build(kind: Any, data: Any, place: str = "") -> Any:
    """`data` as `kind`, checked against its type hints, all the way down. Raises StrictError."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
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
    if kind is float and type(data) in (int, float):
        return _build_float(data, place)
    if type(data) is kind:
        return data
    wanted = getattr(origin or kind, "__name__", str(kind))
    raise StrictError(f"{place or 'the file'} is {type(data).__name__}, not {wanted}")


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
        if kind is not type(None) and (type(data) is kind or is_dataclass(kind) or get_origin(kind) is Literal):
            return build(kind, data, place)
    if float in kinds and type(data) is int:
        return build(float, data, place)
    allowed = ", ".join(kind.__name__ for kind in kinds)
    raise StrictError(f"{place} is {type(data).__name__}, not one of {allowed}")


def _refuse_constant(constant: str) -> float:
    raise ValueError(f"{constant} is not a number that was measured")


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice")
    return dict(pairs)
