"""Result files: one JSON per machine, written whole or not at all, read strictly.

A file that says anything we do not know how to read is refused by name: a picture drawn from a misread
number would be worse than no picture.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Literal

from snippets.lab.instruments.experiment import About
from snippets.lab.machine.machine import Machine, Software
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.results.stats import Estimate, estimate, ratio
from snippets.lab.store import ResultError, StrictError, build, load, once_per_change, write_json

SCHEMA = 3
MAX_BYTES = 20_000_000
MOST_PASSES = 4

Status = Literal["measured", "unavailable", "error"]
FormName = Literal["short", "full"]


class OtherSchema(ResultError):
    """A result file of another version of this project."""


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


@dataclass(frozen=True, kw_only=True)
class Measured(About):
    """One experiment's outcome. `reason` says why there are no samples; it is empty where there are.

    `form` is how much was asked for, `passes` how much it took. `surroundings` has one entry per pass, in order.
    `confirmation` holds the samples of one more pass, taken only where a claim looked contradicted; that pass's
    surroundings then stand last.
    """

    source_hash: str
    form: FormName
    status: Status = "measured"
    reason: str = ""
    start_method: str = ""
    passes: int = 0
    cost_s: float = 0.0
    measured_at: str = ""
    samples: list[RoundSample] = field(default_factory=list)
    traces: dict[str, list[TraceSpan]] = field(default_factory=dict)
    surroundings: list[Surroundings] = field(default_factory=list)
    confirmation: list[RoundSample] = field(default_factory=list)

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

    def of_pass(self, number: int) -> "Measured":
        """What one pass alone measured."""
        samples = [sample for sample in self.samples if sample.pass_ == number]
        return replace(self, samples=samples, surroundings=[self.surroundings[number]], passes=1, confirmation=[])

    def confirming(self) -> "Measured":
        """What the confirming pass alone measured."""
        around = [self.surroundings[-1]]
        return replace(self, samples=self.confirmation, surroundings=around, passes=1, confirmation=[])

    @property
    def capacity(self) -> float:
        """Cores' worth of parallel work in the rounds of all passes: their median."""
        return median(cores for each in self.surroundings for cores in each.capacity)

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


def same_machine(one: Results, other: Results) -> bool:
    """Whether the numbers of one say something of the other's machine: driver, quota and versions included. Not the
    size of its memory, which may grow while a virtual machine runs.
    """
    first, second = (replace(each.machine, ram=0, shm=None) for each in (one, other))
    return (first, one.software) == (second, other.software)


def write(results: Results, path: Path) -> None:
    """Write to a temporary file beside `path`, flush it to the disk, and put it in place in one step.

    Raises OSError (no space, read-only folder); the file that was there before is then untouched.
    """
    write_json(results, path)


@once_per_change
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
        data = load(text)
    except StrictError as error:
        raise ResultError(f"{name}: not a result file ({error}). Measure again, or delete it.") from error
    if isinstance(data, dict) and data.get("schema") != SCHEMA:
        raise OtherSchema(
            f"{name}: schema {data.get('schema')!r}, but this version reads {SCHEMA}. Measure again, or delete it."
        )
    try:
        found: Results = build(Results, data)
        for experiment, measured in found.experiments.items():
            _check_passes(measured, f"experiments.{experiment}")
    except StrictError as error:
        raise ResultError(f"{name}: {error}. Measure again, or delete it.") from error
    return found


def _check_passes(measured: Measured, place: str) -> None:
    """Each pass has samples and surroundings; a verdict looks at them pass by pass."""
    if not 0 <= measured.passes <= MOST_PASSES:
        raise StrictError(f"{place}.passes is {measured.passes}, not at most {MOST_PASSES}")
    passes = {sample.pass_ for sample in measured.samples}
    if passes != {*range(measured.passes)}:
        raise StrictError(f"{place}.samples are of the passes {sorted(passes)}, not of {measured.passes}")
    around = measured.passes + bool(measured.confirmation)
    if len(measured.surroundings) != around:
        raise StrictError(f"{place}.surroundings has {len(measured.surroundings)} entries, not {around}")
