"""The benchmark can run: its cheap parts do so here, and what it compares with has nothing of ours in it.

What it does not prove: that the dear parts, which build and serve, can. The workflow canary runs all of them each week.
"""

import gzip
import re
import urllib.request
from pathlib import Path

import pytest

from tests.bench import __main__ as bench
from tests.bench import lighthouse, pages, parts
from tests.bench.copies import make_bare, make_tenfold
from tests.bench.pages import Weight
from tests.bench.parts import PARTS, BenchError
from tests.bench.rows import Row, row, table
from tests.browser.site import served
from tests.checkout import Checkout, checkout

XML = """<testsuites><testsuite>
<testcase classname="tests.docs.test_a" name="one" time="1.5"/>
<testcase classname="tests.docs.test_b" name="one" time="2.0"/>
<testcase classname="tests.docs.test_a" name="two" time="1.5"/>
</testsuite></testsuites>"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return checkout(tmp_path_factory.mktemp("bench"), without=("images", "figures", "notebook"))


def test_the_slowest_files_are_read_from_the_last_run(
    copy: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "TIMES_OF_TESTS", tmp_path / "tests.xml")
    assert [each.result for each in PARTS["tests"](copy)] == ["not run yet"]
    (tmp_path / "tests.xml").write_text(XML)
    rows = [(each.what.strip(), each.result) for each in PARTS["tests"](copy)]
    assert rows == [("all 2 files of tests", "5.0 s"), ("tests.docs.test_a", "3.0 s"), ("tests.docs.test_b", "2.0 s")]


def test_a_median_is_shown_with_its_target() -> None:
    lines = table([row("quick", [1.0, 2.0, 1.5], 2.0, " s"), row("slow", [3.0], 2.0)]).splitlines()
    assert lines[1:] == ["quick  1.50 s  1.00–2.00  ≤ 2.00 s  within", "slow   3.00    3.00–3.00  ≤ 2.00    over"]


def test_the_bare_pages_have_nothing_of_ours(copy: Checkout) -> None:
    settings = (copy.root / make_bare(copy)).read_text(encoding="utf-8")
    assert "docs_dir: bare" in settings
    assert "snippets.lab" not in settings
    assert "custom_dir" not in settings
    assert "hooks" not in settings
    found = list((copy.root / "bare").rglob("*.md"))
    assert len(found) > 20
    scheme = re.compile(r"\]\((?!https?:|mailto:)[a-z]+:")
    assert [str(page) for page in found if scheme.search(page.read_text(encoding="utf-8"))] == []


def test_there_are_ten_of_each_guide(copy: Checkout) -> None:
    make_tenfold(copy)
    assert len(list((copy.root / "docs").glob("*/optimization.md"))) == 10


def test_a_part_that_cannot_be_timed_fails_the_whole(
    copy: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Or the workflow that runs it would not notice. The copy that is built first is played by one that is there."""

    def broken(copy: Checkout) -> list[Row]:
        raise BenchError("no answer")

    monkeypatch.setattr("sys.argv", ["bench", "tests", "edit"])
    monkeypatch.setattr(bench, "prepared", lambda folder: copy)
    monkeypatch.setattr(bench, "again", lambda copy, name: copy)
    monkeypatch.setitem(PARTS, "edit", broken)
    assert bench.main() == 1
    printed = capsys.readouterr().out
    assert "failed: no answer" in printed
    assert "files of tests" in printed


def test_pages_are_weighed_in_a_browser_or_not_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pages, "find_browser", lambda: None)
    with pytest.raises(LookupError, match="no Chromium found"):
        next(pages.weights(tmp_path, tmp_path))


def test_a_page_is_shown_beside_the_same_of_the_bare_site() -> None:
    rows = [*pages._rows("a page", Weight(3_100, 1.25, 242_000, 42_000), Weight(2_900, 6.5, 200_000, 30_000))]
    assert [(each.result, each.spread) for each in rows] == [
        ("3,100", "bare: 2,900"),
        ("1.2", "bare: 6.5"),
        ("242", "bare: 200"),
        ("42", "bare: 30"),
    ]


def test_pages_are_scored_by_lighthouse_or_not_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lighthouse, "find_browser", lambda: "chromium")
    monkeypatch.setattr(lighthouse, "PROGRAM", tmp_path / "not there")
    with pytest.raises(LookupError, match=r"not installed: npm ci --prefix \.ci/lighthouse"):
        next(lighthouse.scores(tmp_path, tmp_path, ("",)))


def test_a_score_is_shown_with_its_bar_beside_that_of_the_bare_site() -> None:
    def report(performance: float, seo: float) -> dict:
        shares = {"performance": performance, "accessibility": 1, "best-practices": 1, "seo": seo}
        values = {"total-blocking-time": 12.4, "cumulative-layout-shift": 0.1}
        return {
            "categories": {name: {"score": share} for name, share in shares.items()},
            "audits": {name: {"numericValue": value} for name, value in values.items()},
        }

    ours, bare = lighthouse.score(report(0.98, 0.9)), lighthouse.score(report(0.97, 1))
    rows = [(each.what.strip(), each.result, each.spread, each.verdict) for each in lighthouse._rows("a", ours, bare)]
    assert rows == [
        ("a, performance", "98", "bare: 97", "within"),
        ("accessibility", "100", "bare: 100", "within"),
        ("best practices", "100", "bare: 100", "within"),
        ("seo", "90", "bare: 100", "below"),
        ("blocked, on a processor slowed 4 times", "12 ms", "bare: 12 ms", ""),
        ("layout shift", "0.100", "bare: 0.100", ""),
    ]


def test_what_is_text_is_sent_compressed(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>hello</p>")
    (tmp_path / "404.html").write_text("not here")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG")
    with served(tmp_path, lighthouse.Compressing) as site:
        for address, encoding, body in (
            ("", "gzip", b"<p>hello</p>"),
            ("index.html", "gzip", b"<p>hello</p>"),
            ("photo.png", None, b"\x89PNG"),
        ):
            with urllib.request.urlopen(f"{site.address}{address}") as answer:
                sent = answer.read()
                assert answer.headers["Content-Encoding"] == encoding
            assert (gzip.decompress(sent) if encoding else sent) == body
