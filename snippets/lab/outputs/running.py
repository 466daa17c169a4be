"""One snippet, run as a reader would run it: alone, as a script, in a new process and a folder of its own.

A line above the shown part of a snippet says what it cannot run without (see `prerequisites`), that it is run by
torchrun, `# ranks: 2`, or how many others may run meanwhile: none beside one that times work (`# runs: alone`), one
beside another that times waits (`# runs: in pairs`). What it prints may also tell how its process was started, as a
whole stack does, or what comes first when a worker dies (`# starts: afresh`).
"""

import math
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Literal

from snippets.lab.catalog import TOOLS
from snippets.lab.machine.machine import this_software
from snippets.lab.machine.processes import end_group, stop_group
from snippets.lab.output import GAP, LONGEST, Output
from snippets.lab.outputs import prerequisites
from snippets.lab.outputs.preloaded import Preloaded, Request
from snippets.lab.outputs.printed import Printed
from snippets.lab.paths import IMAGES, PAGES, PYTHON, ROOT
from snippets.lab.unseen import without_unseen

RANKS = re.compile(r"^# ranks: (?P<count>\d+)$", re.MULTILINE)
RUNS = re.compile(r"^# runs: (?P<how>alone|in pairs)$", re.MULTILINE)
STARTS_AFRESH = re.compile(r"^# starts: afresh$", re.MULTILINE)
Kind = Literal["output", "error"]

DEADLINE = 180.0
"""Seconds: a guard against what hangs. A spawned worker takes seconds to start, and more on busy cores."""
ABOUT_CORES = "This DataLoader will create"
UTF8 = {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
"""What is read as UTF-8 must be written so, on Windows too."""

SPOKE_UP = re.compile(r"\w+Warning: |^Exception ignored (?:in: |while )", re.MULTILINE)
"""What Python or torch writes where something is wrong and the script goes on."""

FRAMES = re.compile(
    r"^(?:Exception raised from .+ \(most recent call first\):|frame #\d+: .+|<omitting python frames>)\n*",
    re.MULTILINE,
)
"""What torch adds where its own C++ fails: a line for each function, at another address in every run."""

LAST_WORDS_LOST = "lost sys.stderr"
"""What Python says in the place of a traceback that a signal has interrupted, as of a worker that dies meanwhile."""


class OutputError(RuntimeError):
    """A snippet ended otherwise than its page says; the message says which, how, and what to do."""


def path_of(name: str) -> Path:
    """Of a snippet, by its name: `errors/shm_full`."""
    return PAGES / f"{name}.py"


def code_of(name: str) -> str:
    return path_of(name).read_text(encoding="utf-8")


def hash_of(code: str) -> str:
    """Of a snippet and of the tools that it names, whatever their line ends."""
    texts = [code, *(tool.read_text(encoding="utf-8") for tool in tools_of(code))]
    return sha256("".join(texts).encode()).hexdigest()[:16]


def tools_of(code: str) -> list[Path]:
    return [tool for tool in TOOLS if tool.stem in code]


def run(
    name: str, kind: Kind = "error", python_with_torch: Preloaded | None = None, seconds: float = math.inf
) -> Output:
    """What one snippet prints, and how it ends; run once more where its last words were lost. Raises OutputError, be it
    that it did not end within so many `seconds`.

    As a script, in a folder that has nothing but it and, where it names them, the images and tools. What is shown
    for what it prints does not depend on how many cores this machine has: torch's warning about them is switched off.
    """
    deadline = min(DEADLINE, seconds)
    output = _run_once(name, kind, python_with_torch, deadline)
    return _run_once(name, kind, python_with_torch, deadline) if LAST_WORDS_LOST in output.text else output


def _run_once(name: str, kind: Kind, python_with_torch: Preloaded | None, deadline: float) -> Output:
    code, software = code_of(name), this_software()
    blank = Output(hash_of(code), software.python, software.torch, date.today().isoformat(), 0, "", "")
    if lack := prerequisites.lack(code):
        return replace(blank, absent=lack)
    command = [*prerequisites.before(code), *python(code), path_of(name).name]
    with tempfile.TemporaryDirectory(prefix="snippet-") as folder:
        Path(folder, path_of(name).name).write_text(code, encoding="utf-8")
        if "images" in code:
            put_images(Path(folder, "images"))
        for tool in tools_of(code):
            shutil.copy(tool, folder)
        quiet_about = ABOUT_CORES if kind == "output" else ""
        environment = {**os.environ, **UTF8, **({"PYTHONWARNINGS": f"ignore:{quiet_about}"} if quiet_about else {})}
        try:
            if python_with_torch and command == [sys.executable, path_of(name).name] and not STARTS_AFRESH.search(code):
                script = path_of(name).name
                exit_code, text = _run_in_fork(python_with_torch, script, folder, environment, quiet_about, deadline)
            else:
                exit_code, text = _run_in_process(command, folder, environment, deadline)
        except TimeoutError:
            raise OutputError(f"snippets/pages/{name}.py did not end within {deadline:.0f} s") from None
        except EOFError as error:
            raise OutputError(f"snippets/pages/{name}.py could not run: {error}. Run this again.") from error
    return replace(blank, exit_code=exit_code, text=_shortened(FRAMES.sub("", _without_places(text, folder))))


def _run_in_fork(
    python: Preloaded, script: str, folder: str, environment: dict[str, str], quiet_about: str, deadline: float
) -> tuple[int, str]:
    """Exit code, and what was printed; nothing of it is left. Raises TimeoutError."""
    assert sys.platform != "win32"
    with tempfile.TemporaryDirectory(prefix="printed-") as place:
        path = str(Path(place, "printed"))
        os.mkfifo(path)  # type: ignore  (POSIX)
        # Else this would wait until somebody writes.
        reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # type: ignore  (POSIX)
        held_open = os.open(path, os.O_WRONLY)  # else there is nothing to read before the script has begun
        os.set_blocking(reading, True)  # type: ignore  (POSIX)
        printed = Printed(os.fdopen(reading, "rb", buffering=0))
        try:
            leader = python.start(Request([script], folder, environment, path, path, quiet_about))
            try:
                exit_code = python.wait(deadline)
            except TimeoutError:
                end_group(leader, is_running=True)
                python.wait(DEADLINE)
                raise
            end_group(leader, is_running=False)
        finally:
            os.close(held_open)
        printed.wait(deadline)
    return exit_code, printed.text()  # type: ignore  (POSIX)


def _run_in_process(command: list[str], folder: str, environment: dict[str, str], deadline: float) -> tuple[int, str]:
    """Exit code, and what was printed. Raises TimeoutError."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert process.stdout
    printed = Printed(process.stdout)
    try:
        printed.wait(deadline)
        exit_code = process.wait(deadline)
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    finally:
        stop_group(process)
    return exit_code, printed.text()


def runs(code: str) -> str:
    """How many others may run beside a snippet: none (`alone`), one (`in pairs`), or any number ("")."""
    match = RUNS.search(code)
    return match["how"] if match else ""


def absent(name: str) -> str:
    """Why a snippet cannot run here; "" if it can."""
    return prerequisites.lack(code_of(name))


def put_images(place: Path) -> None:
    """A link to the images; where a user may make none, as on Windows, a copy."""
    try:
        place.symlink_to(IMAGES, target_is_directory=True)
    except OSError:
        shutil.copytree(IMAGES, place)


def python(code: str) -> list[str]:
    """The command that runs a snippet, without the snippet's file at its end."""
    ranks = RANKS.search(code)
    launcher = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", ranks["count"]] if ranks else []
    return [sys.executable, *launcher]


def check(name: str, kind: Kind, output: Output) -> None:
    """Raises OutputError where a snippet ended otherwise than its page says."""
    if output.absent:
        return
    advice = f"Run it: {PYTHON} snippets/pages/{name}.py"
    if kind == "output" and output.exit_code:
        raise OutputError(f"snippets/pages/{name}.py failed, and a page shows what it prints. {advice}\n{output.text}")
    if kind == "error" and not output.text.strip():
        raise OutputError(f"snippets/pages/{name}.py was to fail, as a page says, and said nothing. {advice}")
    if kind == "error" and not output.exit_code and not SPOKE_UP.search(output.text):
        raise OutputError(
            f"snippets/pages/{name}.py was to fail, as a page says; it ended well and gave no warning. {advice}\n"
            f"{output.text}"
        )


def _without_places(text: str, folder: str) -> str:
    """Without the folders of this machine: they say nothing to a reader, and where this was run is nobody's concern."""
    places = {}
    for place in (os.path.realpath(folder), folder):  # on macOS the first ends with the second
        places |= {place + os.sep: "", place: "…"}
    for place in (*map(sysconfig.get_path, ("platlib", "purelib", "stdlib")), str(ROOT)):
        places[place] = f"…{os.sep}{Path(place).name}"
    for place, name in places.items():
        text = text.replace(place, name)
    return without_unseen(text).strip("\n")  # torch's handlers of signals write the end of a C string, too


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    first, _, cut = text[: LONGEST // 2].rpartition("\n")
    rest, _, last = text[-LONGEST // 2 :].partition("\n")
    return f"{first or cut}\n{GAP}\n{last or rest}"
