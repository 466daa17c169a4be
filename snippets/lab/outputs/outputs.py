"""What snippets print, for the pages that show it: which are shown, which are stale, what is kept.

A page asks by `![…](output:folder/name)` for what a snippet prints and by `![…](error:folder/name)` for how it fails.
"""

import os
import re
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from queue import Queue

from snippets.lab.machine.machine import this_machine, this_software
from snippets.lab.outputs import prerequisites
from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.outputs.running import UTF8, Kind, Output, OutputError, check, code_of, hash_of, path_of, run, runs
from snippets.lab.paths import AS_PUBLISHED, DOCS
from snippets.lab.progress import progress
from snippets.lab.store import ResultError, once_per_change, read_json, write_json

ASKED = re.compile(r"\]\((?P<kind>output|error):(?P<name>\w+/\w+)\)")
WORTH_IT = 8
"""Snippets that take longer than starting a Python with torch for each that may run at once."""


def asked() -> dict[str, Kind]:
    """The snippets whose output some page shows, by name: `errors/shm_full`."""
    found: dict[str, Kind] = {}
    for page in sorted(DOCS.rglob("*.md")):
        for mention in ASKED.finditer(page.read_text(encoding="utf-8")):
            found[mention["name"]] = "error" if mention["kind"] == "error" else "output"
    return found


def is_stale(name: str, output: Output | None) -> bool:
    """Never run, or with other code; where snippets run here, also with other versions or without what is now here."""
    if output is None or output.source_hash != hash_of(code_of(name)):
        return True
    if AS_PUBLISHED:
        return False
    software = this_software()
    wanting = output.absent and output.absent != prerequisites.wanting(code_of(name))
    return bool(wanting) or (output.python, output.torch) != (software.python, software.torch)


@once_per_change
def read(path: Path) -> dict[str, Output]:
    """By name; nothing where there is no file. Raises ResultError for a file that `write` did not write."""
    if not path.exists():
        return {}
    try:
        found: dict[str, Output] = read_json(dict[str, Output], path)
        for each in found.values():
            date.fromisoformat(each.day)
        return found
    except ValueError as error:
        raise ResultError(f"{path}: not a file of snippets' outputs ({error}). Delete it.") from error


def write(outputs: dict[str, Output], path: Path) -> None:
    """Whole or not at all; raises OSError."""
    write_json(dict(sorted(outputs.items())), path)


def capture(path: Path) -> list[str]:
    """Run what pages show and `path` does not hold; give the names of what ran. Raises OutputError."""
    wanted = asked()
    if unknown := sorted(name for name in wanted if not path_of(name).is_file()):
        raise OutputError(f"a page shows what snippets/pages/{unknown[0]}.py prints, and there is no such file")
    held = {name: each for name, each in read(path).items() if name in wanted and not is_stale(name, each)}
    for name, each in held.items():  # it may have been shown as what fails
        check(name, wanted[name], each)
    due = [name for name in wanted if name not in held]
    if not due:
        return []
    print(f"Running {len(due)} of {len(wanted)} snippets whose output the pages show.", flush=True)
    began = time.monotonic()
    with (
        progress() as bars,
        preloaded(2 * cores(), len(due)) as pythons,
        closing(_all(due, wanted, pythons)) as outcomes,
    ):
        bars.begin("snippets", len(due))
        for number, (name, output) in enumerate(outcomes, start=1):
            check(name, wanted[name], output)
            held[name] = output
            write(held, path)
            bars.step("snippets", f"{number} of {len(due)}, {name}")
        bars.finish("snippets", f"{time.monotonic() - began:.1f} s")
    return due


def cores() -> int:
    return min(8, max(1, int(this_machine().cores_usable)))


@contextmanager
def preloaded(count: int, snippets: int) -> Iterator[list[Preloaded | None]]:
    """So many Pythons with torch; or Nones, where a process cannot fork, or for a few snippets."""
    if not hasattr(os, "fork") or snippets < WORTH_IT:
        yield [None] * count
        return
    pythons = [Preloaded({**os.environ, **UTF8}) for _ in range(count)]
    try:
        yield [*pythons]
    finally:
        for each in pythons:
            each.close()


def _all(due: list[str], wanted: dict[str, Kind], pythons: list[Preloaded | None]) -> Generator[tuple[str, Output]]:
    """What each prints, as it comes: what may run beside others first, then pairs, then what runs alone."""
    free: Queue[Preloaded | None] = Queue()
    for each in pythons:
        free.put(each)

    def run_one(name: str) -> tuple[str, Output]:
        python_with_torch = free.get()
        try:
            return name, run(name, wanted[name], python_with_torch)
        finally:
            free.put(python_with_torch)

    def run_beside(names: list[str], at_once: int) -> Iterator[tuple[str, Output]]:
        with ThreadPoolExecutor(at_once) as pool:
            try:
                yield from pool.map(run_one, names)
            except BaseException:  # one failed, or Ctrl-C: the others need not come to their end
                for each in filter(None, pythons):
                    each.close()
                raise

    by_how = {how: [name for name in due if runs(code_of(name)) == how] for how in ("", "in pairs", "alone")}
    yield from run_beside(by_how[""], len(pythons))
    yield from run_beside(by_how["in pairs"], min(2, cores()))
    yield from map(run_one, by_how["alone"])
