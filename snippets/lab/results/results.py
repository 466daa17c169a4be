"""Result files: one JSON per machine, written whole or not at all, read strictly.

A file that says anything we do not know how to read is refused by name: a picture drawn from a misread
number would be worse than no picture.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any, Literal

from snippets.lab.instruments.experiment import About
from snippets.lab.machine.gpu_properties import GpuProperties
from snippets.lab.machine.machine import Machine, Software
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.output import Output
from snippets.lab.results.stats import Estimate, estimate, ratio
from snippets.lab.store import ResultError, StrictError, build, load, once_per_change, write_json

SCHEMA = 4
ADDED: Mapping[str, object] = {"gpu_properties": None, "outputs": {}}
"""What a file of schema 3 does not have, and what stands for it: that nothing is known, and nothing was printed."""
MAX_BYTES = 20_000_000
MOST_PASSES = 4
MAY_CHANGE = ("ram", "shm", "GPU memory", "GPU compute_mode", "GPU power_limit")
"""Of one machine: a virtual one may get more memory while it runs; of a GPU's, the driver may keep some for itself; and
whoever runs the machine may move the power limit, or let more than one process have the GPU.
"""

Status = Literal["measured", "unavailable", "error"]
Form = Literal["short", "full"]


class OtherSchema(ResultError):
    """A result file of another version of this project."""


@dataclass(frozen=True)
class RoundSample:
    """One run of one arm: which pass and which round of it, from 0, and the arm's values by name.

    Samples stand in the order in which they were taken; none is dropped.
    """

    pass_: int
    round: int
    arm: str
    values: dict[str, float]


@dataclass(frozen=True)
class TraceSpan:
    """One process doing one thing: `start` and `end` in seconds since the run began; `batch`: its number, if any."""

    lane: str
    role: str
    start: float
    end: float
    batch: int | None


@dataclass(frozen=True, kw_only=True)
class Measured(About):
    """One experiment's outcome. `reason` says why there are no samples; it is empty where there are.

    `form` is how much was asked for, `passes` how many it took. `start_method`: of its workers. `cost_s`: seconds that
    its passes took, or until it had failed. `measured_at`: when it ended, in ISO 8601 and UTC. `traces`: by arm, the
    spans of the run of the median round. `surroundings` has one entry per pass, in order. `confirmation` holds the
    samples of one more pass, taken only where a claim looked contradicted; that pass's surroundings then stand last.
    """

    source_hash: str
    form: Form
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
        """One of the arm's values, the headline if none is named: a number per round, in order. Raises KeyError."""
        key = value or self.headline
        samples = [s.values[key] for s in self.samples if s.arm == arm and key in s.values]
        if not samples:
            raise KeyError(f"no samples of {key!r} for the arm {arm!r}")
        return samples

    def estimate(self, arm: str, value: str | None = None) -> Estimate:
        """Median and interval of what `samples_of` gives, in its unit. Raises KeyError."""
        return estimate(self.samples_of(arm, value))

    def ratio(self, arm: str, to: str, value: str | None = None) -> Estimate:
        """`arm` over `to`, round by round: the median of the quotients and its interval. Raises KeyError."""
        return ratio(self.samples_of(arm, value), self.samples_of(to, value))

    def of_pass(self, number: int) -> "Measured":
        """What one pass alone measured."""
        samples = [sample for sample in self.samples if sample.pass_ == number]
        return replace(self, samples=samples, surroundings=[self.surroundings[number]], passes=1, confirmation=[])

    def confirming(self) -> "Measured":
        """What the confirming pass alone measured."""
        surroundings = [self.surroundings[-1]]
        return replace(self, samples=self.confirmation, surroundings=surroundings, passes=1, confirmation=[])

    @property
    def capacity(self) -> float:
        """Cores' worth of parallel work in the rounds of all passes: their median."""
        return median(cores for surroundings in self.surroundings for cores in surroundings.capacity)

    @property
    def day(self) -> str:
        return self.measured_at[:10]


@dataclass(frozen=True)
class Results:
    """Everything that was measured on one machine, by experiment.

    `schema`: the version of the file's format. `tier`: whether torch could use a GPU. `commit`: of the project, empty
    outside a checkout; `dirty`: whether the code differed from it. `measured_at`: when the last experiment ended.
    `gpu_properties`: None where torch can use no GPU, and where nobody asked. `outputs`: what snippets printed, by
    name: of a GPU's machine those that need one, of a reference all; only in a file that is shared.
    """

    schema: int
    tier: Literal["cpu", "gpu"]
    machine: Machine
    gpu_properties: GpuProperties | None = field(default=None, kw_only=True)
    software: Software
    commit: str
    dirty: bool
    measured_at: str
    experiments: dict[str, Measured] = field(default_factory=dict)
    outputs: dict[str, Output] = field(default_factory=dict)

    def with_experiment(self, name: str, measured: Measured) -> "Results":
        return replace(
            self,
            measured_at=measured.measured_at,
            experiments={**self.experiments, name: measured},
        )


def differences(there: Results, here: Results) -> list[str]:
    """What tells two machines apart, driver, quota and versions included: `driver 570.1, here 580.1`. Where nothing
    does, one's numbers may stand with the other's.
    """
    first, second = (_about_machine(results) for results in (there, here))
    names = [name for name in first if first[name] != second.get(name, first[name])]
    return [f"{name} {first[name] or 'none'}, here {second[name] or 'none'}" for name in names]


def _about_machine(results: Results) -> dict[str, object]:
    """What makes another machine. Of the GPU's properties those that somebody asked for, and was told."""
    properties = asdict(results.gpu_properties) if results.gpu_properties else {}
    of_gpu = {f"GPU {name}": value for name, value in properties.items() if value is not None}
    about = {**asdict(results.machine), **asdict(results.software), **of_gpu}
    return {name: value for name, value in about.items() if name not in MAY_CHANGE}


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
    """Results from JSON text. Raises ResultError, whose message begins with `name`."""
    try:
        data = load(text)
    except StrictError as error:
        raise ResultError(f"{name}: not a result file ({error}). Measure again, or delete it.") from error
    if isinstance(data, dict) and data.get("schema") == SCHEMA - 1:
        data = _taken_over(data)
    if isinstance(data, dict) and data.get("schema") != SCHEMA:
        raise OtherSchema(
            f"{name}: schema {data.get('schema')!r}, but this version reads {SCHEMA}. Measure again, or delete it."
        )
    try:
        results: Results = build(Results, data)
        for experiment, measured in results.experiments.items():
            _check_passes(measured, f"experiments.{experiment}")
    except StrictError as error:
        raise ResultError(f"{name}: {error}. Measure again, or delete it.") from error
    return results


def _taken_over(data: dict[str, Any]) -> dict[str, Any]:
    """A file of the schema before this one: nothing in it is measured anew for a step that only adds."""
    if type(data["schema"]) is int and not data.keys() & ADDED.keys():
        return {**data, **ADDED, "schema": SCHEMA}
    return data


def _check_passes(measured: Measured, place: str) -> None:
    """Each pass has samples and surroundings; a verdict looks at them pass by pass."""
    if not 0 <= measured.passes <= MOST_PASSES:
        raise StrictError(f"{place}.passes is {measured.passes}, not at most {MOST_PASSES}")
    passes = {sample.pass_ for sample in measured.samples}
    if passes != {*range(measured.passes)}:
        raise StrictError(f"{place}.samples are of the passes {sorted(passes)}, not of {measured.passes}")
    expected = measured.passes + bool(measured.confirmation)
    if len(measured.surroundings) != expected:
        raise StrictError(f"{place}.surroundings has {len(measured.surroundings)} entries, not {expected}")
