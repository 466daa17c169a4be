"""A claim in a sentence: its words with the measured value, a mark with the verdict, the detail on focus or hover."""

from xml.etree.ElementTree import Element, SubElement

from snippets.lab.accepted import Accepted
from snippets.lab.verdicts import Ruling

LEDGER_PAGE = "/reference/claims.md"
VALUE = "{value}"

CLASSES = {
    "holds": "nw-holds",
    "depends": "nw-depends",
    "contradicted": "nw-contradicted",
    "does not hold": "nw-contradicted",
    "too noisy to tell": "nw-noisy",
    "not measured here": "nw-absent-claim",
    "errored": "nw-errored",
}
"""The style of each verdict. The style also gives it a sign, so that it is not told by colour alone."""


def mark(verdict: str) -> Element:
    """The sign of a verdict, and its word for who does not see it."""
    element = Element("span", {"class": f"nw-mark {CLASSES[verdict]}"})
    SubElement(element, "span", {"class": "nw-unseen", "data-search-exclude": ""}).text = f" ({verdict})"
    return element


def fill(link: Element, ruling: Ruling, accepted: Accepted | None) -> None:
    """Put the value into the words of a claim, and the mark behind them; the words lead to the ledger."""
    verdict = ruling.judgement.verdict
    old = accepted if verdict == "too noisy to tell" else None
    said = ruling.said or (old.said if old else f"({verdict})")
    for part in link.iter():
        part.text = part.text.replace(VALUE, said) if part.text else part.text
        if part is not link:
            part.tail = part.tail.replace(VALUE, said) if part.tail else part.tail
    link.set("href", f"{LEDGER_PAGE}#{ruling.claim.id}")
    link.set("class", "nw-claim")
    link.set("title", detail(ruling, old))
    if old:
        SubElement(link, "span", {"class": "nw-old"}).text = f" ({old.day})"
    link.append(mark(verdict))


def detail(ruling: Ruling, old: Accepted | None) -> str:
    """`Holds: 7.9 times (7.7 to 8.1), n = 7, 2026-11-21. Must be at least 5.0 times.`"""
    judgement = ruling.judgement
    words = judgement.verdict.capitalize()
    if judgement.value and ruling.measured:
        words += f": {ruling.interval}, n = {judgement.value.n}, {ruling.measured.day}"
    elif judgement.reason:
        words += f": {judgement.reason}"
    if old:
        words += f". It last held on {old.day}: {old.interval}, {old.machine}"
    return f"{words}. Must be {ruling.claim.bounds.words(ruling.claim.say)}."
