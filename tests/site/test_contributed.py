"""A result file from elsewhere in docs/results/: each page that lists machines gains it, no number of ours changes.

What it does not prove: that what the file says was measured.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from snippets.lab import results
from snippets.lab.contributed import share

from ..browser.site import Built
from ..checkout import STRICTLY, Checkout, checkout

NAME = '8-core "chip" [x](javascript:alert(1)) ![y](//elsewhere.invalid/z.png) {{ config }} {value} 2 * 3 * 4'
"""Harmless as text; as Markdown, HTML or a template it would be something else."""


@pytest.fixture(scope="module")
def folder(built_site: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    copy: Checkout = checkout(tmp_path_factory.mktemp("contributed"))
    held = results.read(copy.root / ".cache" / "results.json")
    counted = {"counted": held.experiments["counted"]}
    elsewhere = replace(held, machine=replace(held.machine, cpu=NAME, cores=8, affinity=8), experiments=counted)
    share(elsewhere, copy.root / "docs" / "results" / "my-machine.json")
    built = copy.run(*STRICTLY)
    assert built.returncode == 0, built.stderr
    yield copy.root / "built"


def page(folder: Path, address: str) -> BeautifulSoup:
    return BeautifulSoup((folder / address / "index.html").read_text(encoding="utf-8"), "html.parser")


def test_the_page_on_machines_gains_a_column(folder: Path) -> None:
    tables = page(folder, "reference/machines").select("article table")
    for table in tables[:2]:
        assert [cell.get_text() for cell in table.select("thead th")][-1] == "Machine 2"
    rows = {row.select("td, th")[0].get_text(): row for row in tables[0].select("tbody tr")}
    assert rows["CPU"].select("td, th")[-1].get_text() == NAME


def test_the_ledger_gains_a_verdict(folder: Path) -> None:
    cards = page(folder, "reference/claims").select(".nw-card, article [id]")
    told = [card for card in cards if card.get("id") == "eight-batches-ahead"]
    assert len(told) == 1
    machines = [row.get_text() for row in told[0].select("tbody tr")]
    assert len(machines) == 2
    assert machines[0].strip().startswith("This build’s machine: ")
    assert machines[1].strip().startswith("Machine 2: 8 usable cores, " + NAME) and "holds" in machines[1]


def test_its_words_stay_words(folder: Path) -> None:
    for path in folder.rglob("*.html"):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for element in soup.select("[href], [src]"):
            assert isinstance(element, Tag)
            led = str(element.get("href", "")) + str(element.get("src", ""))
            assert "javascript:" not in led and "elsewhere.invalid" not in led


def test_figures_still_show_this_machine(folder: Path) -> None:
    for address in ("guides/optimization", "guides/helper-sprites"):
        for caption in page(folder, address).select("figure.nw-figure"):
            assert NAME not in caption.get_text()
