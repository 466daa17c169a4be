"""A figure as page elements: the drawing, what to see in it, where it was measured, its numbers."""

from importlib.metadata import version
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown

from snippets.lab.catalog import experiment_folder
from snippets.lab.code import source_hash
from snippets.lab.figures.figure import Figure, Table
from snippets.lab.figures.kept import kept
from snippets.lab.instruments.experiment import Parameter
from snippets.lab.judging.gates import resolved
from snippets.lab.markdown.captions import figure_of
from snippets.lab.markdown.links import address, in_perfetto
from snippets.lab.markdown.marks import dated
from snippets.lab.markdown.sentences import description
from snippets.lab.markdown.shown import Shown
from snippets.lab.moment import once
from snippets.lab.results.held import machine_words

MEASURED_FOLDER = "measured"

Link = tuple[str, str, str | None]
"""Its words, its address, and for a download the name of the file."""


def figure_element(md: Markdown, shown: Shown, title: str) -> Element:
    """`<figure>` with the two drawings, a caption and the numbers in a table that opens. Where nothing is measured, the
    reason stands in their place.
    """
    element = Element("figure", {"class": "nw-figure", "id": f"figure-{shown.figure_name}", "data-search-exclude": ""})
    if not shown.is_measured:
        _paragraph(element, "nw-absent", f"{title}: not measured here ({shown.measured.reason}).")
        caption = SubElement(element, "figcaption")
        _links(SubElement(caption, "p", {"class": "nw-where"}), shown)
        return element
    figure = figure_of(shown)
    picture = SubElement(element, "div", {"class": "nw-drawing"})
    picture.text = md.htmlStash.store(drawing(shown.figure_name, figure))
    caption = SubElement(element, "figcaption")
    sentence = SubElement(caption, "p", {"class": "nw-see"})
    SubElement(sentence, "strong").text = f"{title.rstrip('.')}."
    sentence[-1].tail = f" {figure.message}"
    where = SubElement(caption, "p", {"class": "nw-where"})
    where.text = _provenance(shown)
    _links(where, shown)
    details = SubElement(caption, "details", {"class": "nw-numbers"})
    SubElement(details, "summary").text = "The numbers"
    table = SubElement(details, "div", {"class": "nw-scroll", "tabindex": "0", "role": "group"})
    table.set("aria-label", f"Table: {title}")
    table.append(table_element(figure.table))
    return element


def drawing(name: str, figure: Figure) -> str:
    """The drawing's markup, drawn anew only when the figure or the drawing code has changed.

    Only a drawing that is not in the cache imports matplotlib.
    """

    def drawn() -> bytes:
        from snippets.lab.figures.drawing import draw

        return draw(name, figure.chart, figure.message).encode()

    return kept(name, ".svg", f"{_drawn_by()}{figure.chart}{figure.message}", drawn).decode()


@once
def _drawn_by() -> str:
    return f"{source_hash('snippets.lab.figures.drawing')} {version('matplotlib')}"


def table_element(table: Table) -> Element:
    """A table whose first column heads its rows."""
    element = Element("table")
    head = SubElement(SubElement(element, "thead"), "tr")
    for name in table.header:
        SubElement(head, "th" if name else "td", {"scope": "col"} if name else {}).text = name
    body = SubElement(element, "tbody")
    for row in table.rows:
        line = SubElement(body, "tr")
        SubElement(line, "th", {"scope": "row"}).text = row[0]
        for cell in row[1:]:
            SubElement(line, "td").text = cell
    return element


def about_element(shown: Shown) -> Element:
    """An experiment's question, unit, traps and cost, as its own module states them."""
    measured = shown.measured
    rows: list[tuple[str, str]] = [
        ("Question", measured.question),
        ("Unit", measured.unit + (f"; {measured.better} is better" if measured.better else "")),
        ("What would make it wrong", measured.pitfalls),
    ]
    if shown.is_measured:
        params = ", ".join(f"{name} = {_plain(value)}" for name, value in measured.params.items())
        rows += [
            ("Measured", f"{_provenance(shown)}. It took {measured.cost_s:.0f}\u00a0s."),
            ("Parameters", params or "none"),
        ]
    else:
        rows.append(("Measured", f"not here: {measured.reason}"))
    element = Element("dl", {"class": "nw-about"})
    for name, text in rows:
        SubElement(element, "dt").text = name
        SubElement(element, "dd").text = text
    if shown.is_measured:
        SubElement(element, "dt").text = "Samples"
        _append_links(SubElement(element, "dd"), _downloads(shown))
    return element


def _provenance(shown: Shown) -> str:
    measured = shown.measured
    rounds = measured.passes * measured.rounds
    noise = resolved(measured)
    machine = machine_words(shown.results.machine) + (f", where equal runs differ by up to {noise}" if noise else "")
    of = "Measured once" if rounds == 1 else f"Medians of {rounds} rounds with their intervals"
    return f"{of} · {machine} · torch {shown.results.software.torch} · {dated(measured, shown)}"


def _links(parent: Element, shown: Shown) -> None:
    links: list[Link] = [("How it was measured", description(shown.name), None), *_downloads(shown)]
    if in_repository := address(f"{experiment_folder(shown.name)}/measure.py"):
        links.append(("source", in_repository, None))
    _append_links(parent, links)


def _downloads(shown: Shown) -> list[Link]:
    links: list[Link] = []
    if shown.is_measured:
        links.append(("raw JSON", f"/{MEASURED_FOLDER}/{shown.name}.json", f"{shown.name}.json"))
    if shown.measured.traces:
        trace = f"{MEASURED_FOLDER}/{shown.name}.trace.json"
        links.append(("trace for Perfetto", f"/{trace}", f"{shown.name}.trace.json"))
        if opened := in_perfetto(trace):
            links.append(("open it in Perfetto", opened, None))
    return links


def _append_links(parent: Element, links: list[Link]) -> None:
    for text, href, download in links:
        if parent.text or len(parent):
            _append(parent, " · ")
        link = SubElement(parent, "a", {"href": href})
        link.text = text
        if download:
            link.set("download", download)


def _append(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _paragraph(parent: Element, kind: str, text: str) -> None:
    SubElement(parent, "p", {"class": kind}).text = text


def _plain(value: Parameter) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
