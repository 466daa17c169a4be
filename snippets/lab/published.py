"""What the pages may show: the results of this machine, and committed ones of machines out of reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from click import ClickException

from snippets.lab import contributed, results
from snippets.lab.catalog import experiment_hash, experiment_names, figure_names, show
from snippets.lab.figure import Figure
from snippets.lab.machine import Machine
from snippets.lab.paths import COMMITTED_RESULTS, LOCAL_RESULTS, PYTHON
from snippets.lab.results import Measured, Results


class UnknownName(ClickException):
    """A page names an experiment or a value that does not exist; the message lists those that do.

    A ClickException, because MkDocs shows those in one line, without a traceback.
    """


def unknown(what: str, known: Iterable[str]) -> UnknownName:
    """`no claim 'cold-is-could'` becomes an error that names the one that was meant, or all there are."""
    names = sorted(known)
    near = get_close_matches(what.split()[-1].strip("'"), names, n=1)
    return UnknownName(f"{what}; " + (f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"))


@dataclass(frozen=True)
class Shown:
    """One experiment as a page shows it. `part`: the module that draws it and names its values."""

    name: str
    measured: Measured
    results: Results
    part: str = "show"

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
    held = [(r, r.experiments[name]) for r in all_results() if name in r.experiments]
    if not held:
        raise UnknownName(f"{name!r} has no result yet: run `{PYTHON} -m snippets.lab measure`")
    measured = [pair for pair in held if pair[1].status == "measured"]
    chosen, found = measured[0] if measured else held[0]
    return Shown(name, found, chosen, part or "show")


def all_results() -> list[Results]:
    """This machine's results first, then the committed ones, newest first."""
    committed = sorted(COMMITTED_RESULTS.glob("*.json"))
    stamps = tuple((str(p), p.stat().st_mtime_ns) for p in [LOCAL_RESULTS, *committed] if p.exists())
    return _read_all(stamps)


@lru_cache(maxsize=1)
def _read_all(stamps: tuple[tuple[str, int], ...]) -> list[Results]:
    own = [results.read(LOCAL_RESULTS) for path, _ in stamps if path == str(LOCAL_RESULTS)]
    others = [contributed.read(Path(path)) for path, _ in stamps if path != str(LOCAL_RESULTS)]
    return own + sorted(others, key=lambda r: r.measured_at, reverse=True)


def machine_titles(count: int) -> tuple[str, ...]:
    """What tables call so many machines, in the order of `all_results`."""
    return tuple("This build’s machine" if i == 0 else f"Machine {i + 1}" for i in range(count))


def machine_words(machine: Machine) -> str:
    """`2 usable cores, Intel Xeon, 24 GB, no GPU`: the machine in a caption."""
    cores = f"{machine.cores_usable:g} usable core{'s' if machine.cores_usable != 1 else ''}"
    gpu = machine.gpu or "no GPU"
    return f"{cores}, {machine.cpu}, {machine.ram / 2**30:.0f}\u00a0GiB, {gpu}"
