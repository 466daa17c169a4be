"""What snippets print, for the pages that show it: each runs as a reader would run it, alone, in a new process.

A page asks by `![…](output:folder/name)` for what a snippet prints and by `![…](error:folder/name)` for how it fails.
A line above the shown part of a snippet says what it cannot run without (see `prerequisites`), or that it is run by
torchrun, `# ranks: 2`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Literal

from snippets.lab import prerequisites, strict
from snippets.lab.files import once_per_change, write_whole
from snippets.lab.machine import this_machine, this_software
from snippets.lab.paths import AS_PUBLISHED, DOCS, IMAGES, PYTHON, ROOT, SNIPPETS
from snippets.lab.process_group import stop_group
from snippets.lab.progress import progress
from snippets.lab.results import ResultError

ASKED = re.compile(r"\]\((?P<kind>output|error):(?P<name>\w+/\w+)\)")
RANKS = re.compile(r"^# ranks: (?P<count>\d+)$", re.MULTILINE)
Kind = Literal["output", "error"]

TOGETHER = "errors/"
"""Snippets that fail, and the same put right, run as many at once as there are cores. All others have the machine for
themselves: they may print times, or what lies in /dev/shm."""
DEADLINE = 180.0
"""Seconds: a guard against what hangs. A spawned worker takes seconds to start, and more on busy cores."""
LONGEST = 6_000
"""Characters that are kept of what a snippet prints; of more, the beginning and the end."""
GAP = "…"
LAST_CALLS = 3
NOT_ABOUT_CORES = "ignore:This DataLoader will create"

SPOKE_UP = re.compile(r"\w+Warning: |^Exception ignored in: ", re.MULTILINE)
"""What Python or torch writes where something is wrong and the script goes on."""

LAST_WORDS_LOST = "lost sys.stderr"
"""What Python says in the place of a traceback that a signal has interrupted, as of a worker that dies meanwhile."""

UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control characters, but for tab and newline, and those that turn the direction of text: no page shows them."""


class OutputError(RuntimeError):
    """A snippet ended otherwise than its page says; the message says which, how, and what to do."""


@dataclass(frozen=True)
class Output:
    """What a snippet printed, on the day that it ran, and under which versions.

    `source_hash` is of the snippet's code. `absent` says why it could not run here; then there is no text.
    """

    source_hash: str
    python: str
    torch: str
    day: str
    exit_code: int
    text: str
    absent: str


def asked() -> dict[str, Kind]:
    """The snippets whose output some page shows, by name: `errors/shm_full`."""
    found: dict[str, Kind] = {}
    for page in sorted(DOCS.rglob("*.md")):
        for mention in ASKED.finditer(page.read_text(encoding="utf-8")):
            found[mention["name"]] = "error" if mention["kind"] == "error" else "output"
    return found


def path_of(name: str) -> Path:
    return SNIPPETS / f"{name}.py"


def is_stale(name: str, output: Output | None) -> bool:
    """Never run, or with other code; where snippets run here, also with other versions or without what is now here."""
    if output is None or output.source_hash != _hash(_code(name)):
        return True
    if AS_PUBLISHED:
        return False
    software = this_software()
    wanting = output.absent and output.absent != prerequisites.wanting(_code(name))
    return bool(wanting) or (output.python, output.torch) != (software.python, software.torch)


def _code(name: str) -> str:
    return path_of(name).read_text(encoding="utf-8")


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()[:16]


@once_per_change
def read(path: Path) -> dict[str, Output]:
    """By name; nothing where there is no file. Raises ResultError for a file that `write` did not write."""
    if not path.exists():
        return {}
    try:
        found: dict[str, Output] = strict.build(dict[str, Output], strict.load(path.read_text(encoding="utf-8")))
        for each in found.values():
            date.fromisoformat(each.day)
        return found
    except ValueError as error:
        raise ResultError(f"{path}: not a file of snippets' outputs ({error}). Delete it.") from error


def write(outputs: dict[str, Output], path: Path) -> None:
    """Whole or not at all; raises OSError."""
    held = {name: asdict(each) for name, each in sorted(outputs.items())}
    write_whole(path, json.dumps(held, ensure_ascii=False, indent=1) + "\n")


def capture(path: Path) -> list[str]:
    """Run what pages show and `path` does not hold; give the names of what ran. Raises OutputError."""
    wanted = asked()
    if unknown := sorted(name for name in wanted if not path_of(name).is_file()):
        raise OutputError(f"a page shows what snippets/{unknown[0]}.py prints, and there is no such file")
    held = {name: each for name, each in read(path).items() if name in wanted and not is_stale(name, each)}
    for name, each in held.items():  # it may have been shown as what fails
        check(name, wanted[name], each)
    due = [name for name in wanted if name not in held]
    if not due:
        return []
    print(f"Running {len(due)} of {len(wanted)} snippets whose output the pages show.", flush=True)
    together = [name for name in due if name.startswith(TOGETHER)]
    alone = [name for name in due if not name.startswith(TOGETHER)]
    began = time.monotonic()
    with progress() as bars, ThreadPoolExecutor(min(8, max(1, int(this_machine().cores_usable)))) as pool:
        bars.begin("snippets", len(due))
        ran = chain(
            pool.map(lambda name: run(name, wanted[name]), together), (run(name, wanted[name]) for name in alone)
        )
        for number, (name, output) in enumerate(zip((*together, *alone), ran, strict=True), start=1):
            check(name, wanted[name], output)
            held[name] = output
            write(held, path)
            bars.step("snippets", f"{number} of {len(due)}, {name}")
        bars.finish("snippets", f"{time.monotonic() - began:.1f} s")
    return due


def run(name: str, kind: Kind = "error") -> Output:
    """What one snippet prints, and how it ends; once more where its last words were lost."""
    output = _run_once(name, kind)
    return _run_once(name, kind) if LAST_WORDS_LOST in output.text else output


def _run_once(name: str, kind: Kind) -> Output:
    """As a script, in a folder that has nothing but it and, where it names them, the images.

    What is shown for what it prints does not depend on how many cores this machine has: torch's warning about them
    is switched off.
    """
    code, software = _code(name), this_software()
    blank = Output(_hash(code), software.python, software.torch, date.today().isoformat(), 0, "", "")
    if wanting := prerequisites.wanting(code):
        return replace(blank, absent=wanting)
    with tempfile.TemporaryDirectory(prefix="snippet-") as folder:
        script = Path(folder, f"{path_of(name).stem}.py")
        script.write_text(code, encoding="utf-8")
        if "images" in code:
            put_images(Path(folder, "images"))
        process = subprocess.Popen(
            [*prerequisites.before(code), *python(code), script.name],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONUNBUFFERED": "1",
                "PYTHONUTF8": "1",  # what is read as UTF-8 must be written so, on Windows too
                **({"PYTHONWARNINGS": NOT_ABOUT_CORES} if kind == "output" else {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            raise OutputError(f"snippets/{name}.py did not end within {DEADLINE:.0f} s") from None
        finally:
            stop_group(process)
        return replace(blank, exit_code=process.returncode, text=_shortened(_without_places(said, folder)))


def absent(name: str) -> str:
    """Why a snippet cannot run here; "" if it can."""
    return prerequisites.wanting(_code(name))


def put_images(place: Path) -> None:
    """A link to the images; where a user may make none, as on Windows, a copy."""
    try:
        place.symlink_to(IMAGES, target_is_directory=True)
    except OSError:
        shutil.copytree(IMAGES, place)


def python(code: str) -> list[str]:
    """The command that runs a snippet, but for its file."""
    ranks = RANKS.search(code)
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", ranks["count"]] if ranks else []
    return [sys.executable, *launcher]


def check(name: str, kind: Kind, output: Output) -> None:
    """Raises OutputError where a snippet ended otherwise than its page says."""
    if output.absent:
        return
    again = f"Run it: {PYTHON} snippets/{name}.py"
    if kind == "output" and output.exit_code:
        raise OutputError(f"snippets/{name}.py failed, and a page shows what it prints. {again}\n{output.text}")
    if kind == "error" and not output.text.strip():
        raise OutputError(f"snippets/{name}.py was to fail, as a page says, and said nothing. {again}")
    if kind == "error" and not output.exit_code and not SPOKE_UP.search(output.text):
        raise OutputError(
            f"snippets/{name}.py was to fail, as a page says; it ended well and gave no warning. {again}\n{output.text}"
        )


def _without_places(said: str, folder: str) -> str:
    """Without the folders of this machine: they say nothing to a reader, and where this was run is nobody's concern."""
    places = {}
    for place in (os.path.realpath(folder), folder):  # on macOS the first ends with the second
        places |= {place + os.sep: "", place: "…"}
    for place in (*map(sysconfig.get_path, ("platlib", "purelib", "stdlib")), str(ROOT)):
        places[place] = f"…{os.sep}{Path(place).name}"
    for place, name in places.items():
        said = said.replace(place, name)
    return UNSEEN.sub("", said).strip("\n")  # torch's handlers of signals write the end of a C string, too


def _shortened(said: str) -> str:
    if len(said) <= LONGEST:
        return said
    first, _, cut = said[: LONGEST // 2].rpartition("\n")
    rest, _, last = said[-LONGEST // 2 :].partition("\n")
    return f"{first or cut}\n{GAP}\n{last or rest}"


def messages(said: str) -> str:
    """What a failure says, without the frames of its tracebacks; of a stack by `faulthandler`, the last few calls."""
    return "\n".join(_messages(said.splitlines())).strip("\n")


def _messages(lines: list[str]) -> Iterator[str]:
    in_frames, calls = False, 0
    for line in lines:
        if line.startswith(("Traceback (most recent call last)", "Original Traceback (most recent call last)")):
            in_frames = True
        elif line.endswith("(most recent call first):"):
            in_frames, calls = True, LAST_CALLS
            yield line
        elif in_frames and line.startswith("  "):
            if calls:
                calls -= 1
                yield line
        elif not line.startswith("Extension modules:"):
            in_frames, calls = line == GAP, 0
            yield line
