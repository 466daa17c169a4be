"""A feed (Atom, RFC 4287) of the verdicts that have changed between published sites."""

from datetime import date
from pathlib import Path
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from snippets.lab.judging import history
from snippets.lab.judging.history import History, Move
from snippets.lab.judging.rulings import Ruling
from snippets.lab.paths import CACHE
from snippets.lab.results.held import all_results
from snippets.lab.site.fetched import FOLDER, VERDICTS, NothingPublished, Unreachable, fetch_patiently

KEPT = CACHE / VERDICTS
LEDGER = "reference/claims/"
FEED = "feed.xml"


def renew(rulings: list[Ruling]) -> None:
    """Keep what these verdicts decide, after what is published now, for the feed of the next site."""
    try:
        before = history.read(fetch_patiently(VERDICTS))
    except Unreachable as reason:
        print(f"Which verdicts were published before is not known: {reason}. The feed goes on from here.", flush=True)
        before = history.read(KEPT)
    except NothingPublished as reason:
        print(f"No verdict was published before: {reason}.", flush=True)
        before = History({}, [])
    go_on(before, rulings)


def go_on(before: History, rulings: list[Ruling]) -> None:
    """The same, where what is published now is known."""
    history.write(history.go_on(before, rulings, date.today()), KEPT)


def write_feed(site: Path, address: str, name: str) -> None:
    """Into the folder of a site that is published at an address, with what the next one goes on from."""
    kept, day = history.read(KEPT), all_results()[0].results.measured_at[:10]
    history.write(kept, site / FOLDER / VERDICTS)
    (site / FEED).write_text(_feed(kept.moves, address, name, day), encoding="utf-8")


def _feed(moves: list[Move], site: str, name: str, day: str) -> str:
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    address = urljoin(site, FEED)
    SubElement(feed, "id").text = address
    SubElement(feed, "title").text = f"{name}: verdicts that changed"
    SubElement(feed, "link", {"rel": "self", "href": address})
    SubElement(feed, "link", {"href": urljoin(site, LEDGER)})
    SubElement(SubElement(feed, "author"), "name").text = name
    SubElement(feed, "updated").text = _moment(moves[0].day if moves else day)
    for move in moves:
        entry, card = SubElement(feed, "entry"), urljoin(site, f"{LEDGER}#{move.claim}")
        SubElement(entry, "id").text = f"{address}?claim={move.claim}&torch={move.torch}&day={move.day}"
        SubElement(entry, "title").text = f"{move.claim}: {move.now}"
        SubElement(entry, "link", {"href": card})
        SubElement(entry, "updated").text = _moment(move.day)
        before = f"It was {move.was} before" if move.was else "The claim is new"
        SubElement(entry, "content").text = f"{move.now}: {move.said}, with torch {move.torch}. {before}."
    indent(feed, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(feed, encoding="unicode") + "\n"


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"
