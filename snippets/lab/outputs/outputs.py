"""What snippets print, for the pages that show it: which are shown, which are stale, what is kept.

A page asks by `![…](output:folder/name)` for what a snippet prints and by `![…](error:folder/name)` for how it fails.
"""

import os
import re
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from queue import Queue

from snippets.lab.machine.machine import this_machine, this_software
from snippets.lab.output import Output, problems
from snippets.lab.outputs import prerequisites
from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.outputs.running import UTF8, Kind, OutputError, check, code_of, hash_of, path_of, run, runs
from snippets.lab.paths import AS_PUBLISHED, DOCS
from snippets.lab.progress import progress
from snippets.lab.store import ResultError, once_per_change, read_json, write_json

ASKED = re.compile(r"\]\((?P<kind>output|error):(?P<name>\w+/\w+)\)")
NOT_YET = "no build has run it here yet"
WORTH_IT = 8
"""From so many snippets on, Pythons that have torch imported save more time than starting them takes."""


def shown_snippets() -> dict[str, Kind]:
    """The snippets whose output some page shows, by name (`errors/shm_full`), and what it shows of each."""
    kinds: dict[str, Kind] = {}
    for page in sorted(DOCS.rglob("*.md")):
        for mention in ASKED.finditer(page.read_text(encoding="utf-8")):
            kinds[mention["name"]] = "error" if mention["kind"] == "error" else "output"
    return kinds


def is_stale(name: str, output: Output | None) -> bool:
    """Whether a snippet never ran, or with other code; where snippets run here, also with other versions, or without
    something that is here now.
    """
    if output is None or output.source_hash != hash_of(code_of(name)):
        return True
    if AS_PUBLISHED:
        return False
    software = this_software()
    lack_changed = output.absent and output.absent != prerequisites.lack(code_of(name))
    return bool(lack_changed) or (output.python, output.torch) != (software.python, software.torch)


@once_per_change
def read(path: Path) -> dict[str, Output]:
    """By name; nothing where there is no file. Raises ResultError for a file that `write` did not write."""
    if not path.exists():
        return {}
    try:
        by_name: dict[str, Output] = read_json(dict[str, Output], path)
        for name, output in by_name.items():
            for problem in problems(name, output):
                raise ValueError(f"{name[:60]!a}: {problem}")
        return by_name
    except ValueError as error:
        raise ResultError(f"{path}: not a file of snippets' outputs ({error}). Delete it.") from error


def write(outputs: dict[str, Output], path: Path) -> None:
    """Whole or not at all; raises OSError."""
    write_json(dict(sorted(outputs.items())), path)


def capture(path: Path) -> list[str]:
    """Run the snippets whose output pages show and the file at `path` has not; give their names. Raises OutputError,
    and, for the file, ResultError and OSError.
    """
    kinds = shown_snippets()
    if unknown := sorted(name for name in kinds if not path_of(name).is_file()):
        raise OutputError(f"a page shows what snippets/pages/{unknown[0]}.py prints, and there is no such file")
    outputs = {name: output for name, output in read(path).items() if name in kinds and not is_stale(name, output)}
    for name, output in outputs.items():  # it may have been shown as what fails
        check(name, kinds[name], output)
    due = [name for name in kinds if name not in outputs]
    if not due:
        return []
    print(f"Running {len(due)} of {len(kinds)} snippets whose output the pages show.", flush=True)
    began = time.monotonic()
    with (
        progress() as bars,
        preloaded(2 * cores(), len(due)) as pythons,
        closing(_run_all(due, kinds, pythons)) as outcomes,
    ):
        bars.begin("snippets", len(due))
        for number, (name, output) in enumerate(outcomes, start=1):
            check(name, kinds[name], output)
            outputs[name] = output
            write(outputs, path)
            bars.step("snippets", f"{number} of {len(due)}, {name}")
        bars.finish("snippets", f"{time.monotonic() - began:.1f} s")
    return due


def leave_out(path: Path) -> None:
    """Say in the file at `path` of each snippet that it lacks that it has not run yet; the next `capture` runs it."""
    outputs, software, day = read(path), this_software(), date.today().isoformat()
    missing = {
        name: Output(hash_of(code_of(name)), software.python, software.torch, day, 0, "", NOT_YET)
        for name in shown_snippets()
        if name not in outputs
    }
    if missing:
        write({**outputs, **missing}, path)


def for_a_reference(path: Path, unfit: Callable[[str, Output], str]) -> dict[str, Output]:
    """What all snippets print that pages show, as far as they can run here: those that the file at `path` has not run
    first. Left out is what is `unfit` for a file of results, and a line says so. Raises OutputError.
    """
    capture(path)
    printed = {name: output for name, output in read(path).items() if not output.absent}
    for name, output in printed.items():
        if fault := unfit(name, output):
            print(f"Left out: what snippets/pages/{name}.py printed {fault}")
    return {name: output for name, output in printed.items() if not unfit(name, output)}


def of_a_gpu(unfit: Callable[[str, Output], str], until: float) -> dict[str, Output]:
    """What those print that need a GPU and that pages show, by name, for the file of a machine that has one. What ended
    otherwise than its page says is left out, and what is `unfit` for such a file, could not run, or did not end before
    `until`, on the clock of `time.monotonic`; a line says so.
    """
    outputs: dict[str, Output] = {}
    for name, kind in shown_snippets().items():
        if "cuda" not in prerequisites.needs(code_of(name)):
            continue
        seconds = until - time.monotonic()
        if seconds <= 0:
            print(f"Left out: snippets/pages/{name}.py, as the time was up")
            continue
        try:
            output = run(name, kind, seconds=seconds)
            check(name, kind, output)
        except OutputError as error:
            print(f"Left out: {error}")
            continue
        if output.absent:
            print(f"Left out: snippets/pages/{name}.py could not run: {output.absent}")
        elif fault := unfit(name, output):
            print(f"Left out: what snippets/pages/{name}.py printed {fault}")
        else:
            outputs[name] = output
    return outputs


def cores() -> int:
    """How many cores snippets run on, 8 at most."""
    return min(8, max(1, int(this_machine().cores_usable)))


@contextmanager
def preloaded(count: int, snippets: int) -> Iterator[list[Preloaded | None]]:
    """As many Pythons that have torch imported as `count` says; Nones in their place where a process cannot fork, or
    for few `snippets`.
    """
    if not hasattr(os, "fork") or snippets < WORTH_IT:
        yield [None] * count
        return
    pythons = [Preloaded({**os.environ, **UTF8}) for _ in range(count)]
    try:
        yield [*pythons]
    finally:
        for python in pythons:
            python.close()


def _run_all(due: list[str], kinds: dict[str, Kind], pythons: list[Preloaded | None]) -> Generator[tuple[str, Output]]:
    """Each snippet's output, as it comes: of those that may run beside others first, then of pairs, then of those that
    run alone.
    """
    free: Queue[Preloaded | None] = Queue()
    for python in pythons:
        free.put(python)

    def run_one(name: str) -> tuple[str, Output]:
        python_with_torch = free.get()
        try:
            return name, run(name, kinds[name], python_with_torch)
        finally:
            free.put(python_with_torch)

    def run_beside(names: list[str], at_once: int) -> Iterator[tuple[str, Output]]:
        with ThreadPoolExecutor(at_once) as pool:
            try:
                yield from pool.map(run_one, names)
            except BaseException:  # one failed, or Ctrl-C: the others need not come to their end
                for python in filter(None, pythons):
                    python.end()
                raise

    by_how = {how: [name for name in due if runs(code_of(name)) == how] for how in ("", "in pairs", "alone")}
    yield from run_beside(by_how[""], len(pythons))
    yield from run_beside(by_how["in pairs"], min(2, cores()))
    yield from map(run_one, by_how["alone"])
