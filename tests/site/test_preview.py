"""The live preview shows after each edit what a new build would show, and does no more for it than it must.

Counted, not timed. Of pages some, that between them have each kind of thing that a page may show. What it does not
prove: how long a reader of the preview waits; `make bench` says so.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from snippets.lab.catalog import experiment_names, has_show
from snippets.lab.judging.claims import claim_ids
from snippets.lab.paths import COMMITTED_RESULTS
from snippets.lab.site.preview import QUOTES_OTHERS

from ..browser.site import Built
from ..checkout import Checkout, checkout
from ..docs.pages import ALL_PAGES, of_each_kind, source
from .digests import digests

PREVIEW = """
import cProfile, json, pstats, sys
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config

site, edits = sys.argv[1], json.loads(sys.argv[2])
opened, told = [], []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)

def config():
    found = load_config("mkdocs.yml", site_dir=site)
    found.site_url = "http://127.0.0.1:8000/"
    return found

first = config()
first.plugins.on_startup(command="serve", dirty=False)
build(first, serve_url=first.site_url)
for edit in edits:
    for path, (old, new) in edit.items():
        text = Path(path).read_text(encoding="utf-8")
        assert old in text, (path, old)
        Path(path).write_text(text.replace(old, new, 1), encoding="utf-8")
    opened.clear()
    again = config()
    if not all(path.startswith("docs/") for path in edit):
        build(again, serve_url=again.site_url)
        continue
    profile = cProfile.Profile(builtins=False)
    profile.runcall(build, again, serve_url=again.site_url)
    calls = {}
    for (file, _, name), (_, count, *_) in pstats.Stats(profile).stats.items():
        if "/lab/" in file:
            key = f"{Path(file).stem}.{name}"
            calls[key] = calls.get(key, 0) + count
    told.append({"calls": calls, "opened": opened[:]})
print(json.dumps(told))
"""
"""What `mkdocs serve` does, but for the server: a build, then another one after each edit. It tells what was called and
opened after those of prose: counting takes as long as building.
"""

PAGE = "how-to/find-the-bottleneck.md"
NOTEBOOK = "labs/helper_sprites.py"
QUOTING = [page for page in ALL_PAGES if QUOTES_OTHERS.search(source(page))]
LOOKED_AT = sorted({PAGE, *QUOTING, *of_each_kind()})


@pytest.fixture(scope="module")
def looked_at() -> list[str]:
    return [*LOOKED_AT, NOTEBOOK]


def previewed(copy: Checkout, site: str, edits: list[dict[str, tuple[str, str]]]) -> list[dict[str, Any]]:
    done = copy.run("-c", PREVIEW, site, json.dumps(edits))
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def edits(copy: Checkout) -> list[dict[str, tuple[str, str]]]:
    """A heading and a sentence; then a claim's words; then what a snippet printed and a result's question."""
    heading = re.search(r"^## .+$", source(PAGE), re.MULTILINE)
    claim = re.compile(r"\{value\}(?=[^\[\]]*\]\(claim:)")
    with_claim = next(page for page in LOOKED_AT if claim.search(source(page)) and page != PAGE)
    words = next(line for line in source(with_claim).splitlines() if claim.search(line))
    printed, described = shown_somewhere("output"), shown_somewhere("about")
    assert heading
    return [
        {f"docs/{PAGE}": (heading[0], f"A sentence more.\n\n{heading[0]} and more")},
        {f"docs/{with_claim}": (words, claim.sub("quite {value}", words, count=1))},
        {
            ".cache/outputs.json": changed(copy, "outputs", printed, "day", "2001-02-03"),
            ".cache/results.json": changed(copy, "results", described, "question", "Oh, is it?"),
        },
    ]


def shown_somewhere(scheme: str) -> str:
    """The first name of that kind on one of the pages."""
    names = (re.search(rf"\]\({scheme}:([\w/-]+)", source(page)) for page in LOOKED_AT)
    return next(name[1] for name in names if name)


def changed(copy: Checkout, file: str, name: str, field: str, value: str) -> tuple[str, str]:
    """In a file of the cache, the text from a name to its field, and the same with another value there."""
    text = (copy.root / ".cache" / f"{file}.json").read_text(encoding="utf-8")
    found = re.search(rf'"{name}": {{.*?("{field}": "[^"]*")', text, re.DOTALL)
    assert found, name
    return found[0], found[0].replace(found[1], f'"{field}": "{value}"')


@pytest.fixture(scope="module")
def told(copy: Checkout, edits: list[dict[str, tuple[str, str]]]) -> list[dict[str, Any]]:
    return previewed(copy, "previewed", edits)


def test_after_edits_it_shows_what_a_new_build_shows(copy: Checkout, told: list[dict[str, Any]]) -> None:
    assert len(told) == 2
    previewed(copy, "new", [])
    first, second = digests(copy.root / "previewed"), digests(copy.root / "new")
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []
    everything = "".join(path.read_text(encoding="utf-8") for path in (copy.root / "new").rglob("*.html"))
    for new in ("A sentence more.", "quite ", "2001-02-03", "Oh, is it?"):
        assert new in everything, "the edits are there"


def test_an_edit_of_prose_renders_its_page_and_those_that_quote_others(told: list[dict[str, Any]]) -> None:
    for edit in told:
        # Each page that is rendered is looked at; so is the notebook.
        assert 1 <= edit["calls"]["inert.refuse_active"] <= 2 + len(QUOTING) < len(LOOKED_AT)


def test_an_edit_of_prose_reads_each_result_file_once_at_most(told: list[dict[str, Any]]) -> None:
    opened = told[0]["opened"]
    read = {name: sum(path.endswith(f".cache/{name}.json") for path in opened) for name in ("results", "outputs")}
    assert all(count <= 1 for count in read.values()), read
    assert told[0]["calls"].get("strict.load", 0) <= 1, "the rates of gates; nothing else has changed"


def test_an_edit_of_prose_judges_and_hashes_once(told: list[dict[str, Any]]) -> None:
    calls, experiments, claims = told[0]["calls"], len(experiment_names()), len(claim_ids())
    assert calls["catalog.experiment_names"] == 1
    assert calls["claims.claims"] <= experiments
    assert calls["claims.claim_ids"] == 1
    references = len([*COMMITTED_RESULTS.glob("*.json")])
    assert calls["judge.judge"] <= (2 + references) * claims, "by this machine, also to see what is stale, and by those"
    forms = experiments + sum(has_show(name, "short") for name in experiment_names())
    assert calls["code.source_hash"] <= forms + 10, "of each form of an experiment, of drawing, of the notebook"
    assert calls["sentences.mentions"] == 1


@pytest.mark.skipif(os.name == "nt", reason="ends the preview by a signal")
def test_a_mistake_is_said_in_one_line_and_the_preview_goes_on(built_site: Built, tmp_path: Path) -> None:
    """Of the front page alone, as the mistake stands there."""
    copy = checkout(tmp_path, pages=[])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = copy.root / "mkdocs.yml"
    settings.write_text(f"dev_addr: 127.0.0.1:{port}\n{settings.read_text(encoding='utf-8')}", encoding="utf-8")
    page, log = copy.root / "docs" / "index.md", copy.root / "preview.log"
    text = page.read_text(encoding="utf-8")
    # A shell that started the tests in the background has them ignore Ctrl-C, and so would the preview.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with log.open("w") as file:
        command = [sys.executable, "-u", "-m", "snippets.lab", "serve"]
        preview = subprocess.Popen(command, cwd=copy.root, env=copy.environment(), stdout=file, stderr=file)
    try:
        wait_for(lambda: "Serving on" in log.read_text() and got(port))
        page.write_text(f"{text}\n\n[{{x}}](measured:no-such)\n", encoding="utf-8")
        wait_for(lambda: "An error happened" in log.read_text())
        said = log.read_text()
        assert "Error reading page 'index.md': no experiment 'no-such'" in said
        assert "Traceback" not in said, said
        page.write_text(f"{text}\n\nAnd on it goes.\n", encoding="utf-8")
        wait_for(lambda: "And on it goes." in got(port))
    finally:
        preview.send_signal(signal.SIGINT)
        preview.wait(timeout=60)


def got(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            return answer.read().decode()
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return ""


def wait_for(ready: Any) -> None:
    deadline = time.monotonic() + 120
    while not ready():
        assert time.monotonic() < deadline, "nothing happened within two minutes"
        time.sleep(0.1)
