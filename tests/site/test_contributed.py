"""A result file from elsewhere in docs/results: each page that lists machines gains it, no number of ours changes, and
nothing that it says stops a build. The attested file of a GPU is shown, with its machine's name, and what its snippets
printed.

What it does not prove: that what a file says was measured. All were made up.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import judge
from snippets.lab.output import Output
from snippets.lab.outputs.running import code_of, hash_of
from snippets.lab.results import results
from snippets.lab.results.contributed import share
from snippets.lab.results.results import Measured

from ..browser.site import PRETENDED, Built
from ..checkout import ROOT, STRICTLY, Checkout, checkout
from ..docs.small_results import MADE_AT
from .gpu_file import FOR_A_GPU, arms_renamed, measured, noisy, on_a_gpu, values_renamed

NAME = '8-core "chip" [x](javascript:alert(1)) ![y](elsewhere.invalid) 2 * 3 * 4'
"""Harmless as text; as Markdown or HTML it would be something else. Braces are no part of what is shared."""
STRANGER, WORKFLOW = "NVIDIA B200", "NVIDIA H100 80GB HBM3"
UNREADABLE = "unreadable.json"
FAILS, FIXED = "errors/cuda_in_forked_worker", "errors/cuda_in_forked_worker_fixed"
LISTS_MACHINES = {"reference/claims/index.html", "reference/machines/index.html"}


@pytest.fixture(scope="module")
def alone(built_site: Built, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy with this machine's results and no others."""
    copy = checkout(tmp_path_factory.mktemp("contributed"))
    for file in (copy.root / "docs" / "results").glob("*.json"):
        file.unlink()
    return copy


def build(copy: Checkout) -> Path:
    built = copy.run(*STRICTLY, **PRETENDED)
    assert built.returncode == 0, built.stderr
    return copy.root / "built"


@pytest.fixture(scope="module")
def before(built_site: Built, alone: Checkout) -> Path:
    """The site without any file from elsewhere: the one of this test run, unless there was one in the checkout."""
    if not [*(ROOT / "docs" / "results").glob("*.json")]:
        return built_site.root
    return build(alone).rename(alone.root / "before")


@pytest.fixture(scope="module")
def folder(before: Path, alone: Checkout) -> Iterator[Path]:
    """With three files of strangers: one of eight cores, one that says it has a GPU, and one that nobody can read."""
    held = results.read(alone.root / ".cache" / "results.json")
    counted = {"counted": held.experiments["counted"]}
    elsewhere = replace(held, machine=replace(held.machine, cpu=NAME, cores=8, affinity=8), experiments=counted)
    stranger = on_a_gpu(held, {name: measured(name) for name in FOR_A_GPU}, STRANGER)
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


def cards(folder: Path) -> dict[str, Tag]:
    """Of the ledger, by claim."""
    return {str(card["id"]): card for card in page(folder, "reference/claims").select(".nw-card")}


def test_the_page_on_machines_gains_a_column_for_each(folder: Path) -> None:
    tables = page(folder, "reference/machines").select("article table")
    for table in tables[:2]:
        assert [cell.get_text() for cell in table.select("thead th")][-2:] == ["Machine 2", "Machine 3"]
    rows = {row.select("td, th")[0].get_text(): row for row in tables[0].select("tbody tr")}
    assert rows["CPU"].select("td, th")[-2].get_text() == NAME
    assert rows["GPU"].select("td, th")[-1].get_text() == STRANGER


def test_the_ledger_gains_a_verdict_for_each(folder: Path) -> None:
    machines = [row.get_text() for row in cards(folder)["eight-batches-ahead"].select("tbody tr")]
    assert len(machines) == 3
    assert machines[0].strip().startswith("This build’s machine: ")
    assert machines[1].strip().startswith("Machine 2: 8 usable cores, " + NAME) and "holds" in machines[1]
    assert STRANGER in machines[2] and "not measured here" in machines[2]


def test_an_unattested_file_changes_no_sentence_and_no_figure(before: Path, folder: Path) -> None:
    """Not even where nothing but that file has a number: all pages but the two that list machines are the same."""
    for path in sorted(before.rglob("*.html")):
        name = path.relative_to(before).as_posix()
        if name not in LISTS_MACHINES:
            assert (folder / name).read_bytes() == path.read_bytes(), name
    for path in (folder / "measured").glob("*.json"):
        assert STRANGER not in path.read_text(encoding="utf-8"), path


def test_the_verdict_of_the_pages_is_this_machine_s(before: Path, folder: Path) -> None:
    now, then = cards(folder), cards(before)
    for name in FOR_A_GPU:
        for claim in claims(name):
            assert now[claim.id]["data-verdict"] == then[claim.id]["data-verdict"]


def test_its_words_stay_words(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for element in soup.select("[href], [src]"):
            assert isinstance(element, Tag)
            led = str(element.get("href", "")) + str(element.get("src", ""))
            assert "javascript:" not in led and "elsewhere.invalid" not in led


# The file of the workflow gpu, which CI puts there once its signature is verified.


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param((), {"holds", "contradicted"}, id="of this code"),
        pytest.param((values_renamed, arms_renamed, noisy), {"not measured here", "too noisy to tell"}, id="of older"),
    ],
)
def test_what_the_gpu_says_is_shown_and_stops_nothing(
    alone: Checkout, before: Path, changes: tuple[Callable[[Measured], Measured], ...], expected: set[str]
) -> None:
    """Contradicted claims, arms and values of other names, and too much noise, each in one of the experiments that
    need a GPU. Whoever builds has none, and could mend none of it.
    """
    held = results.read(alone.root / ".cache" / "results.json")
    if held.tier == "gpu":
        pytest.skip("this machine has a GPU, and shows what it measured itself")
    told = {name: measured(name) for name in FOR_A_GPU}
    for name, change in zip(FOR_A_GPU, changes, strict=False):
        told[name] = change(told[name])
    gpu = replace(on_a_gpu(held, told, WORKFLOW), outputs=printed("It ran on a GPU."))
    file = alone.root / "docs" / "results" / "gpu.json"
    share(gpu, file)
    try:
        ledger = cards(build(alone))
        boxes = page(alone.root / "built", "troubleshooting/settings").select(".nw-output")
        summary = alone.run("-m", "snippets.lab", "summary", SITE_URL="")
    finally:
        file.unlink()
    seen = set()
    for name, one in told.items():
        for claim in claims(name):
            verdict = judge(claim, one, gpu.machine).verdict
            verdict = "not measured here" if verdict == "errored" else verdict
            shown = ledger[claim.id]
            assert shown["data-verdict"] == verdict, claim.id
            machine = shown.select("tbody tr")[1].get_text()
            assert WORKFLOW in machine and verdict in machine
            seen.add(verdict)
    assert expected <= seen
    there = f"on {WORKFLOW}, Python 3.12.3, torch 2.11.0, {MADE_AT[:10]} It ran on a GPU."
    assert f"What it prints now – {there}" in [" ".join(box.get_text().split()) for box in boxes]
    assert summary.returncode == 0, summary.stderr
    assert ("| docs/results/gpu.json |" in summary.stdout) == ("contradicted" in seen)
