"""A build that shows what is published measures nothing; one that cannot have it measures, and says why.

The published site is a folder behind a real server.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from snippets.lab.judging.claims import claim_ids
from snippets.lab.outputs import outputs
from snippets.lab.results import results
from snippets.lab.results.contributed import share
from snippets.lab.site import build
from snippets.lab.site.fetched import FILES, fetch

from ..browser.site import Built
from ..checkout import ROOT, Checkout
from ..lab.site.test_fetched import served

SITE = ("-m", "snippets.lab", "site")
PREPARE = (
    "-c",
    "from snippets.lab.site.build import prepare; prepare(); "
    "from snippets.lab.markdown.shown import shown; print(shown('counted').results.machine.cpu)",
)
SUMMARY = ("-m", "snippets.lab", "summary")
ELSEWHERE = "Processor of another machine"
OTHER_TORCH = "2.0.99"
GUIDE, INSIDE = "guides/optimization", "explanation/inside-the-loader"


@pytest.fixture(scope="module")
def looked_at() -> list[str]:
    return [f"{GUIDE}.md", f"{INSIDE}.md"]


@pytest.fixture(scope="module")
def site(copy: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The folder that is published, and its address: measured on another machine, with this code."""
    folder = tmp_path_factory.mktemp("published") / "measured"
    folder.mkdir()
    held = results.read(copy.root / ".cache" / "results.json")
    share(replace(held, machine=replace(held.machine, cpu=ELSEWHERE)), folder / "results.json")
    accepted = {"interval": "100 to 102", "said": "100", "day": "2026-01-01", "machine": ELSEWHERE}
    (folder / "accepted.json").write_text(json.dumps({"as-written-fetches-101": accepted}))
    held = outputs.read(copy.root / ".cache" / "outputs.json")
    outputs.write({name: replace(output, torch=OTHER_TORCH) for name, output in held.items()}, folder / "outputs.json")
    with served(folder.parent) as address:
        yield folder, address


def test_a_build_shows_what_is_published(copy: Checkout, site: tuple[Path, str]) -> None:
    """And prepares one where nothing can be fetched any more: the tests build the site under another address, and a
    train has no network.
    """
    built = copy.run(*SITE, PUBLISHED="1", SITE_URL=site[1])
    again = copy.run(*PREPARE, PUBLISHED="1", SITE_URL="")
    for done in (built, again):
        assert done.returncode == 0, done.stderr
        assert "Measuring" not in done.stdout and "Running" not in done.stdout
    assert ELSEWHERE in (copy.root / "site" / GUIDE / "index.html").read_text(encoding="utf-8")
    assert f"torch {OTHER_TORCH}" in (copy.root / "site" / INSIDE / "index.html").read_text(encoding="utf-8")
    assert ELSEWHERE in again.stdout
    own = json.loads((copy.root / ".cache" / "results.json").read_text(encoding="utf-8"))
    assert own["machine"]["cpu"] != ELSEWHERE, "the results of this machine are untouched"


def test_what_a_build_puts_out_the_next_one_takes_in(
    built_site: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in FILES:
        assert (built_site.root / "measured" / name).read_bytes() == (ROOT / ".cache" / name).read_bytes()
    monkeypatch.setattr(build, "fetch", partial(fetch, tmp_path))
    monkeypatch.setattr(build, "LOCAL_RESULTS", tmp_path / "results.json")
    with served(built_site.root) as address:
        monkeypatch.setenv("SITE_URL", address)
        build._as_published()
    assert {path.name for path in tmp_path.iterdir()} == {*FILES}


def test_other_code_than_what_is_published_is_measured(
    copy: Checkout, tmp_path: Path, edit: Callable[[str, str], None]
) -> None:
    """As in a change of prose that comes before the site of the last change is out. On this very machine, so that
    one experiment is stale and not all.
    """
    published = tmp_path / "measured"
    published.mkdir()
    for name in FILES:
        shutil.copy(copy.root / ".cache" / name, published)
    edit("snippets/experiments/pin_memory/measure.py", "\n\ndef not_used() -> None: ...\n")
    with served(tmp_path) as address:
        prepared = copy.run(*PREPARE, PUBLISHED="1", SITE_URL=address)
    assert prepared.returncode == 0, prepared.stderr
    assert "other code than this measured what is published (pin-memory): measuring instead." in prepared.stdout
    assert "Measuring 1 of" in prepared.stdout


def test_what_the_site_accepted_serves_a_new_machine(
    copy: Checkout, tmp_path: Path, edit: Callable[[str, str], None]
) -> None:
    """A runner in CI is new each time. A claim that is too noisy there may stand on what was accepted before; without
    that it has no value, and the first publication is none the less possible. One that has been noisy for long is not
    published.
    """
    shut = "\nfrom dataclasses import replace\nCLAIMS = tuple(replace(claim, needs_cores=1.99) for claim in CLAIMS)\n"
    edit("snippets/experiments/sprites_overlap/claims.py", shut)
    edit("snippets/lab/judging/gates.py", "\nCAPACITY = 1e9\n")
    edit(".cache/accepted.json", "")
    own = copy.root / ".cache" / "accepted.json"
    judge = ("-m", "snippets.lab", "judge", "--publish")

    own.write_text("{}")
    alone = copy.run(*judge, SITE_URL="")
    assert "Nothing is known of accepted.json of an earlier site: SITE_URL is not set" in alone.stderr
    assert alone.returncode == 0 or "the environment is unfit" in alone.stderr
    assert "helpers-hide-waiting" not in alone.stderr

    published = tmp_path / "measured"
    published.mkdir()
    share(results.read(copy.root / ".cache" / "results.json"), published / "results.json")
    day = datetime.now(UTC).date().isoformat()
    accepted = dict.fromkeys(claim_ids(), {"interval": "i", "said": "SAID BEFORE", "day": day, "machine": ELSEWHERE})
    (published / "accepted.json").write_text(json.dumps(accepted))
    (published / "outputs.json").write_text("{}")
    own.write_text("{}")
    with served(tmp_path) as address:
        judged = copy.run(*judge, SITE_URL=address)
    assert "last accepted on" not in judged.stderr
    if judged.returncode == 0:
        kept = json.loads(own.read_text(encoding="utf-8"))
        assert kept["helpers-hide-waiting"]["said"] == "SAID BEFORE", "the next build finds it here"
    else:
        assert "the environment is unfit" in judged.stderr

    own.write_text("{}")
    accepted["helpers-hide-waiting"] = {**accepted["helpers-hide-waiting"], "day": "2020-02-02"}
    (published / "accepted.json").write_text(json.dumps(accepted))
    with served(tmp_path) as address:
        judged = copy.run(*judge, SITE_URL=address)
    assert judged.returncode == 1 and own.read_text() == "{}"
    assert "too noisy to tell for 30 days, and last accepted on 2020-02-02: helpers-hide-waiting" in judged.stderr


def test_a_summary_says_what_has_moved(copy: Checkout, site: tuple[Path, str]) -> None:
    said = copy.run(*SUMMARY, SITE_URL=site[1])
    assert said.returncode == 0, said.stderr
    assert "| `as-written-fetches-101` | 100 to 102 | 101 |" in said.stdout
    assert "| holds | `as-written-fetches-101` |" in said.stdout
    assert "| counted |" in said.stdout


def test_a_summary_without_a_site_says_so(copy: Checkout, tmp_path: Path) -> None:
    step = tmp_path / "summary.md"
    said = copy.run(*SUMMARY, SITE_URL="", GITHUB_STEP_SUMMARY=str(step))
    assert (said.returncode, said.stderr) == (0, "")
    assert "Not known: SITE_URL is not set, so nothing is known to be published." in said.stdout
    assert step.read_text(encoding="utf-8") == said.stdout


def test_a_summary_of_nothing_is_one_clear_line(copy: Checkout, edit: Callable[[str, str], None]) -> None:
    edit(".cache/results.json", "")
    (copy.root / ".cache" / "results.json").unlink()
    references = copy.root / "docs" / "results"
    references.rename(aside := copy.root / "aside")
    said = copy.run(*SUMMARY, SITE_URL="")
    aside.rename(references)
    (copy.root / ".cache" / "results.json").touch()
    assert said.returncode == 1 and said.stderr.startswith("error: ") and said.stderr.count("\n") == 1
