"""The ledger: every claim with its sentence, its predicate, its value on each machine and what lies behind it."""

from collections import Counter
from xml.etree.ElementTree import Element, SubElement

from snippets.lab.judging.claim import Statement
from snippets.lab.judging.claims import claim_ids, statements
from snippets.lab.judging.rulings import rulings_everywhere
from snippets.lab.judging.verdict import Finding, Verdict
from snippets.lab.markdown.figures import MEASURED_FOLDER
from snippets.lab.markdown.findings import finding
from snippets.lab.markdown.marks import LEDGER_PAGE, mark
from snippets.lab.markdown.needs import are_met
from snippets.lab.markdown.sentences import Mention, description, figures, mentions, title
from snippets.lab.markdown.shown import shown
from snippets.lab.markdown.verdicts import as_read, ruling
from snippets.lab.results.held import machine_titles, machine_words

COLUMNS = ("Verdict", "Value", "n", "Measured")


def claims_element() -> Element:
    """One card per claim, in the order in which the pages speak of them; those of no page come last."""
    stands = {claim: there for claim, found in mentions().items() if (there := [m for m in found if are_met(m.needs)])}
    order = sorted(stands, key=lambda claim: (stands[claim][0].page, stands[claim][0].line))
    box = Element("div", {"class": "nw-ledger", "data-search-exclude": ""})
    for claim in [*order, *(claim for claim in claim_ids() if claim not in stands)]:
        box.append(_card(claim, stands.get(claim, [])))
    return box


def _card(claim_id: str, stands: list[Mention]) -> Element:
    found = ruling(claim_id)
    verdict = found.judgement.verdict
    pages = "|".join(dict.fromkeys(title(mention.page) for mention in stands))
    card = Element("section", {"class": "nw-card", "id": claim_id, "data-verdict": verdict, "data-pages": pages})
    card.set("aria-labelledby", f"{claim_id}-name")
    head = SubElement(card, "p", {"class": "nw-card-head", "id": f"{claim_id}-name"})
    head.append(_chip(verdict))
    SubElement(head, "code").text = claim_id
    for mention in stands:
        quote = SubElement(card, "blockquote")
        said = SubElement(quote, "p")
        said.text = f"{as_read(mention.sentence)} "
        # A claim's first mention on a page has an id there.
        SubElement(said, "a", {"href": f"/{mention.page}#claim-{claim_id}"}).text = title(mention.page)
    SubElement(card, "p", {"class": "nw-predicate"}).text = f"{_capital(found.claim.predicate)}. {found.claim.because}"
    _by_machine(card, claim_id)
    _behind(card, found.experiment)
    return card


def _chip(verdict: Verdict | Finding) -> Element:
    chip = Element("span", {"class": "nw-chip"})
    sign = mark(verdict)
    sign.remove(sign[0])  # the word stands beside it
    sign.tail = verdict
    chip.append(sign)
    return chip


def _by_machine(card: Element, claim_id: str) -> None:
    scroll = SubElement(card, "div", {"class": "nw-scroll", "tabindex": "0", "role": "group"})
    scroll.set("aria-label", f"{claim_id} on each machine")
    table = SubElement(scroll, "table")
    head = SubElement(SubElement(table, "thead"), "tr")
    for heading in ("Machine", *COLUMNS):
        SubElement(head, "th", {"scope": "col"}).text = heading
    body = SubElement(table, "tbody")
    found = rulings_everywhere(claim_id)
    for name, each in zip(machine_titles(each.own for each in found), found, strict=True):
        judgement, row = each.judgement, SubElement(body, "tr")
        words = machine_words(each.results.machine)
        SubElement(row, "th", {"scope": "row"}).text = f"{name}: {words}" if len(found) > 1 else words
        count = str(judgement.value.n) if judgement.value else ""
        day = each.measured.day if each.measured else ""
        for label, text in zip(
            COLUMNS, (judgement.verdict, each.interval or _capital(judgement.reason), count, day), strict=True
        ):
            # A phone shows no heading above a cell.
            SubElement(row, "td", {"data-label": label.lower()} if text else {}).text = text


def _behind(card: Element, name: str) -> None:
    """Links to the picture, the code, the samples and the trace."""
    about = shown(name)
    links = [("how it was measured", description(name), "")]
    if about.is_measured:
        links[:0] = [(f"figure in {title(page)}", f"/{page}#figure-{name}", "") for page in figures().get(name, [])[:1]]
        links.append(("raw JSON", f"/{MEASURED_FOLDER}/{name}.json", f"{name}.json"))
        if about.measured.traces:
            links.append(("trace for Perfetto", f"/{MEASURED_FOLDER}/{name}.trace.json", f"{name}.trace.json"))
    line = SubElement(card, "p", {"class": "nw-where"})
    for number, (text, href, download) in enumerate(links):
        link = SubElement(line, "a", {"href": href, **({"download": download} if download else {})})
        link.text = _capital(text) if number == 0 else text
        link.tail = " · " if number < len(links) - 1 else ""


def statements_element() -> Element:
    """What the first version said, statement by statement, and what the claims make of it."""
    scroll = Element("div", {"class": "nw-scroll nw-statements", "tabindex": "0", "role": "group"})
    scroll.set("aria-label", "Statements of the first version")
    table = SubElement(scroll, "table")
    head = SubElement(SubElement(table, "thead"), "tr")
    for heading in ("The first version said", "Verdict", "Measured", "Where it holds"):
        SubElement(head, "th", {"scope": "col"}).text = heading
    body = SubElement(table, "tbody")
    for statement in statements():
        _statement(SubElement(body, "tr"), statement)
    return scroll


def _statement(row: Element, statement: Statement) -> None:
    found, by = finding(statement)
    said = SubElement(row, "th", {"scope": "row"})
    said.text = f"“{statement.quote}” "
    SubElement(said, "span", {"class": "nw-guide"}).text = statement.guide
    SubElement(row, "td").append(_chip(found))
    measured = SubElement(row, "td")
    for each in by:
        line = SubElement(measured, "span", {"class": "nw-by"})
        link = SubElement(line, "a", {"href": f"{LEDGER_PAGE}#{each.claim.id}"})
        link.text, link.tail = each.claim.id, f" {each.interval or each.judgement.verdict}"
    SubElement(row, "td").text = statement.where


def verdicts_element() -> Element:
    """How many claims have which verdict."""
    found = Counter(ruling(claim).judgement.verdict for claim in claim_ids())
    element = Element("p", {"class": "nw-tally"})
    for verdict in filter(found.get, Verdict):
        chip = _chip(verdict)
        chip.set("data-verdict", verdict)
        chip[0].tail = f"{found[verdict]} {verdict}"
        element.append(chip)
    return element


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
