"""All results that there are: this build's own, and those of other machines in docs/results.

What the workflow gpu measured is signed. A reference is a file that this code names, by its content too. All other
files there are what somebody says.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from snippets.lab.machine.machine import Machine
from snippets.lab.moment import once
from snippets.lab.paths import COMMITTED_RESULTS, LOCAL_RESULTS, ROOT
from snippets.lab.results import contributed, results
from snippets.lab.results.results import Results
from snippets.lab.store import ResultError

ATTESTED = "gpu.json"
"""In docs/results: what .ci/gpu_result.py takes from the workflow gpu, once its signature is verified."""

REFERENCES: Mapping[str, str] = {
    "nvidia-h100-80gb-hbm3-16-cores.json": "389264f8e9121e4e07d19ce79b1cf3d765bafa08a28fddecc7acea81fa2ee661",
}
"""In docs/results: results that the project keeps, by the file's name; the SHA-256 of its bytes. A change of the file
is a change of this code, which has owners.
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


def _stamps() -> tuple[tuple[str, int], ...]:
    paths = [LOCAL_RESULTS, *sorted(COMMITTED_RESULTS.glob("*.json"))]
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
    missing = (COMMITTED_RESULTS / name for name in REFERENCES if not (COMMITTED_RESULTS / name).exists())
    refusals = [f"No reference: {_named(path)} is not there" for path in missing]
    for path in (Path(path) for path, _ in stamps):
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
        if path.name in REFERENCES and origin != "reference":
            refusals.append(f"No reference: {_named(path)} has another content than {REFERENCES[path.name][:12]}…")
        others.append(MachineResults(found, origin, _named(path)))
    return own + sorted(others, key=lambda held: held.results.measured_at, reverse=True), refusals


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_REFUSAL else f"{line[:LONGEST_REFUSAL]}…"


def _origin(path: Path) -> Origin:
    """Of a file in docs/results that was read: no link, and no folder."""
    if path == COMMITTED_RESULTS / ATTESTED:
        return "attested"
    if path.name not in REFERENCES:
        return "contributed"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return "reference" if digest == REFERENCES[path.name] else "contributed"


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
