"""What the pages may show: the results of this machine, and committed ones of machines out of reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Literal

from click import ClickException

from snippets.lab import contributed, results
from snippets.lab.catalog import experiment_hash, experiment_names, figure_names, show
from snippets.lab.figure import Figure
from snippets.lab.machine import Machine
from snippets.lab.paths import COMMITTED_RESULTS, LOCAL_RESULTS, PYTHON, ROOT
from snippets.lab.results import Measured, Results

ATTESTED = "gpu.json"
"""In docs/results: what .ci/gpu_result.py takes from the workflow gpu, once its signature is verified."""


class UnknownName(ClickException):
    """A page names an experiment or a value that does not exist; the message lists those that do.

    A ClickException, because MkDocs shows those in one line, without a traceback.
    """


def unknown(what: str, known: Iterable[str]) -> UnknownName:
    """`no claim 'cold-is-could'` becomes an error that names the one that was meant, or all there are."""
    names = sorted(known)
    near = get_close_matches(what.split()[-1].strip("'"), names, n=1)
    return UnknownName(f"{what}; " + (f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"))


Origin = Literal["own", "attested", "contributed"]


@dataclass(frozen=True)
class Held:
    """The results of one machine, where they come from, and the file that holds them, as people name it.

    "own": this build measured them. "attested": the workflow gpu did, and CI has verified its signature.
    """

    results: Results
    origin: Origin = "own"
    file: str = ""

    @property
    def own(self) -> bool:
        return self.origin == "own"


@dataclass(frozen=True)
class Shown:
    """One experiment as a page shows it. `part`: the module that draws it and names its values. `own`: measured by
    this build; else `file` names the file that it was read from.
    """

    name: str
    measured: Measured
    results: Results
    part: str = "show"
    own: bool = True
    file: str = ""

    @property
    def figure_name(self) -> str:
        return self.name if self.part == "show" else f"{self.name}-{self.part.replace('_', '-')}"

    @property
    def stale(self) -> bool:
        """Its code has changed since; only committed results of other machines can be shown so."""
        return self.measured.source_hash != experiment_hash(self.name)

    @property
    def is_measured(self) -> bool:
        return self.measured.status == "measured"

    def values(self) -> dict[str, str]:
        return show(self.name, self.part).values(self.measured)

    def figure(self) -> Figure:
        return show(self.name, self.part).figure(self.measured)


def shown(name: str) -> Shown:
    """This machine's result, or else the newest committed one; raises UnknownName for no experiment.

    `scaling/regret` is the experiment scaling as its module `regret` shows it. Tiers never mix: one figure shows
    one machine.
    """
    name, _, part = name.partition("/")
    if part and f"{name}/{part}" not in figure_names():
        raise unknown(f"no figure {name}/{part}", figure_names())
    if name not in experiment_names():
        raise unknown(f"no experiment {name!r}", experiment_names())
    held = speaking(name)
    return Shown(name, held.results.experiments[name], held.results, part or "show", held.own, held.file)


def speaking(name: str) -> Held:
    """Whose numbers and verdicts of this experiment the pages show. Raises UnknownName where nobody has any."""
    held = [each for each in all_results() if name in each.results.experiments]
    if not held:
        raise UnknownName(f"{name!r} has no result yet: run `{PYTHON} -m snippets.lab measure`")
    measured = [each for each in held if each.results.experiments[name].status == "measured"]
    return measured[0] if measured else held[0]


def all_results() -> list[Held]:
    """This machine's results first, then the committed ones, newest first."""
    committed = sorted(COMMITTED_RESULTS.glob("*.json"))
    stamps = tuple((str(p), p.stat().st_mtime_ns) for p in [LOCAL_RESULTS, *committed] if p.exists())
    return _read_all(stamps)


@lru_cache(maxsize=1)
def _read_all(stamps: tuple[tuple[str, int], ...]) -> list[Held]:
    files = [Path(path) for path, _ in stamps]
    own = [Held(results.read(file), "own", _named(file)) for file in files if file == LOCAL_RESULTS]
    others = [
        Held(contributed.read(file), "attested" if file.name == ATTESTED else "contributed", _named(file))
        for file in files
        if file != LOCAL_RESULTS
    ]
    return own + sorted(others, key=lambda held: held.results.measured_at, reverse=True)


def _named(file: Path) -> str:
    """Relative to the checkout, where it lies there."""
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else str(file)


def machine_titles(own: Iterable[bool]) -> tuple[str, ...]:
    """What tables call the machines, in the order of `all_results`: for each, whether it is this build's own."""
    return tuple("This build’s machine" if one else f"Machine {number}" for number, one in enumerate(own, 1))


def machine_words(machine: Machine) -> str:
    """`2 usable cores, Intel Xeon, 24 GB, no GPU`: the machine in a caption."""
    cores = f"{machine.cores_usable:g} usable core{'s' if machine.cores_usable != 1 else ''}"
    gpu = machine.gpu or "no GPU"
    return f"{cores}, {machine.cpu}, {machine.ram / 2**30:.0f}\u00a0GiB, {gpu}"
