"""What changed between two published sites, and the feed that tells it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from snippets.lab.judging.claim import Claim, at_least, value
from snippets.lab.judging.history import MOST_MOVES, History, Move, go_on, read, write
from snippets.lab.judging.judge import Judgement
from snippets.lab.judging.rulings import Ruling
from snippets.lab.judging.verdict import Verdict
from snippets.lab.results.held import MachineResults
from snippets.lab.results.stats import Estimate
from snippets.lab.site import feed, fetched
from snippets.lab.site.csp import check
from snippets.lab.site.fetched import Unreachable
from snippets.lab.store import ResultError
from tests.lab.made import held, measured
from tests.lab.made import results as made

FAST = Claim("fast", value("the total", "alone"), at_least(5.0), "Why.")
ONE = measured()
HOLDS = Ruling("one", FAST, Judgement(Verdict.HOLDS, "", Estimate(7, 6.5, 7.5, 7)), made(one=ONE), ONE)
CONTRADICTED = replace(HOLDS, judgement=Judgement(Verdict.CONTRADICTED, "", Estimate(2, 1.5, 2.5, 7)))
NOISY = replace(HOLDS, judgement=Judgement(Verdict.TOO_NOISY, "noise", None))
SLOW = replace(HOLDS, claim=replace(FAST, id="slow"))
TODAY = date(2026, 3, 4)
NONE = History({}, [])
TORCH = HOLDS.results.software.torch
SITE = "https://site.invalid/a/"
ATOM = "{http://www.w3.org/2005/Atom}"


def after(*builds: list[Ruling]) -> History:
    history = NONE
    for rulings in builds:
        history = go_on(history, rulings, TODAY)
    return history


@pytest.mark.parametrize(
    "builds",
    [
        ([HOLDS],),
        ([HOLDS], [HOLDS]),
        ([HOLDS], [NOISY], [HOLDS]),
        ([CONTRADICTED], [NOISY], [NOISY]),
        ([HOLDS, SLOW], [HOLDS]),
        ([NOISY], [HOLDS]),
    ],
)
def test_noise_and_the_same_once_more_are_no_news(builds: tuple[list[Ruling], ...]) -> None:
    assert after(*builds).moves == []


def test_another_verdict_and_a_new_claim_are() -> None:
    history = after([HOLDS], [NOISY], [CONTRADICTED, SLOW])
    fell = Move("fast", "holds", "contradicted", CONTRADICTED.interval, TORCH, "2026-03-04")
    assert history.moves == [fell, Move("slow", None, "holds", SLOW.interval, TORCH, "2026-03-04")]
    assert history.decisions == {"fast": "contradicted", "slow": "holds"}
    again = go_on(history, [HOLDS], TODAY)
    assert (again.moves[0].was, again.moves[0].now, again.moves[1:]) == ("contradicted", "holds", history.moves)


def test_it_does_not_grow_for_ever(tmp_path: Path) -> None:
    history = after([HOLDS], *([CONTRADICTED], [HOLDS]) * MOST_MOVES)
    assert len(history.moves) == MOST_MOVES
    write(history, tmp_path / "verdicts.json")
    assert read(tmp_path / "verdicts.json") == history
    assert read(tmp_path / "none.json") == NONE


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("holds", "perhaps"),
        ("2026-03-04", "2026-02-30"),
        ("2026-03-04", "2999-01-01"),
        ('"fast"', '"<b>fast"'),
        ("}", ""),
    ],
)
def test_what_is_no_history_is_refused(tmp_path: Path, was: str, becomes: str) -> None:
    path = tmp_path / "verdicts.json"
    write(after([CONTRADICTED], [HOLDS]), path)
    path.write_text(path.read_text(encoding="utf-8").replace(was, becomes), encoding="utf-8")
    with pytest.raises(ResultError, match="verdicts.json: not a file of decisions .*Delete it"):
        read(path)


def test_the_feed_tells_each_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "KEPT", tmp_path / "kept.json")
    monkeypatch.setattr(feed, "all_results", lambda: [MachineResults(held())])
    write(after([HOLDS], [CONTRADICTED, SLOW]), feed.KEPT)
    site = tmp_path / "site"
    site.mkdir()
    feed.write_feed(site, SITE, "A site")
    assert read(site / "measured/verdicts.json") == read(feed.KEPT)
    root = ElementTree.parse(site / "feed.xml").getroot()
    assert root.findtext(f"{ATOM}updated") == "2026-03-04T00:00:00Z"
    said = [(each.findtext(f"{ATOM}title"), each.findtext(f"{ATOM}content")) for each in root.iter(f"{ATOM}entry")]
    interval = CONTRADICTED.interval
    assert said[0] == ("fast: contradicted", f"contradicted: {interval}, with torch {TORCH}. It was holds before.")
    assert said[1][0] == "slow: holds" and str(said[1][1]).endswith("The claim is new.")
    links = [str(link.get("href")) for link in root.iter(f"{ATOM}link")]
    assert links[2:] == [f"{SITE}reference/claims/#fast", f"{SITE}reference/claims/#slow"]
    ids = [each.text for each in root.iter(f"{ATOM}id")]
    assert len({*ids}) == 3
    check(site)


def test_nothing_published_begins_a_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "KEPT", tmp_path / "kept.json")
    monkeypatch.setattr(fetched, "PUBLISHED", tmp_path)

    def fetch(names: list[str]) -> None:
        write(after([CONTRADICTED]), tmp_path / names[0])

    feed.renew([HOLDS])
    assert read(feed.KEPT) == History({"fast": "holds"}, [])
    monkeypatch.setattr(fetched, "fetch", fetch)
    feed.renew([HOLDS])
    assert [move.was for move in read(feed.KEPT).moves] == ["contradicted"]


@pytest.mark.parametrize("fails", [2, 3])
def test_a_site_that_cannot_be_reached_is_asked_again_and_what_is_here_is_not_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fails: int
) -> None:
    """The line is replaced here."""
    asked: list[list[str]] = []

    def fetch(names: list[str]) -> None:
        asked.append(names)
        if len(asked) <= fails:
            raise Unreachable("no line")
        write(after([CONTRADICTED]), tmp_path / names[0])

    monkeypatch.setattr(feed, "KEPT", tmp_path / "kept.json")
    monkeypatch.setattr(fetched, "PUBLISHED", tmp_path)
    monkeypatch.setattr(fetched, "PAUSES", (0.0, 0.0))
    monkeypatch.setattr(fetched, "fetch", fetch)
    write(after([CONTRADICTED]), feed.KEPT)
    feed.renew([HOLDS])
    assert len(asked) == 3 and [move.was for move in read(feed.KEPT).moves] == ["contradicted"]
    assert ("is not known: no line" in capsys.readouterr().out) == (fails == 3)
