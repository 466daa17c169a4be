"""Result files that travel: what a machine tells others of itself, and what is asked of a stranger's file.

A file in docs/results/ is data that anyone may have written. It is read as strictly as this build's own, and must
also be small, plain text without markup, without a trace of who wrote it, and possible.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from snippets.lab import results
from snippets.lab.files import write_whole
from snippets.lab.machine import Machine
from snippets.lab.numbers import counted
from snippets.lab.results import ResultError, Results

MAX_BYTES = 2_000_000
MAX_CHARACTERS = 400
MOST_CORES = 4096
MOST_BYTES = 2**50
FILE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\.json")
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MARKUP = re.compile(r"[<>&`\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""With the invisible characters that turn a line's direction around."""
PERSONAL = re.compile(r"/(?:home|Users|root|mnt|media|tmp|var)/|\b[A-Za-z]:/|\S@\S+\.\w")
"""Paths and addresses."""
ADVICE = "Write the file anew with measure --share, or delete it."
HEX = re.compile(r"[0-9a-f]{0,64}")


def share(held: Results, path: Path) -> None:
    """Write what others may see of `held`. Raises ResultError where that would tell more, and OSError.

    Nothing in a result names a user, a host or a folder, but for the reasons of experiments that failed: these are
    left out.
    """
    told = {name: measured for name, measured in held.experiments.items() if measured.status != "error"}
    shared = replace(held, experiments=told)
    _check(shared, str(path))
    write_whole(path, json.dumps(asdict(shared), allow_nan=False, ensure_ascii=False, indent=1) + "\n")


def file_name(machine: Machine) -> str:
    """`amd-epyc-2-cores.json`, `nvidia-h200-16-cores.json`."""
    named = re.sub(r"\((?:r|tm)\)|\bcpu\b|@.*", "", (machine.gpu or machine.cpu).lower())
    words = re.findall(r"[a-z0-9]+", named) + [f"{machine.cores_usable:g}".replace(".", "-"), "cores"]
    return "-".join(words)[-60:].lstrip("-") + ".json"


def told(held: Results) -> str:
    """`AMD EPYC, 10 experiments measured (short form), 3 not`, in one line for who shares it."""
    measured = [each for each in held.experiments.values() if each.status == "measured"]
    forms = " and ".join(sorted({each.form for each in measured})) or "no"
    rest = len(held.experiments) - len(measured)
    words = f"{held.machine.gpu or held.machine.cpu}, {counted(len(measured), 'experiment')} measured ({forms} form)"
    return words + (f", {rest} not" if rest else "")


def check_name(path: Path) -> None:
    """Raises ResultError where it is more than a name."""
    if not FILE_NAME.fullmatch(path.name):
        raise ResultError(f"{path}: name it with small letters, digits and hyphens, such as my-machine.json.")


def read(path: Path) -> Results:
    """A contributed result file. Raises ResultError where it is not what `share` writes, or cannot be true."""
    if path.is_symlink():
        raise ResultError(f"{path}: a link. Commit the file itself.")
    check_name(path)
    if path.exists() and path.stat().st_size > MAX_BYTES:
        raise ResultError(f"{path}: {path.stat().st_size:,} bytes; a contributed file has at most {MAX_BYTES:,}.")
    found = results.read(path)
    _check(found, str(path))
    return found


def _check(found: Results, name: str) -> None:
    for place, text in _texts(asdict(found)):
        if len(text) > MAX_CHARACTERS:
            raise ResultError(f"{name}: {place} has {len(text)} characters; {MAX_CHARACTERS} are enough. {ADVICE}")
        if MARKUP.search(text):
            raise ResultError(f"{name}: {place} has markup or invisible characters in it: {text[:60]!r}. {ADVICE}")
        if PERSONAL.search(text):
            raise ResultError(f"{name}: {place} names a folder or an address: {text[:60]!r}. {ADVICE}")
    for what, wrong in _impossible(found):
        if wrong:
            raise ResultError(f"{name}: {what}. {ADVICE}")


def _texts(data: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Each text in the file, keys of objects too, with where it stands."""
    if isinstance(data, str):
        yield place.lstrip("."), data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield f"{place} (a key)".lstrip("."), key
            yield from _texts(value, f"{place}.{key}")
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from _texts(value, f"{place}[{number}]")


def _impossible(found: Results) -> Iterator[tuple[str, bool]]:
    machine = found.machine
    yield f"machine.cores is {machine.cores}", not 1 <= machine.cores <= MOST_CORES
    yield f"machine.affinity is {machine.affinity} of {machine.cores} cores", not 1 <= machine.affinity <= machine.cores
    yield f"machine.quota is {machine.quota}", machine.quota is not None and not 0 < machine.quota <= MOST_CORES
    yield f"machine.ram is {machine.ram}", not 0 <= machine.ram <= MOST_BYTES
    yield f"machine.shm is {machine.shm}", machine.shm is not None and not 0 <= machine.shm <= MOST_BYTES
    yield f"tier is {found.tier}, and machine.gpu {machine.gpu}", (found.tier == "gpu") != bool(machine.gpu)
    yield f"commit is {found.commit!r}", not HEX.fullmatch(found.commit)
    yield f"measured_at is {found.measured_at!r}", _not_a_past_time(found.measured_at)
    for name, measured in found.experiments.items():
        place = f"experiments.{name}"
        yield f"{place} is no name of an experiment", not NAME.fullmatch(name)
        yield f"{place}.source_hash is {measured.source_hash!r}", not HEX.fullmatch(measured.source_hash)
        yield f"{place}.measured_at is {measured.measured_at!r}", _not_a_past_time(measured.measured_at)
        around = measured.surroundings
        shares = [share for each in around for share in (each.steal, each.throttled) if share is not None]
        yield f"{place}.surroundings has a share that is none", not all(0 <= share <= 1 for share in shares)
        capacity = [cores for each in around for cores in each.capacity]
        possible = all(0 < cores <= 10 * machine.cores for cores in capacity)
        yield f"{place}.surroundings has a capacity that is none", not possible


def _not_a_past_time(text: str) -> bool:
    try:
        taken = datetime.fromisoformat(text)
    except ValueError:
        return True
    return taken.tzinfo is None or taken > datetime.now(UTC) + timedelta(days=1)
