"""What is timed, one function per part; each gives lines of the table."""

import json
import shutil
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
from typing import Any

from ..checkout import Checkout, checkout
from .copies import make_bare
from .rows import Fact, Row, interleaved, ratios, say

SITE = ("-m", "snippets.lab", "site")
EDITS = 5
DRAWN_AND_RUN = ("figures", "notebook")

BY_STAGE = """
import json
from snippets.lab.site import build, mkdocs
stages = build.prepare()
with stages.timed("pages"):
    if not mkdocs.build_site():
        raise SystemExit(1)
print(json.dumps(stages.seconds))
"""
TRACED = """
import json
from snippets.lab.markdown.shown import shown
from snippets.lab.results.stats import quotients
measured = shown("sprites-overlap").measured
arms = ("4 workers", "4 workers, untraced")
print(json.dumps(quotients(*(measured.samples_of(arm) for arm in arms)) if measured.samples else []))
"""


class BenchError(RuntimeError):
    """Nothing can be timed; the message says why."""


def first_build(copy: Checkout) -> list[Row | Fact]:
    """From results that are there: each picture is drawn, and the notebook runs."""
    for folder in DRAWN_AND_RUN:
        shutil.rmtree(copy.root / ".cache" / folder, ignore_errors=True)
    seconds = _said_by(copy, BY_STAGE)
    stages = [Fact(f"  {stage}", f"{took:.1f} s") for stage, took in seconds.items()]
    return [Fact("first build, with nothing drawn yet", f"{sum(seconds.values()):.1f} s"), *stages]


def second_build(copy: Checkout) -> list[Row | Fact]:
    """`make site` with nothing to measure, against MkDocs with the same pages and nothing of ours."""
    bare = make_bare(copy)
    plain = ("-m", "mkdocs", "build", "--config-file", bare, "--site-dir", "built-bare")
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


def tracing(copy: Checkout) -> list[Row | Fact]:
    """What it costs an epoch that its spans are written down, as the results that are there have it. Times nothing."""
    what, samples = "an epoch that is traced, against one that is not", _said_by(copy, TRACED)
    return [Row(what, samples, 1.05) if samples else Fact(what, "not measured here")]


PARTS: dict[str, Callable[[Checkout], list[Row | Fact]]] = {
    "first-build": first_build,
    "second-build": second_build,
    "serve": serve,
    "tracing": tracing,
}


def prepared(folder: Path) -> Checkout:
    """A copy of the project that has been built once, so that nothing is missing or stale."""
    copy = checkout(folder / "checkout")
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


def _said_by(copy: Checkout, program: str) -> Any:
    """What a program says in its last line, as JSON."""
    done = copy.run("-c", program)
    if done.returncode:
        raise BenchError(f"{done.stdout}{done.stderr}".strip())
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
