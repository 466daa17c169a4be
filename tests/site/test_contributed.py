"""A result file from elsewhere in docs/results: each page that lists machines gains it, no number of ours changes, and
nothing that it says stops a build. The attested file of a GPU is shown, with its machine's name, and what its snippets
printed.

What it does not prove: that what a file says was measured. All were made up.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from snippets.lab import moment
from snippets.lab.catalog import has_show
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import judge
from snippets.lab.markdown import figures as rendering
from snippets.lab.markdown.wording import PLACE
from snippets.lab.output import Output
from snippets.lab.outputs.running import code_of, hash_of
from snippets.lab.results import held, results
from snippets.lab.results.contributed import share
from snippets.lab.results.results import Measured, Results
from snippets.lab.site.build import PREPARED

from ..browser.site import PRETENDED, Built
from ..checkout import STRICTLY, Checkout, checkout
from ..docs.pages import that_name
from ..docs.situations import without_code
from ..docs.small_results import MADE_AT, render_text
from ..experiments.cards import CARDS, Card, measured
from .gpu_file import FOR_A_GPU, all_the_same, arms_renamed, noisy, on_a_gpu, values_renamed

NAME = '8-core "chip" [x](javascript:alert(1)) ![y](elsewhere.invalid) 2 * 3 * 4'
"""Harmless as text; as Markdown or HTML it would be something else. Braces are no part of what is shared."""
STRANGER = 'NVIDIA "B200" [z](javascript:alert(2)) 2 * 3 * 4'
UNREADABLE = "unreadable.json"
FAILS, FIXED = "errors/cuda_in_forked_worker", "errors/cuda_in_forked_worker_fixed"
IN_THE_LEDGER = ".nw-ledger tbody tr"
COUNTED, MACHINES = "counted", "reference/machines.md"
LISTS_MACHINES = {"reference/claims/index.html", "reference/machines/index.html"}


@pytest.fixture(scope="module")
def alone(built_site: Built, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy with this machine's results and no others, and the pages that could show what the tests' files say."""
    told = {*FOR_A_GPU, COUNTED}
    pages = that_name({*told, *(claim.id for name in told for claim in claims(name))})
    copy = checkout(tmp_path_factory.mktemp("contributed"), pages=[*pages, MACHINES])
    for file in (copy.root / "docs" / "results").glob("*.json"):
        file.unlink()
    return copy


def build(copy: Checkout, **more: str) -> Path:
    built = copy.run(*STRICTLY, **PRETENDED, **more)
    assert built.returncode == 0, built.stderr
    return copy.root / "built"


@pytest.fixture(scope="module")
def before(alone: Checkout) -> Path:
    """The site without any file from elsewhere. All that it shows was judged before."""
    return build(alone, **{PREPARED: "1"}).rename(alone.root / "before")


@pytest.fixture(scope="module")
def folder(before: Path, alone: Checkout) -> Iterator[Path]:
    """With three files of strangers: one of eight cores, one that says it has a GPU, and one that nobody can read."""
    here = results.read(alone.root / ".cache" / "results.json")
    counted = {COUNTED: here.experiments[COUNTED]}
    elsewhere = replace(here, machine=replace(here.machine, cpu=NAME, cores=8, affinity=8), experiments=counted)
    card = replace(CARDS[-1], name=STRANGER)
    stranger = on_a_gpu(here, {name: measured(name, card) for name in FOR_A_GPU}, card)
    stranger = replace(stranger, outputs=printed("A stranger said so."))
    files = {"my-machine.json": elsewhere, "stranger.json": replace(stranger, measured_at="2020-01-01T00:00:00+00:00")}
    for name, found in files.items():
        share(found, alone.root / "docs" / "results" / name)
    (alone.root / "docs" / "results" / UNREADABLE).write_text("{half a file")
    yield build(alone)
    for name in (*files, UNREADABLE):
        (alone.root / "docs" / "results" / name).unlink()


def printed(text: str) -> dict[str, Output]:
    """By the snippets that need a GPU."""
    output = Output("", "3.12.3", "2.11.0", MADE_AT[:10], 0, text, "")
    return {name: replace(output, source_hash=hash_of(code_of(name))) for name in (FAILS, FIXED)}


def page(folder: Path, address: str) -> BeautifulSoup:
    return BeautifulSoup((folder / address / "index.html").read_text(encoding="utf-8"), "html.parser")


def rows(folder: Path) -> dict[str, Tag]:
    """Of the ledger, by claim."""
    return {str(row["id"]): row for row in page(folder, "reference/claims").select(IN_THE_LEDGER)}


def verdict_of(row: Tag) -> str:
    return row.select("td")[0].get_text()


def test_the_page_on_machines_gains_a_column_for_each(folder: Path) -> None:
    tables = page(folder, "reference/machines").select("article table")
    for table in tables[:2]:
        assert [cell.get_text() for cell in table.select("thead th")][-2:] == ["Machine 2", "Machine 3"]
    told = {row.select("td, th")[0].get_text(): row for row in tables[0].select("tbody tr")}
    assert told["CPU"].select("td, th")[-2].get_text() == NAME
    assert told["GPU"].select("td, th")[-1].get_text() == STRANGER


def test_the_ledger_gains_a_verdict_for_each(folder: Path) -> None:
    machines = [line.get_text() for line in rows(folder)["eight-batches-ahead"].select(".nw-card li[class]")]
    assert len(machines) == 2, "who has not measured it says nothing"
    assert machines[0].strip().startswith("This build’s machine: ")
    assert machines[1].strip().startswith("Machine 2: holds")
    told = [line.get_text() for line in rows(folder)[claims(FOR_A_GPU[0])[0].id].select(".nw-card li[class]")]
    assert told[-1].strip().startswith(f"Machine 3, {STRANGER}: ")


def test_an_unattested_file_changes_no_sentence_and_no_figure(before: Path, folder: Path) -> None:
    """Not even where nothing but that file has a number: all pages but the two that list machines are the same."""
    pages = {path.relative_to(before).as_posix() for path in before.rglob("*.html")} - LISTS_MACHINES
    assert len(pages) >= 10
    for name in sorted(pages):
        assert (folder / name).read_bytes() == (before / name).read_bytes(), name
    for path in (folder / "measured").glob("*.json"):
        assert STRANGER not in path.read_text(encoding="utf-8"), path


def test_the_verdict_of_the_pages_is_this_machine_s(before: Path, folder: Path) -> None:
    now, then = rows(folder), rows(before)
    for name in FOR_A_GPU:
        for claim in claims(name):
            assert verdict_of(now[claim.id]) == verdict_of(then[claim.id])


def test_its_words_stay_words(folder: Path) -> None:
    """On the pages that have some: no other page has changed."""
    for name in LISTS_MACHINES:
        soup = BeautifulSoup((folder / name).read_text(encoding="utf-8"), "html.parser")
        assert STRANGER in soup.get_text()
        for element in soup.select("[href], [src]"):
            assert isinstance(element, Tag)
            led = str(element.get("href", "")) + str(element.get("src", ""))
            assert "javascript:" not in led and "elsewhere.invalid" not in led


# The file of the workflow gpu, which CI puts there once its signature is verified.


@pytest.fixture(scope="module")
def own(alone: Checkout) -> Results:
    here = results.read(alone.root / ".cache" / "results.json")
    if here.tier == "gpu":
        pytest.skip("this machine has a GPU, and shows what it measured itself")
    return here


@contextmanager
def attested(copy: Checkout, gpu: Results) -> Iterator[Path]:
    """The site with it."""
    file = copy.root / "docs" / "results" / "gpu.json"
    share(gpu, file)
    try:
        yield build(copy)
    finally:
        file.unlink()


WRONG: dict[str, Callable[[Measured], Measured]] = {
    "cuda-fork": arms_renamed,
    "cuda-overlap": noisy,
    "pin-memory": all_the_same,
}
"""What became of an experiment. Of the others, values have other names now."""


def test_whatever_is_wrong_with_what_the_gpu_says_it_stops_nothing(alone: Checkout, before: Path, own: Results) -> None:
    """Contradicted claims, arms and values of other names, and too much noise. Whoever builds has no GPU, and could
    mend none of it.
    """
    card = CARDS[-1]
    told = {name: WRONG.get(name, values_renamed)(measured(name, card)) for name in FOR_A_GPU}
    gpu = replace(on_a_gpu(own, told, card), outputs=printed("It ran on a GPU."))
    with attested(alone, gpu) as built:
        ledger = rows(built)
        boxes = page(built, "troubleshooting/settings").select(".nw-output")
        summary = alone.run("-m", "snippets.lab", "summary", SITE_URL="")
    seen = set()
    for name, one in told.items():
        for claim in claims(name):
            verdict = judge(claim, one, gpu.machine).verdict
            verdict = "not measured here" if verdict == "errored" else verdict
            shown = ledger[claim.id]
            assert verdict_of(shown) == verdict, claim.id
            machines = [line.get_text() for line in shown.select(".nw-card li[class]")]
            assert [verdict in line for line in machines if card.name in line] == [True], claim.id
            seen.add(verdict)
    assert seen == {"holds", "contradicted", "not measured here", "too noisy to tell"}
    there = f"on {card.name}, Python 3.12.3, torch 2.11.0, {MADE_AT[:10]} It ran on a GPU."
    assert f"What it prints now – {there}" in [" ".join(box.get_text().split()) for box in boxes]
    assert summary.returncode == 0, summary.stderr
    assert "| docs/results/gpu.json |" in summary.stdout


@contextmanager
def shown_with(gpu: Results, folder: Path) -> Iterator[None]:
    """Inside the block pages show this machine's results, and the file as it lies alone in a folder. What can be drawn
    has the sign of a drawing.
    """
    share(gpu, folder / held.ATTESTED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(held, "COMMITTED_RESULTS", folder)
        patch.setattr(rendering, "drawing", lambda name, figure: "<svg></svg>")
        with moment.lasting():
            yield


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_what_a_card_says_stands_on_the_pages_with_its_name(own: Results, tmp_path: Path, card: Card) -> None:
    """By theory all that is claimed of it holds, but what needs more cores than its machine has."""
    by_id = {claim.id: claim for name in FOR_A_GPU for claim in claims(name)}
    verdicts = {
        claim_id: "holds" if card.cores >= claim.needs_cores else "not measured here"
        for claim_id, claim in by_id.items()
    }
    with shown_with(on_a_gpu(own, {name: measured(name, card) for name in FOR_A_GPU}, card), tmp_path):
        texts = map(without_code, that_name({*by_id, *FOR_A_GPU}))
        speaking = [BeautifulSoup(render_text(text), "html.parser") for text in texts]
    ledger = {str(found["id"]): found for soup in speaking for found in soup.select(IN_THE_LEDGER)}
    assert {claim_id: verdict_of(ledger[claim_id]) for claim_id in by_id} == verdicts
    linked: set[str] = set()
    for link in (link for soup in speaking for link in soup.select("a.nw-claim, a.nw-measured")):
        name = str(link["href"]).rpartition("#")[2]
        if name not in {*by_id, *FOR_A_GPU}:
            continue
        linked.add(name)
        words, behind = link.get_text(), whose(link)
        assert not PLACE.search(words), words
        here = verdicts.get(name, "holds") == "holds"
        assert f"on {card.name}, " in behind if here else not behind, words
        assert ("not measured here" in words) != here, words
    assert linked >= {*by_id}
    for name in (name for name in FOR_A_GPU if has_show(name)):
        figures = [figure for soup in speaking for figure in soup.select(f"#figure-{name}")]
        assert figures, f"{name} is drawn nowhere"
        for figure in figures:
            assert figure.select(".nw-drawing svg") and not figure.select(".nw-absent"), name
            assert card.name in figure.select(".nw-where")[0].get_text()


def whose(link: Tag) -> str:
    """What stands behind a value of another machine, or behind the block in which all are of that machine."""
    places = [*link.select(".nw-behind"), *(block.select_one(":scope > .nw-behind") for block in link.parents)]
    return "".join(place.get_text() for place in places if place)
