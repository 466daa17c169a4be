"""The ledger: every claim with its sentence, its predicate, its value on each machine and what lies behind it."""

from collections import Counter
from xml.etree.ElementTree import Element, SubElement

from snippets.lab.judging.claim import Statement
from snippets.lab.judging.claims import claim_ids, statements
from snippets.lab.judging.rulings import rulings_everywhere
from snippets.lab.judging.verdict import Finding, Verdict
from snippets.lab.markdown import verdicts
from snippets.lab.markdown.figures import MEASURED_FOLDER
from snippets.lab.markdown.findings import finding
from snippets.lab.markdown.marks import LEDGER_PAGE, dated, mark
from snippets.lab.markdown.needs import are_met
from snippets.lab.markdown.sentences import Mention, description, figures, mentions, title
from snippets.lab.markdown.shown import shown
from snippets.lab.results.held import machine_titles, machine_words

COLUMNS = ("Verdict", "Value", "n", "Measured")


def claims_element() -> Element:
    """One card per claim, in the order in which the pages speak of them; those of no page come last."""
    by_claim = {
        claim: present
        for claim, of_claim in mentions().items()
        if (present := [m for m in of_claim if are_met(m.needs)])
    }
    order = sorted(by_claim, key=lambda claim: (by_claim[claim][0].page, by_claim[claim][0].line))
    box = Element("div", {"class": "nw-ledger", "data-search-exclude": ""})
    for claim in [*order, *(claim for claim in claim_ids() if claim not in by_claim)]:
        box.append(_card(claim, by_claim.get(claim, [])))
    return box


def _card(claim_id: str, places: list[Mention]) -> Element:
    ruling = verdicts.ruling(claim_id)
    verdict = ruling.judgement.verdict
    pages = "|".join(dict.fromkeys(title(mention.page) for mention in places))
    card = Element("section", {"class": "nw-card", "id": claim_id, "data-verdict": verdict, "data-pages": pages})
    card.set("aria-labelledby", f"{claim_id}-name")
    head = SubElement(card, "p", {"class": "nw-card-head", "id": f"{claim_id}-name"})
    head.append(_chip(verdict))
    SubElement(head, "code").text = claim_id
    for mention in places:
        quote = SubElement(card, "blockquote")
        paragraph = SubElement(quote, "p")
        paragraph.text = f"{verdicts.as_read(mention.sentence)} "
        # A claim's first mention on a page has an id there.
        SubElement(paragraph, "a", {"href": f"/{mention.page}#claim-{claim_id}"}).text = title(mention.page)
    claim = ruling.claim
    SubElement(card, "p", {"class": "nw-predicate"}).text = f"{_capital(claim.predicate)}. {claim.because}"
    _by_machine(card, claim_id)
    _behind(card, ruling.experiment)
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
    rulings = rulings_everywhere(claim_id)
    for name, ruling in zip(machine_titles(ruling.own for ruling in rulings), rulings, strict=True):
        if not (ruling.own or ruling.measured):  # a row of each machine that knows nothing of it would say nothing
            continue
        judgement, row = ruling.judgement, SubElement(body, "tr")
        words = machine_words(ruling.results.machine)
        SubElement(row, "th", {"scope": "row"}).text = f"{name}: {words}" if len(rulings) > 1 else words
        count = str(judgement.value.n) if judgement.value else ""
        day = dated(ruling.measured, ruling) if ruling.measured else ""
        for label, text in zip(
            COLUMNS, (judgement.verdict, ruling.interval or _capital(judgement.reason), count, day), strict=True
        ):
            # A phone shows no heading above a cell.
            SubElement(row, "td", {"data-label": label.lower()} if text else {}).text = text


def _behind(card: Element, name: str) -> None:
    """Links to the picture, the code, the samples and the trace."""
    experiment = shown(name)
    links = [("how it was measured", description(name), "")]
    if experiment.is_measured:
        links[:0] = [(f"figure in {title(page)}", f"/{page}#figure-{name}", "") for page in figures().get(name, [])[:1]]
        links.append(("raw JSON", f"/{MEASURED_FOLDER}/{name}.json", f"{name}.json"))
        if experiment.measured.traces:
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
    conclusion, rulings = finding(statement)
    quote = SubElement(row, "th", {"scope": "row"})
    quote.text = f"“{statement.quote}” "
    SubElement(quote, "span", {"class": "nw-guide"}).text = statement.guide
    SubElement(row, "td").append(_chip(conclusion))
    measured = SubElement(row, "td")
    for ruling in rulings:
        line = SubElement(measured, "span", {"class": "nw-by"})
        link = SubElement(line, "a", {"href": f"{LEDGER_PAGE}#{ruling.claim.id}"})
        link.text = ruling.claim.id
        behind = verdicts.whose(ruling) if ruling.interval else ""
        link.tail = f" {ruling.interval or ruling.judgement.verdict}" + (f" ({behind})" if behind else "")
    SubElement(row, "td").text = statement.where


def verdicts_element() -> Element:
    """How many claims have which verdict."""
    counts = Counter(verdicts.ruling(claim).judgement.verdict for claim in claim_ids())
    element = Element("p", {"class": "nw-tally"})
    for verdict in filter(counts.get, Verdict):
        chip = _chip(verdict)
        chip.set("data-verdict", verdict)
        chip[0].tail = f"{counts[verdict]} {verdict}"
        element.append(chip)
    return element


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
