"""What is timed, one function per part; each gives lines of the table."""

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ..checkout import ROOT, Checkout, checkout
from . import redraw
from .copies import make_bare, make_tenfold
from .lighthouse import scores
from .pages import PAGES, weights
from .rows import Row, interleaved, ratios, row

SITE = ("-m", "snippets.lab", "site")
MKDOCS = ("-m", "mkdocs", "build", "--site-dir", "built")
EDITS = 5
START_LIMIT_S = 300.0
DRAWN_AND_RUN = ("figures", "notebook")
TIMES_OF_TESTS = ROOT / ".cache" / "tests.xml"
"""As the last `make test` left them."""
SLOWEST = 12

BY_STAGE = """
import json
from snippets.lab.site import build, mkdocs
stages = build.prepare()
with stages.timed("pages"):
    if not mkdocs.build_site():
        raise SystemExit(1)
print(json.dumps(stages.seconds))
"""


class BenchError(RuntimeError):
    """Nothing can be timed; the message says why."""


def first_build(copy: Checkout) -> list[Row]:
    """From results that are there: each picture is drawn, and the notebook runs."""
    for folder in DRAWN_AND_RUN:
        shutil.rmtree(copy.root / ".cache" / folder, ignore_errors=True)
    seconds: dict[str, float] = json.loads(_run(copy, "-c", BY_STAGE).splitlines()[-1])
    stages = [Row(f"  {stage}", f"{took:.1f} s") for stage, took in seconds.items()]
    return [Row("first build, with nothing drawn yet", f"{sum(seconds.values()):.1f} s"), *stages]


def second_build(copy: Checkout) -> list[Row]:
    """`make site` with nothing to measure, against MkDocs with the same pages and nothing of ours."""
    bare = (*MKDOCS, "--config-file", make_bare(copy))
    _run(copy, *bare)
    seconds = interleaved({"ours": partial(_run, copy, *SITE), "bare": partial(_run, copy, *bare)})
    return [row("second build, against bare MkDocs", ratios(seconds["ours"], seconds["bare"]), 2.0)]


def edit(copy: Checkout) -> list[Row]:
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
            print(f"  edit {number + 1} of {EDITS}: {seconds[-1]:.2f} s", flush=True)
    return [row("prose edit until the preview has it", seconds, 2.0, " s")]


def tenfold(copy: Checkout) -> list[Row]:
    """A build of ten times the pages, against one of the pages as they are."""
    large = again(copy, "large")
    make_tenfold(large)
    seconds = interleaved({"once": partial(_run, copy, *MKDOCS), "tenfold": partial(_run, large, *MKDOCS)}, rounds=1)
    return [row("ten times the pages, against once", ratios(seconds["tenfold"], seconds["once"]), 10.0)]


def simulator(copy: Checkout) -> list[Row]:
    """From a change in the simulator to its pictures, in a browser."""
    _run(copy, *SITE)
    return redraw.rows(redraw.redraws(copy))


def pages(copy: Checkout) -> list[Row]:
    """What some pages give a browser to do, beside those of MkDocs with the same theme and nothing of ours."""
    ours, bare = _both(copy)
    try:
        return [*weights(ours, bare)]
    except LookupError as error:
        raise BenchError(str(error)) from error


def lighthouse(copy: Checkout) -> list[Row]:
    """How Lighthouse scores some pages on a phone, beside those of MkDocs with the same theme and nothing of ours."""
    ours, bare = _both(copy)
    try:
        return [*scores(ours, bare, PAGES)]
    except (LookupError, RuntimeError, subprocess.TimeoutExpired) as error:
        raise BenchError(str(error)) from error


def _both(copy: Checkout) -> tuple[Path, Path]:
    """The folders of the site and of the same pages as plain MkDocs makes them, both built."""
    _run(copy, *SITE)
    _run(copy, *MKDOCS, "--config-file", make_bare(copy))
    return copy.root / "site", copy.root / "built"


def tests(_: Checkout) -> list[Row]:
    """The slowest files of the last `make test`, as it timed them: seconds of their tests beside the other tests."""
    if not TIMES_OF_TESTS.exists():
        return [Row("the slowest files of tests", "not run yet")]
    seconds: defaultdict[str, float] = defaultdict(float)
    for case in ElementTree.parse(TIMES_OF_TESTS).iter("testcase"):
        seconds[case.attrib["classname"]] += float(case.attrib["time"])
    slowest_first = sorted(seconds.items(), key=lambda item: -item[1])[:SLOWEST]
    slowest = [Row(f"  {file}", f"{took:.1f} s") for file, took in slowest_first]
    return [Row(f"all {len(seconds)} files of tests", f"{sum(seconds.values()):.1f} s"), *slowest]


PARTS: dict[str, Callable[[Checkout], list[Row]]] = {
    "first-build": first_build,
    "second-build": second_build,
    "edit": edit,
    "tenfold": tenfold,
    "simulator": simulator,
    "pages": pages,
    "lighthouse": lighthouse,
    "tests": tests,
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


def _run(copy: Checkout, *arguments: str) -> str:
    """What `python ARGUMENTS` writes to stdout."""
    done = copy.run(*arguments)
    if done.returncode:
        raise BenchError(f"python {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


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
    deadline = time.monotonic() + START_LIMIT_S
    while not ready():
        if server and server.poll() is not None:
            raise BenchError(f"mkdocs serve ended with exit status {server.returncode}")
        if time.monotonic() > deadline:
            raise BenchError(f"no answer from mkdocs serve within {START_LIMIT_S:.0f} s")
        time.sleep(0.02)
