"""The strict build: what it puts out, and what it refuses.

It does not prove that the pages are right, or legible: tests/browser looks at them.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag

from snippets.lab import results
from snippets.lab.catalog import experiment_names
from snippets.lab.verdicts import claim_ids

from .browser.site import PRETENDED, Built, complaints, planned_pages
from .checkout import Checkout, checkout

LARGEST_PAGE = 250_000
"""Bytes of HTML."""
DATED = {"sitemap.xml", "sitemap.xml.gz"}
"""Where MkDocs itself writes the day of the build."""
LOADS_NOTHING = {"canonical", "prev", "next", "alternate", "license", "author"}
"""A link element of these kinds only names an address."""
STRICTLY = ("-m", "mkdocs", "build", "--strict", "--site-dir", "built")


class Pages(dict[str, BeautifulSoup]):
    """Each built page by its address in the site, such as `guides/optimization/`; "" is the front page."""


@pytest.fixture(scope="module")
def pages(built_site: Built) -> Pages:
    return Pages(
        {
            path.relative_to(built_site.root).as_posix().removesuffix("index.html"): BeautifulSoup(
                path.read_text(encoding="utf-8"), "html.parser"
            )
            for path in sorted(built_site.root.rglob("*.html"))
        }
    )


@pytest.fixture(scope="module")
def copy(built_site: Built, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Made after the site, so that it has fresh results and an executed notebook."""
    return checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture
def edit(copy: Checkout) -> Iterator[Callable[[str, str], None]]:
    """`edit(path, text)` appends to a file of the copy (or makes it), until the test ends."""
    before: dict[Path, bytes | None] = {}

    def append(path: str, text: str) -> None:
        file = copy.root / path
        before.setdefault(file, file.read_bytes() if file.exists() else None)
        with file.open("a", encoding="utf-8") as stream:
            stream.write(text)

    yield append
    for file, content in before.items():
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)


# What it puts out.


def test_strict_build_complains_of_nothing(built_site: Built) -> None:
    assert built_site.said == ""


def test_each_planned_page_is_built_and_no_other(pages: Pages) -> None:
    assert sorted(pages) == sorted(planned_pages())


def test_each_link_to_raw_results_leads_to_what_it_says(built_site: Built, pages: Pages) -> None:
    linked = {
        unquote(urlsplit(urljoin(f"https://site.invalid/{address}", str(link["href"]))).path).lstrip("/")
        for address, page in pages.items()
        if address != "404.html"
        for link in page.select("a[href]")
        if "measured/" in str(link["href"])
    }
    assert linked
    for path in sorted(linked):
        text = (built_site.root / path).read_text(encoding="utf-8")
        if path.endswith(".trace.json"):
            assert json.loads(text)["traceEvents"], path
        else:
            name = Path(path).stem
            assert set(results.parse(text, path).experiments) == {name}
            assert name in experiment_names()


def test_notebook_can_be_downloaded(built_site: Built, pages: Pages) -> None:
    address = "labs/helper_sprites/"
    hrefs = {str(link["href"]) for link in pages[address].select("a[href]")}
    notebooks = {href for href in hrefs if href.endswith(".ipynb")}
    assert notebooks
    for href in notebooks:
        file = built_site.root / urlsplit(urljoin(f"https://site.invalid/{address}", href)).path.lstrip("/")
        nbformat.validate(nbformat.read(file, as_version=4))


def test_no_page_needs_a_lax_content_security_policy(pages: Pages) -> None:
    """An inline style or an inline handler would need 'unsafe-inline'."""
    found = [
        f"{address or 'home'}: {element.name} {name}={value!r:.60}"
        for address, page in pages.items()
        for element in page.find_all(True)
        for name, value in element.attrs.items()
        if name == "style" or name.startswith("on")
    ]
    assert found == []


def test_no_page_loads_from_another_host(pages: Pages) -> None:
    """What the reader clicks may lead anywhere; what the browser loads by itself may not."""
    own = urlsplit(PRETENDED["SITE_URL"]).netloc
    loaded = [
        (address, url)
        for address, page in pages.items()
        for element in page.find_all(True)
        for url in _loads(element)
        if urlsplit(url).netloc not in ("", own)
    ]
    assert loaded == []


def _loads(element: Tag) -> Iterator[str]:
    if element.name == "link" and not LOADS_NOTHING & set(element.get_attribute_list("rel")):
        yield str(element.get("href", ""))
    for attribute in ("src", "data", "poster", "action", "xlink:href"):
        yield str(element.get(attribute, ""))
    for candidate in str(element.get("srcset", "")).split(","):
        yield candidate.strip().partition(" ")[0]


def test_pages_are_light(built_site: Built) -> None:
    sizes = {path.relative_to(built_site.root): path.stat().st_size for path in built_site.root.rglob("*.html")}
    assert {page: size for page, size in sizes.items() if size > LARGEST_PAGE} == {}


# Building again.


@pytest.fixture(scope="module")
def again(copy: Checkout) -> Path:
    """The site built in another place, with every picture drawn anew, from the same results."""
    for drawing in (copy.root / ".cache" / "figures").glob("*.svg"):
        drawing.unlink()
    built = copy.run(*STRICTLY, **PRETENDED, PYTHONHASHSEED="7")
    assert built.returncode == 0, built.stdout + built.stderr
    return copy.root / "built"


def test_same_results_draw_the_same_figures(built_site: Built, again: Path) -> None:
    figures = _figures(built_site.root)
    assert figures
    assert _figures(again) == figures


def test_same_results_give_the_same_site(built_site: Built, again: Path) -> None:
    first, second = _digests(built_site.root), _digests(again)
    assert first.keys() == second.keys()
    assert {path for path in first if first[path] != second[path]} <= DATED


def _figures(site: Path) -> list[str]:
    return [
        figure
        for path in sorted(site.rglob("*.html"))
        for figure in re.findall(r"<figure\b.*?</figure>", path.read_text(encoding="utf-8"), re.DOTALL)
    ]


def _digests(site: Path) -> dict[str, str]:
    files = [path for path in site.rglob("*") if path.is_file()]
    return {path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


# What it refuses.


@pytest.mark.parametrize(
    ("mistake", "named"),
    [
        pytest.param("![A picture](figure:no-such)", "no-such", id="figure"),
        pytest.param("![](about:no-such)", "no-such", id="about"),
        pytest.param("![](table:no-such)", "no-such", id="table"),
        pytest.param("[{load}](measured:no-such)", "no-such", id="measured"),
        pytest.param("[{no_such}](measured:sprites-overlap)", "no_such", id="value"),
        pytest.param("![](figure:sprites-overlap)", "sprites-overlap", id="title"),
        pytest.param("[there](guides/optimization.md#no-such)", "#no-such", id="anchor"),
        pytest.param('--8<-- "helper_sprites/memory_goblins.py:no_such"', "no_such", id="section"),
        pytest.param('--8<-- "helper_sprites/no_such.py:code"', "no_such.py", id="snippet"),
    ],
)
def test_mistake_on_a_page_fails_the_build_and_is_named(
    copy: Checkout, edit: Callable[[str, str], None], mistake: str, named: str
) -> None:
    edit("docs/index.md", f"\n\n{mistake}\n")
    built = copy.run(*STRICTLY)
    assert built.returncode
    assert named in complaints(built.stderr)


def test_mistake_on_a_page_leaves_the_old_site(copy: Checkout, edit: Callable[[str, str], None]) -> None:
    (copy.root / "site").mkdir()
    (copy.root / "site" / "index.html").write_text("the last good one")
    edit("docs/index.md", "\n\n[there](guides/no-such.md)\n")
    built = copy.run("-m", "snippets.lab", "site")
    assert built.returncode
    assert "guides/no-such.md" in built.stdout + built.stderr
    assert [path.name for path in (copy.root / "site").iterdir()] == ["index.html"]
    assert (copy.root / "site" / "index.html").read_text() == "the last good one"


@pytest.mark.parametrize("command", [("-m", "snippets.lab", "site"), STRICTLY], ids=["site", "mkdocs"])
def test_failed_experiment_fails_the_build_and_says_what_to_run(
    copy: Checkout, edit: Callable[[str, str], None], command: tuple[str, ...]
) -> None:
    """A failed one is tried again by each build; this one fails again at once."""
    edit(".cache/results.json", "")
    edit("snippets/experiments/pin_memory/measure.py", '\n\nraise RuntimeError("broken on purpose")\n')
    built = copy.run(*command)
    said = built.stdout + built.stderr
    assert built.returncode
    assert "pin-memory failed: RuntimeError: broken on purpose" in said
    assert "python -m snippets.lab measure --only pin-memory" in said
    measured = results.read(copy.root / ".cache" / "results.json").experiments["pin-memory"]
    assert measured.status == "error"


@pytest.mark.parametrize("command", [("-m", "snippets.lab", "site"), STRICTLY], ids=["site", "mkdocs"])
@pytest.mark.parametrize("path", [".cache/results.json", "docs/results/elsewhere.json"])
def test_unreadable_results_fail_the_build_in_one_line(
    copy: Checkout, edit: Callable[[str, str], None], path: str, command: tuple[str, ...]
) -> None:
    edit(path, "{half a file")
    built = copy.run(*command)
    complaint = complaints(built.stderr).splitlines()
    assert built.returncode
    assert len(complaint) == 1, built.stderr
    assert str(copy.root / path) in complaint[0]


# Claims.

CONTRADICTED = """
from dataclasses import replace
CLAIMS = tuple(
    replace(claim, bounds=exactly(100)) if claim.id == "as-written-fetches-101" else claim for claim in CLAIMS
)
"""
JUDGE = ("-m", "snippets.lab", "judge")


@pytest.mark.parametrize("command", [("-m", "snippets.lab", "site"), STRICTLY, JUDGE], ids=["site", "mkdocs", "judge"])
def test_a_contradicted_claim_fails_the_build_and_names_its_sentence(
    copy: Checkout, edit: Callable[[str, str], None], command: tuple[str, ...]
) -> None:
    edit("snippets/experiments/counted/claims.py", CONTRADICTED)
    built = copy.run(*command)
    said = " ".join((built.stdout + built.stderr).split())
    assert built.returncode == 1
    assert "Traceback" not in said
    assert "contradicted: as-written-fetches-101" in said
    line = next(
        number
        for number, text in enumerate((copy.root / "docs/guides/optimization.md").read_text().split("\n"), 1)
        if "claim:as-written-fetches-101" in text
    )
    assert f"docs/guides/optimization.md:{line}: The first version timed start-up" in said
    assert "fetched 101 batches for 100" in said
    assert "must be exactly 100. It was 101, n = 1." in said
    assert "snippets/experiments/counted/measure.py, or change the sentence" in said


def test_judging_says_what_it_found_and_measures_nothing_that_is_fresh(copy: Checkout) -> None:
    judged = copy.run(*JUDGE)
    assert judged.returncode == 0, judged.stderr
    lines = judged.stdout.splitlines()
    assert not [line for line in lines if line.startswith("Measuring")]
    for claim, (_, made) in claim_ids().items():
        row = next(line for line in lines if f" {claim} " in line)
        assert any(line.startswith(" holds") for line in lines)
        assert made.bounds.kind != "count" or row.startswith((" holds", " not measured here"))
    assert re.fullmatch(rf"{len(claim_ids())} claims: .*\d+ holds.*", lines[-1])


def test_judging_for_machines(copy: Checkout) -> None:
    judged = copy.run(*JUDGE, "--json")
    found = {each["claim"]: each for each in json.loads(judged.stdout)}
    assert judged.returncode == 0 and list(found) == list(claim_ids())
    one = found["as-written-fetches-101"]
    assert (one["verdict"], one["value"]["median"], one["experiment"]) == ("holds", 101, "counted")
    assert one["sentences"][0]["page"] == "guides/optimization.md"
    assert "fetched 101 batches for 100" in one["sentences"][0]["sentence"]
    for each in found.values():
        assert (each["value"] is None) == (each["verdict"] not in ("holds", "contradicted"))


def test_a_claim_that_cannot_be_computed_fails_the_build(copy: Checkout, edit: Callable[[str, str], None]) -> None:
    edit(
        "snippets/experiments/counted/claims.py",
        '\nCLAIMS += (counted("a-b", value("it", "nowhere", "x"), 1, "Why."),)\n',
    )
    judged = copy.run(*JUDGE)
    assert judged.returncode == 1 and "Traceback" not in judged.stderr
    assert "errored: a-b" in judged.stderr and "no samples of 'x' for the arm 'nowhere'" in judged.stderr


def test_what_holds_is_remembered(copy: Checkout) -> None:
    copy.run(*JUDGE)
    kept = json.loads((copy.root / ".cache" / "accepted.json").read_text(encoding="utf-8"))
    assert kept["as-written-fetches-101"]["said"] == "101"
    assert set(kept) <= set(claim_ids())


def test_a_value_that_is_too_noisy_is_replaced_by_the_last_accepted_one(
    copy: Checkout, edit: Callable[[str, str], None]
) -> None:
    """With its date, and with the mark of a noisy claim."""
    edit(".cache/accepted.json", "")
    (copy.root / ".cache" / "accepted.json").write_text(
        json.dumps(
            {"helpers-hide-waiting": {"interval": "i", "said": "SAID BEFORE", "day": "2020-02-02", "machine": "m"}}
        )
    )
    shut = "\nfrom dataclasses import replace\nCLAIMS = tuple(replace(claim, needs_cores=1.99) for claim in CLAIMS)\n"
    edit("snippets/experiments/sprites_overlap/claims.py", shut)
    edit("snippets/lab/gates.py", "\nCAPACITY = 1e9\n")
    built = copy.run(*STRICTLY)
    assert built.returncode == 0, built.stderr
    page = BeautifulSoup((copy.root / "built/guides/helper-sprites/index.html").read_text(), "html.parser")
    link = page.select_one("#claim-helpers-hide-waiting")
    assert link and "SAID BEFORE as fast (2020-02-02)" in link.get_text()
    assert link.select_one(".nw-mark.nw-noisy") and "Too noisy to tell" in str(link["title"])
