"""What is timed, one function per part; each gives lines of the table."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ..checkout import Checkout, checkout
from .copies import make_bare, multiply_guides
from .rows import Fact, Row, interleaved, ratios, say

SITE = ("-m", "snippets.lab", "site")
EDITS = 5
SIZES = (1, 2, 5, 10)
HEAVY = ("torch", "matplotlib")
CHANGED = "snippets/helper_sprites/memory_goblins.py"

STALE = """
import json
from snippets.lab.catalog import experiment_names
from snippets.lab.paths import LOCAL_RESULTS
from snippets.lab.session import SHORT, is_stale, load

held = load(LOCAL_RESULTS)
print(json.dumps([name for name in experiment_names() if is_stale(held, name, SHORT)]))
"""
IMPORTERS = """
import importlib, json, sys
from snippets.lab.catalog import experiment_names, measuring_module

importers = []
for name in experiment_names():
    for module in [m for m in sys.modules if m.split(".")[0] == "snippets"]:
        del sys.modules[module]
    importlib.import_module(measuring_module(name))
    if sys.argv[1] in sys.modules:
        importers.append(name)
print(json.dumps(importers))
"""


class BenchError(RuntimeError):
    """Nothing can be timed; the message says why."""


def second_build(copy: Checkout) -> list[Row | Fact]:
    """`make site` with nothing to measure, against MkDocs with the same pages and nothing of ours."""
    bare = make_bare(copy)
    plain = ("-m", "mkdocs", "build", "--strict", "--config-file", bare, "--site-dir", "built-bare")
    _build(copy, *plain)
    seconds = interleaved({"ours": partial(_build, copy, *SITE), "bare": partial(_build, copy, *plain)})
    return [Row("second build, against bare MkDocs", ratios(seconds["ours"], seconds["bare"]), 2.0)]


def serve(copy: Checkout) -> list[Row | Fact]:
    """From the moment when a sentence is saved to the moment when the preview has it."""
    page = copy.root / "docs" / "guides" / "helper-sprites.md"
    seconds: list[float] = []
    with _serving(copy) as address:
        for number in range(EDITS):
            sentence = f"Sentence number {number} of the benchmark."
            with page.open("a", encoding="utf-8") as file:
                file.write(f"\n\n{sentence}\n")
            start = time.perf_counter()
            _wait(lambda sentence=sentence: sentence in _get(f"{address}guides/helper-sprites/"))
            seconds.append(time.perf_counter() - start)
            say(f"  edit {number + 1} of {EDITS}: {seconds[-1]:.2f} s")
    return [Row("prose edit until the preview has it", seconds, 2.0, " s")]


def imports(copy: Checkout) -> list[Row | Fact]:
    """Whether a build with nothing to measure or draw loads torch or matplotlib, in any of its processes."""
    said = ""
    for command in (SITE, ("-m", "mkdocs", "build", "--strict", "--site-dir", "built")):
        said += copy.run(*command, PYTHONPROFILEIMPORTTIME="1").stderr
    imported = {line.rpartition("|")[2].strip() for line in said.splitlines() if line.startswith("import time:")}
    if "snippets.lab.build" not in imported:
        raise BenchError("Python did not say what it imported")
    return [
        Fact(f"second build imports {name}", "yes" if name in imported else "no", "no", name not in imported)
        for name in HEAVY
    ]


def growth(copy: Checkout) -> list[Row | Fact]:
    """Build time over size, for so many times the guides and their snippets; 1.0 is linear growth."""
    builds: dict[str, Callable[[], None]] = {}
    for times in SIZES:
        larger = again(copy, f"growth-{times}x")
        multiply_guides(larger, times)
        _build(larger, *SITE)
        builds[f"{times}x"] = partial(_build, larger, *SITE)
    seconds = interleaved(builds)
    one, five, ten = (min(seconds[f"{times}x"]) for times in (1, 5, 10))
    rows: list[Row | Fact] = [
        Row(
            f"{times}x the guides: time over size",
            [r / times for r in ratios(seconds[f"{times}x"], seconds["1x"])],
            1.1,
        )
        for times in SIZES[1:]
    ]
    # What each build costs anyway hides growth that is faster than linear. The fastest rounds, because
    # differences of noisy times are noisier still.
    further = ((ten - five) / 5) / ((five - one) / 4)
    return [*rows, Fact("a further copy of them, 5x–10x against 1x–5x", f"{further:.2f}")]


def stale(copy: Checkout) -> list[Row | Fact]:
    """Which experiments a comment in one snippet makes stale. Nothing is measured."""
    before = _names(copy, STALE)
    with (copy.root / CHANGED).open("a", encoding="utf-8") as file:
        file.write("# A comment.\n")
    found = _names(copy, STALE)
    module = CHANGED.removesuffix(".py").replace("/", ".")
    importers = _names(copy, IMPORTERS, module)
    exact = not before and found == importers
    return [
        Fact(f"stale after a comment in {Path(CHANGED).name}", ", ".join(found) or "none"),
        Fact("  those are all that import it, and no other", "yes" if exact else f"no: {importers}", "yes", exact),
    ]


PARTS: dict[str, Callable[[Checkout], list[Row | Fact]]] = {
    "second-build": second_build,
    "serve": serve,
    "imports": imports,
    "growth": growth,
    "stale": stale,
}


def prepared(folder: Path) -> Checkout:
    """A copy of the project that has been built once, so that nothing is missing or stale."""
    copy = checkout(folder / "checkout")
    if missing := _names(copy, STALE):
        say(f"  {len(missing)} experiments are missing or stale and have to be measured first")
    if subprocess.run([sys.executable, *SITE], cwd=copy.root, env=copy.environment()).returncode:
        raise BenchError("the project does not build; nothing to time")
    return copy


def again(copy: Checkout, name: str) -> Checkout:
    """The same once more, in a folder of that name beside it."""
    return checkout(copy.root.with_name(name), source=copy.root)


def _build(copy: Checkout, *command: str) -> None:
    done = copy.run(*command)
    if done.returncode:
        raise BenchError(f"python {' '.join(command)} failed:\n{done.stdout}{done.stderr}".rstrip())


def _names(copy: Checkout, program: str, *arguments: str) -> list[str]:
    done = copy.run("-c", program, *arguments)
    if done.returncode:
        raise BenchError(done.stderr.strip())
    return json.loads(done.stdout.splitlines()[-1])


@contextmanager
def _serving(copy: Checkout) -> Iterator[str]:
    """Address of the live preview, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # --livereload: MkDocs 1.6 with a recent click does not watch without it.
    command = [sys.executable, "-m", "mkdocs", "serve", "--livereload", "--dev-addr", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        command, cwd=copy.root, env=copy.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        address = f"http://127.0.0.1:{port}/"
        _wait(lambda: bool(_get(address)), server)
        yield address
    finally:
        server.terminate()
        server.wait()


def _get(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.read().decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return ""


def _wait(ready: Callable[[], bool], server: "subprocess.Popen[bytes] | None" = None) -> None:
    deadline = time.monotonic() + 60
    while not ready():
        if server and server.poll() is not None:
            raise BenchError(f"mkdocs serve ended with exit status {server.returncode}")
        if time.monotonic() > deadline:
            raise BenchError("no answer from mkdocs serve within a minute")
        time.sleep(0.02)
