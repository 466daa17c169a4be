"""Links to what was measured: their words with the values, or their second wording, and a mark with the verdict.

The mark, and whose machine and which day it was, stand behind the words, never among them.
"""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, SubElement

from snippets.lab.judging.accepted import Accepted
from snippets.lab.judging.rulings import Ruling
from snippets.lab.judging.verdict import Finding, Verdict
from snippets.lab.markdown.sentences import description
from snippets.lab.markdown.shown import Shown, unknown
from snippets.lab.markdown.verdicts import stand_in, with_values, wording_of_claim, wording_of_experiment
from snippets.lab.markdown.wording import PLACE, Wording, worded
from snippets.lab.results.held import machine_words
from snippets.lab.results.results import Measured

LEDGER_PAGE = "/reference/claims.md"
BEHIND = "nw-behind"
NOTHING = "–"
"""What a cell of a table says where its value is missing."""


def mark(verdict: Verdict | Finding) -> Element:
    """The sign of a verdict, and its word for who does not see it."""
    element = Element("span", {"class": f"nw-mark {verdict.css}"})
    SubElement(element, "span", {"class": "nw-unseen", "data-search-exclude": ""}).text = f" (verdict: {verdict})"
    return element


def fill_claim(link: Element, ruling: Ruling) -> None:
    """Put the value into the words of a claim, and the mark behind them; the words lead to the ledger."""
    _fill(link, wording_of_claim(ruling), f"claim:{ruling.claim.id}")
    link.set("href", f"{LEDGER_PAGE}#{ruling.claim.id}")
    link.set("class", "nw-claim")
    link.set("title", detail(ruling, stand_in(ruling)))
    link.append(mark(ruling.judgement.verdict))


def fill_measured(link: Element, shown: Shown) -> None:
    """Put the values into the words; the words lead to how these were measured. Raises UnknownName for a value that the
    experiment has not.
    """
    words = "".join(link.itertext())
    shown = with_values(shown, words)
    measured = shown.measured
    has_values = _fill(link, wording_of_experiment(shown), f"measured:{shown.name}")
    link.set("href", description(shown.name))
    link.set("class", "nw-measured")
    if has_values:
        rounds = measured.passes * measured.rounds
        of = "once" if rounds == 1 else f"median of {rounds} rounds"
        link.set("title", f"Measured: {of}, {_day_and_machine(measured, shown)}")
    elif shown.is_measured and all(shown.values()[name] for name in PLACE.findall(words)):
        link.set("title", f"{Verdict.TOO_NOISY.capitalize()}: the rounds differ by more than may be shown as one value")
        link.append(mark(Verdict.TOO_NOISY))
    else:
        link.set("title", f"Not measured here: {measured.reason or 'this system does not have it'}")
        link.append(mark(Verdict.NOT_HERE))


def _day_and_machine(measured: Measured, shown: Shown | Ruling) -> str:
    return dated(measured, shown) + ("" if shown.own else f", {machine_words(shown.results.machine)}")


def dated(measured: Measured, shown: Shown | Ruling) -> str:
    """`2026-11-21 (with older code)`: when it was measured."""
    return measured.day + (" (with older code)" if shown.stale else "")


def detail(ruling: Ruling, other: Accepted | None) -> str:
    """`Holds: 7.9 times (7.7 to 8.1), n = 7, 2026-11-21. Must be at least 5.0 times.`"""
    judgement = ruling.judgement
    words = judgement.verdict.capitalize()
    if judgement.value and ruling.measured:
        words += f": {ruling.interval}, n = {judgement.value.n}, {_day_and_machine(ruling.measured, ruling)}"
    elif judgement.reason:
        words += f": {judgement.reason}"
    if other:
        words += f". It held on {other.day}: {other.interval}, {other.machine}"
    return f"{words}. Must be {ruling.claim.must_be}."


def say_once(block: Element) -> None:
    """Where all that a block says of measurements is of one machine and day, other than this build's, say so once, at
    its end: behind each value it would hide the sentence.
    """
    links = [link for link in block.iter("a") if link.get("class") in ("nw-claim", "nw-measured")]
    found = [[span for span in link if span.get("class") == BEHIND] for link in links]
    places = {spans[0].text if spans else None for spans in found}
    if len(links) < 2 or len(places) > 1 or None in places:
        return
    for link, (span,) in zip(links, found, strict=True):
        link.remove(span)
    (place,) = places
    SubElement(block, "span", {"class": BEHIND}).text = f" (All of this {str(place).strip(' ()')}.)"


def _fill(link: Element, said: Wording, name: str) -> bool:
    """Fill the link's words part by part, or replace them by its second wording, which is its title until then, where a
    value is missing. Returns whether none was missing.
    """
    words, second = "".join(link.itertext()), link.get("title")
    values = said.all_of(words)
    if values is not None:
        for part in link.iter():
            part.text = _filled(part.text, values, name)
            if part is not link:
                part.tail = _filled(part.tail, values, name)
    elif second or PLACE.search(words):
        link[:] = []
        link.text = worded(words, second, None)
    if link.text == NOTHING and not len(link):
        link.text = ""  # the mark alone says it
    if said.behind and values:
        SubElement(link, "span", {"class": BEHIND}).text = f" ({said.behind})"
    return values is not None


def _filled(text: str | None, values: Mapping[str, str], name: str) -> str | None:
    try:
        return text and worded(text, None, values)
    except KeyError as missing:
        raise unknown(f"{name} has no value {missing}", values) from None
