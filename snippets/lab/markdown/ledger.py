"""The ledger: every claim with its sentence, its predicate, its value and what lies behind it."""

from collections import Counter
from xml.etree.ElementTree import Element, SubElement

from snippets.lab.judging.claim import Statement
from snippets.lab.judging.claims import claim_ids, statements
from snippets.lab.judging.judge import speaks_of
from snippets.lab.judging.rulings import of_each_machine, rulings_everywhere
from snippets.lab.judging.verdict import Finding, Verdict
from snippets.lab.machine.machine import Machine
from snippets.lab.markdown import verdicts
from snippets.lab.markdown.findings import finding
from snippets.lab.markdown.marks import LEDGER_PAGE, dated, mark
from snippets.lab.markdown.needs import are_met
from snippets.lab.markdown.sentences import Mention, description, figures, mentions, title
from snippets.lab.markdown.shown import shown
from snippets.lab.results.held import machine_titles

COLUMNS = ("Claim", "Verdict", "Measured, and where it holds", "Experiment", "Page")

BETWEEN_PAGES = " · "


def claims_element() -> Element:
    """A table with a row per claim, in the order in which the pages speak of them; those of no page come last. In each
    row lies its card, to open. Before it the place of what filters it.
    """
    by_claim = {
        claim: present
        for claim, of_claim in mentions().items()
        if (present := [m for m in of_claim if are_met(m.needs)])
    }
    order = sorted(by_claim, key=lambda claim: (by_claim[claim][0].page, by_claim[claim][0].line))
    box = Element("div", {"data-search-exclude": ""})
    SubElement(box, "div", {"class": "nw-filter"})
    table = SubElement(box, "table", {"class": "nw-ledger"})
    head = SubElement(SubElement(table, "thead"), "tr")
    for heading in COLUMNS:
        SubElement(head, "th", {"scope": "col"}).text = heading
    body = SubElement(table, "tbody")
    for claim in [*order, *(claim for claim in claim_ids() if claim not in by_claim)]:
        body.append(_row(claim, by_claim.get(claim, [])))
    return box


def _row(claim_id: str, places: list[Mention]) -> Element:
    ruling = verdicts.ruling(claim_id)
    judgement = ruling.judgement
    says = verdicts.as_read(places[0].sentence) if places else _sentence(ruling.claim.predicate)
    row = Element("tr", {"id": claim_id})
    details = SubElement(SubElement(row, "th", {"scope": "row"}), "details")
    SubElement(details, "summary").text = says
    details.append(_card(claim_id, places))
    SubElement(row, "td", {"class": judgement.verdict.css}).text = judgement.verdict
    value = SubElement(row, "td")
    value.text = ruling.interval or _capital(judgement.reason)
    judged = [each.judgement.verdict for each in of_each_machine(rulings_everywhere(claim_id))]
    if len(judged) > 1:
        value.text += f"\n({judged.count(Verdict.HOLDS)} of {len(judged)} machines)"
    SubElement(row, "td").text = ruling.experiment
    SubElement(row, "td").text = BETWEEN_PAGES.join(dict.fromkeys(title(mention.page) for mention in places))
    return row


def _card(claim_id: str, places: list[Mention]) -> Element:
    """What the row does not say: the predicate, the machines, and where to read on."""
    ruling = verdicts.ruling(claim_id)
    card = Element("div", {"class": "nw-card"})
    predicate = SubElement(card, "p")
    SubElement(predicate, "code").text = claim_id
    scope = f" {_sentence(speaks_of(ruling.claim))}" if ruling.claim.start_methods else ""
    predicate[-1].tail = f" {_sentence(ruling.claim.predicate)} {ruling.claim.because}{scope}"
    _by_machine(card, claim_id)
    _links(card, claim_id, places)
    return card


def _chip(verdict: Verdict | Finding) -> Element:
    chip = Element("span", {"class": "nw-chip"})
    sign = mark(verdict)
    sign.remove(sign[0])  # the word stands beside it
    sign.tail = verdict
    chip.append(sign)
    return chip


def _by_machine(card: Element, claim_id: str) -> None:
    """A line for this build's machine, for each that contradicts the claim, and for one of the others: the row says how
    many they are, and the page does not grow with each machine. With the day where it is not the one that the page
    "Machines" gives.
    """
    machines, in_row = SubElement(card, "ul"), verdicts.ruling(claim_id).judgement
    rulings, told, another = rulings_everywhere(claim_id), set[Machine](), False
    for name, ruling in zip(machine_titles(ruling.own for ruling in rulings), rulings, strict=True):
        # A line of a machine that knows nothing of it would say nothing, but for why the row has no value.
        knows = ruling.judgement.verdict != Verdict.NOT_HERE if ruling.own else ruling.measured
        if not knows and not (ruling.own and ruling.judgement == in_row):
            continue
        if ruling.results.machine in told:  # on another day
            continue
        told.add(ruling.results.machine)
        judgement, gpu = ruling.judgement, ruling.results.machine.gpu
        if not ruling.own and judgement.verdict != Verdict.CONTRADICTED:
            if another:
                continue
            another = True
        said = [] if ruling.own and judgement == in_row else [ruling.interval or judgement.reason]
        if judgement.value and judgement.value.n > 1:
            said.append(f"n = {judgement.value.n}")
        if ruling.measured and (on := dated(ruling.measured, ruling)) != ruling.results.measured_at[:10]:
            said.append(on)
        line = SubElement(machines, "li", {"class": judgement.verdict.css})
        which = f"{name}, {gpu}" if gpu else name  # all else that a machine is stands on one page: here are many lines
        line.text = "; ".join(filter(None, (f"{which}: {judgement.verdict}", ", ".join(filter(None, said)))))


def _links(card: Element, claim_id: str, places: list[Mention]) -> None:
    """To the sentences, of which a page's first has an id there, to the picture, and to the code and the samples."""
    name = verdicts.ruling(claim_id).experiment
    links = [(title(page), f"/{page}#claim-{claim_id}") for page in dict.fromkeys(mention.page for mention in places)]
    if shown(name).is_measured:
        own = {mention.page for mention in places}
        drawn = figures().get(name, [])[:1]
        links += [("figure" if page in own else f"figure in {title(page)}", f"/{page}#figure-{name}") for page in drawn]
    links.append(("how it was measured", description(name)))
    line = SubElement(card, "p", {"class": "nw-where"})
    for number, (text, href) in enumerate(links):
        link = SubElement(line, "a", {"href": href})
        link.text = _capital(text) if number == 0 else text
        link.tail = BETWEEN_PAGES if number < len(links) - 1 else ""


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
    SubElement(quote, "div", {"class": "nw-guide"}).text = statement.guide
    SubElement(row, "td").append(_chip(conclusion))
    measured = SubElement(row, "td")
    for ruling in rulings:
        line = SubElement(measured, "div", {"class": "nw-by"})
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
        chip[0].tail = f"{counts[verdict]} {verdict}"
        element.append(chip)
    return element


def _sentence(predicate: str) -> str:
    return f"{_capital(predicate)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
