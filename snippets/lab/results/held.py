"""All results that there are: this build's own, and those of other machines in docs/results.

What the workflow gpu measured is signed. A reference is a file that is named beside this code, by its content too. All
other files there are what somebody says.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from snippets.lab.machine.machine import Machine
from snippets.lab.moment import once
from snippets.lab.paths import COMMITTED_RESULTS, LOCAL_RESULTS, ROOT
from snippets.lab.results import contributed, results
from snippets.lab.results.results import Results
from snippets.lab.store import ResultError, once_per_change, read_json, write_json

ATTESTED = "gpu.json"
"""In docs/results: what .ci/gpu_result.py takes from the workflow gpu, once its signature is verified."""

REFERENCES = Path(__file__).with_name("references.json")
"""Which files in docs/results the project keeps: by the file's name, the SHA-256 of its lines. A change of such a file
is a change beside this code, which has owners.
"""

LONGEST_REFUSAL = 400
"""Characters. What a stranger's file says instead of what is expected may be as long as the file."""

Origin = Literal["own", "attested", "reference", "contributed"]
"""In the order in which they speak; the last one does not."""


@dataclass(frozen=True)
class MachineResults:
    """The results of one machine, where they come from, and the file that has them, as people name it.

    "own": this build measured them. "attested": the workflow gpu did, and CI has verified its signature.
    "reference": a maintainer did, and the project keeps the file. "contributed": somebody says so.
    """

    results: Results
    origin: Origin = "own"
    file: str = ""

    @property
    def own(self) -> bool:
        return self.origin == "own"


@once
def all_results() -> list[MachineResults]:
    """This machine's results first, then those of others, newest first. Raises ResultError."""
    return _read_all(_stamps())[0]


def refusals() -> list[str]:
    """Files of others that this version does not read: for each a line that names it and says why."""
    return _read_all(_stamps())[1]


def keep(path: Path) -> None:
    """Name a file in docs/results as a reference, with the content that it has now. Raises ResultError for one that
    lies elsewhere, or that no build would read.
    """
    if path.resolve().parent != COMMITTED_RESULTS.resolve():
        raise ResultError(f"{path}: a reference lies in {_named(COMMITTED_RESULTS)}. Put it there.")
    contributed.read(path)
    write_json(dict(sorted({**_references(REFERENCES), path.name: _digest(path)}.items())), REFERENCES)


@once_per_change
def _references(path: Path) -> dict[str, str]:
    """Raises ResultError for a file that `keep` did not write."""
    try:
        return read_json(dict[str, str], path)
    except ValueError as error:
        raise ResultError(f"{path}: not a list of references ({error}).") from error


def _digest(path: Path) -> str:
    """Whatever its line ends: in JSON they stand between values alone, so they change none."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _stamps() -> tuple[tuple[str, int], ...]:
    paths = [REFERENCES, LOCAL_RESULTS, *sorted(COMMITTED_RESULTS.glob("*.json"))]
    return tuple((str(path), path.stat().st_mtime_ns) for path in paths if path.exists())


@lru_cache(maxsize=1)
def _read_all(stamps: tuple[tuple[str, int], ...]) -> tuple[list[MachineResults], list[str]]:
    """The results, and a line for each file that is passed over.

    That is each one of others that this version refuses: a build, which has not its machine, cannot mend it. Only this
    build's own raises ResultError. A line, too, for a reference that is not there, and for a file that is called like
    one, and counts as what somebody says.
    """
    own: list[MachineResults] = []
    others: list[MachineResults] = []
    references = _references(REFERENCES)
    missing = (COMMITTED_RESULTS / name for name in references if not (COMMITTED_RESULTS / name).exists())
    refusals = [f"No reference: {_named(path)} is not there" for path in missing]
    for path in (Path(path) for path, _ in stamps if Path(path) != REFERENCES):
        if path == LOCAL_RESULTS:
            own.append(MachineResults(results.read(path), "own", _named(path)))
            continue
        try:
            found = contributed.read(path)
        except ResultError as error:
            # In one line, whatever the file is called: a runner takes some lines of its log for commands.
            refusals.append(_cut(f"Passed over: {' '.join(str(error).split())}"))
            continue
        origin = _origin(path)
        if path.name in references and origin != "reference":
            refusals.append(f"No reference: {_named(path)} has another content than {references[path.name][:12]}…")
        if not any(_is_copy(found, held.results) for held in own):
            others.append(MachineResults(found, origin, _named(path)))
    return own + sorted(others, key=lambda held: held.results.measured_at, reverse=True), refusals


def _is_copy(found: Results, own: Results) -> bool:
    """Whether this build's own results were made a reference: they are no second machine."""
    return (found.machine, found.measured_at) == (own.machine, own.measured_at)


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_REFUSAL else f"{line[:LONGEST_REFUSAL]}…"


def _origin(path: Path) -> Origin:
    """Of a file in docs/results that was read: no link, and no folder."""
    if path == COMMITTED_RESULTS / ATTESTED:
        return "attested"
    references = _references(REFERENCES)
    if path.name not in references:
        return "contributed"
    return "reference" if _digest(path) == references[path.name] else "contributed"


def _named(file: Path) -> str:
    """Relative to the checkout, where it lies there."""
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else str(file)


def machine_titles(own: Iterable[bool]) -> tuple[str, ...]:
    """What tables call the machines, in the order of `all_results`: for each, whether it is this build's own."""
    return tuple("This build’s machine" if is_own else f"Machine {number}" for number, is_own in enumerate(own, 1))


def machine_words(machine: Machine) -> str:
    """`2 usable cores, Intel Xeon, 24 GiB, no GPU`: the machine in a caption."""
    cores = f"{machine.cores_usable:g} usable core{'s' if machine.cores_usable != 1 else ''}"
    gpu = machine.gpu or "no GPU"
    ram = f"{machine.ram / 2**30:.0f}\u00a0GiB" if machine.ram else "RAM unknown"
    return f"{cores}, {machine.cpu}, {ram}, {gpu}"


def own_numbers_from() -> str:
    """`2 usable cores, Intel Xeon, 24 GiB, no GPU, Linux x86_64, Python 3.11.7, torch 2.13.0, 2026-11-26`: what this
    build measured with, and when; "" where it has no results.
    """
    own = next((held.results for held in all_results() if held.own), None)
    if own is None:
        return ""
    versions = f"Python {own.software.python}, torch {own.software.torch}"
    return f"{machine_words(own.machine)}, {own.machine.system}, {versions}, {own.measured_at[:10]}"
