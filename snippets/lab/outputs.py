"""What snippets print, for the pages that show it: each runs as a reader would run it, alone, in a new process.

A page asks by `![…](output:folder/name)` for what a snippet prints and by `![…](error:folder/name)` for how it fails.
A line above the shown part of a snippet says what it cannot run without, `# needs: cuda`, `# needs: small-shm` or a
package, `# needs: webdataset`; or that it is run by torchrun, `# ranks: 2`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Literal

from snippets.lab import strict
from snippets.lab.files import write_whole
from snippets.lab.machine import this_machine, this_software
from snippets.lab.paths import AS_PUBLISHED, DOCS, IMAGES, PYTHON, ROOT, SNIPPETS
from snippets.lab.process_group import stop_group
from snippets.lab.results import ResultError

ASKED = re.compile(r"\]\((?P<kind>output|error):(?P<name>\w+/\w+)\)")
NEEDS = re.compile(r"^# needs: (?P<what>[\w-]+)$", re.MULTILINE)
RANKS = re.compile(r"^# ranks: (?P<count>\d+)$", re.MULTILINE)
Kind = Literal["output", "error"]

TOGETHER = "errors/"
"""Snippets that fail, and the same put right, run as many at once as there are cores. All others have the machine for
themselves: they may print times, or what lies in /dev/shm."""
DEADLINE = 60.0
LONGEST = 6_000
"""Characters that are kept of what a snippet prints; of more, the beginning and the end."""
GAP = "…"
LAST_CALLS = 3
NOT_ABOUT_CORES = "ignore:This DataLoader will create"

SMALL_SHM = 'mount -t tmpfs -o size=16m none /dev/shm && exec "$@"'
NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")


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
    wanting = output.absent and output.absent != _needed(_code(name))[1]
    return bool(wanting) or (output.python, output.torch) != (software.python, software.torch)


def _code(name: str) -> str:
    return path_of(name).read_text(encoding="utf-8")


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()[:16]


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
    with ThreadPoolExecutor(max(1, int(this_machine().cores_usable))) as pool:
        ran = chain(
            pool.map(lambda name: run(name, wanted[name]), together), (run(name, wanted[name]) for name in alone)
        )
        for name, output in zip((*together, *alone), ran, strict=True):
            check(name, wanted[name], output)
            held[name] = output
            write(held, path)
    return due


def run(name: str, kind: Kind = "error") -> Output:
    """One snippet as a script, in a folder that has nothing but it and `images/`.

    What is shown for what it prints does not depend on how many cores this machine has: torch's warning about them
    is switched off.
    """
    code, software = _code(name), this_software()
    blank = Output(_hash(code), software.python, software.torch, date.today().isoformat(), 0, "", "")
    before, absent = _needed(code)
    if absent:
        return replace(blank, absent=absent)
    with tempfile.TemporaryDirectory(prefix="snippet-") as folder:
        script = Path(folder, f"{path_of(name).stem}.py")
        script.write_text(code, encoding="utf-8")
        Path(folder, "images").symlink_to(IMAGES, target_is_directory=True)
        process = subprocess.Popen(
            [*before, *python(code), script.name],
            cwd=folder,
            env={
                **os.environ,
                "PYTHONUNBUFFERED": "1",
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
    return _needed(_code(name))[1]


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


def _needed(code: str) -> tuple[tuple[str, ...], str]:
    """What to put before the command, and why the snippet cannot run here ("" if it can)."""
    found = NEEDS.search(code)
    what = found["what"] if found else ""
    if what == "cuda":
        return (), "" if this_machine().gpu else "this machine has no GPU"
    if what != "small-shm":
        return (), "" if not what or find_spec(what) else f"{what} is not installed (`make others` installs it)"
    before = (*NAMESPACE, "sh", "-c", SMALL_SHM, "sh")
    if not shutil.which(NAMESPACE[0]):
        return (), "a small /dev/shm of its own needs Linux’s unshare"
    if subprocess.run([*before, "true"], capture_output=True).returncode:
        return (), "this system lets no user mount a small /dev/shm of their own"
    return before, ""


def _without_places(said: str, folder: str) -> str:
    """Without the folders of this machine: they say nothing to a reader, and where this was run is nobody's concern."""
    places = {}
    for place in (os.path.realpath(folder), folder):  # on macOS the first ends with the second
        places |= {place + os.sep: "", place: "…"}
    for place in (*map(sysconfig.get_path, ("platlib", "purelib", "stdlib")), str(ROOT)):
        places[place] = f"…{os.sep}{Path(place).name}"
    for place, name in places.items():
        said = said.replace(place, name)
    return said.replace("\0", "").strip("\n")  # torch's handlers of signals write the end of a C string, too


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
