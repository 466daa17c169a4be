"""Result files: one JSON per machine, written whole or not at all, read strictly.

A file that says anything we do not know how to read is refused by name: a picture drawn from a misread
number would be worse than no picture.
"""

import json
import math
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from snippets.lab.figure import Better, Estimate
from snippets.lab.machine import Machine, Software
from snippets.lab.stats import estimate, ratio

SCHEMA = 1
MAX_BYTES = 20_000_000

Status = Literal["measured", "unavailable", "error"]


class ResultError(ValueError):
    """A result file that cannot be used; the message names the file, the place in it and what to do."""


@dataclass(frozen=True)
class RoundSample:
    """One run of one arm. Samples stand in the order in which they were taken; none is dropped."""

    pass_: int
    round: int
    arm: str
    values: dict[str, float]


@dataclass(frozen=True)
class TraceSpan:
    """Seconds since the run began."""

    lane: str
    role: str
    start: float
    end: float
    batch: int | None


@dataclass(frozen=True)
class Measured:
    """One experiment's outcome. `reason` says why there are no samples; it is empty where there are."""

    status: Status
    reason: str
    source_hash: str
    question: str
    unit: str
    better: Better
    headline: str
    pitfalls: str
    again: str | None
    params: dict[str, str | int | float | bool]
    start_method: str
    warmup: int
    passes: int
    rounds: int
    cost_s: float
    measured_at: str
    samples: list[RoundSample]
    traces: dict[str, list[TraceSpan]]
    capacity: dict[str, list[float]]

    def samples_of(self, arm: str, value: str | None = None) -> list[float]:
        """The arm's samples in the order of rounds."""
        key = value or self.headline
        found = [s.values[key] for s in self.samples if s.arm == arm and key in s.values]
        if not found:
            raise KeyError(f"no samples of {key!r} for the arm {arm!r}")
        return found

    def estimate(self, arm: str, value: str | None = None) -> Estimate:
        return estimate(self.samples_of(arm, value))

    def ratio(self, arm: str, to: str, value: str | None = None) -> Estimate:
        """How many times `to` is in `arm`, per round."""
        return ratio(self.samples_of(arm, value), self.samples_of(to, value))

    @property
    def day(self) -> str:
        return self.measured_at[:10]


@dataclass(frozen=True)
class Results:
    """Everything that was measured on one machine."""

    schema: int
    tier: Literal["cpu", "gpu"]
    machine: Machine
    software: Software
    commit: str
    dirty: bool
    measured_at: str
    experiments: dict[str, Measured] = field(default_factory=dict)

    def with_experiment(self, name: str, measured: Measured) -> "Results":
        return replace(
            self,
            measured_at=measured.measured_at,
            experiments={**self.experiments, name: measured},
        )


def write(results: Results, path: Path) -> None:
    """Write to a temporary file beside `path`, flush it to the disk, and put it in place in one step.

    Raises OSError (no space, read-only folder); the file that was there before is then untouched.
    """
    text = json.dumps(asdict(results), allow_nan=False, ensure_ascii=False, indent=1) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException as error:
        os.unlink(temporary)
        if isinstance(error, OSError):
            error.filename = str(path)  # a full disk names none
        raise


def read(path: Path) -> Results:
    """Read a result file. Raises ResultError where it is not exactly what `write` writes."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ResultError(f"{path}: {size:,} bytes; a result file has at most {MAX_BYTES:,}")
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ResultError(f"{path}: not UTF-8 text ({error.reason})") from error
    except OSError as error:
        raise ResultError(f"{path}: cannot be read ({error.strerror})") from error
    return parse(text, str(path))


def parse(text: str, name: str) -> Results:
    """Results from JSON text; `name` stands in the errors."""
    try:
        data = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_refuse_duplicates)
    except (ValueError, RecursionError) as error:
        raise ResultError(f"{name}: not a result file ({error}). Measure again, or delete it.") from error
    if isinstance(data, dict) and data.get("schema") != SCHEMA:
        raise ResultError(
            f"{name}: schema {data.get('schema')!r}, but this version reads {SCHEMA}. Measure again, or delete it."
        )
    try:
        return _build(Results, data, "")
    except ResultError as error:
        raise ResultError(f"{name}: {error}. Measure again, or delete it.") from error


def _refuse_constant(constant: str) -> float:
    raise ValueError(f"{constant} is not a number that was measured")


def _refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice")
    return dict(pairs)


def _build(kind: Any, data: Any, place: str) -> Any:
    """`data` as `kind`, checked against its type hints, all the way down."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind) and isinstance(kind, type):
        return _build_dataclass(kind, data, place)
    if origin is UnionType:
        return _build_union(arguments, data, place)
    if origin is Literal:
        if data in arguments and type(data) in {type(a) for a in arguments}:
            return data
        raise ResultError(f"{place} is {data!r}, not one of {', '.join(map(repr, arguments))}")
    if origin is list and isinstance(data, list):
        return [_build(arguments[0], item, f"{place}[{i}]") for i, item in enumerate(data)]
    if origin is dict and isinstance(data, dict):
        return {key: _build(arguments[1], item, f"{place}.{key}") for key, item in data.items()}
    if kind is float and type(data) in (int, float):
        return _build_float(data, place)
    if type(data) is kind:
        return data
    wanted = getattr(origin or kind, "__name__", str(kind))
    raise ResultError(f"{place or 'the file'} is {type(data).__name__}, not {wanted}")


def _build_dataclass(kind: type, data: Any, place: str) -> Any:
    if not isinstance(data, dict):
        raise ResultError(f"{place or 'the file'} is {type(data).__name__}, not an object")
    hints: Mapping[str, Any] = get_type_hints(kind)
    names = {f.name for f in fields(kind)}
    if missing := sorted(names - data.keys()):
        raise ResultError(f"{place}.{missing[0]} is missing".lstrip("."))
    if unknown := sorted(data.keys() - names):
        raise ResultError(f"{place}.{unknown[0]} is unknown".lstrip("."))
    return kind(**{n: _build(hints[n], data[n], f"{place}.{n}".lstrip(".")) for n in names})


def _build_float(data: float, place: str) -> float:
    try:
        number = float(data)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ResultError(f"{place} is {number}, not a finite number")
    return number


def _build_union(kinds: tuple[Any, ...], data: Any, place: str) -> Any:
    if data is None and type(None) in kinds:
        return None
    for kind in kinds:
        if kind is not type(None) and (type(data) is kind or is_dataclass(kind)):
            return _build(kind, data, place)
    if float in kinds and type(data) is int:
        return _build(float, data, place)
    allowed = ", ".join(kind.__name__ for kind in kinds)
    raise ResultError(f"{place} is {type(data).__name__}, not one of {allowed}")
