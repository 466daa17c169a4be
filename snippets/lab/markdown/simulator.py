"""The place of a simulator in a page: what is measured and shown where no script runs, and what a script needs.

docs/assets/simulator.mjs puts itself into its place, and takes from it the measured figure's hatches, the settings that
it begins with, and the measured runs.
"""

from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown

from snippets.lab.catalog import has_show, show
from snippets.lab.figures.figure import Role, Table
from snippets.lab.figures.simulated import SimulatedRun
from snippets.lab.figures.timelines import as_role
from snippets.lab.markdown.figures import figure_element, table_element
from snippets.lab.markdown.shown import Shown, UnknownName, shown, unknown
from snippets.lab.numbers import MINUS, NBSP, duration, number
from snippets.lab.results.results import TraceSpan

PAGE = "/explanation/simulator.md"
UNITS_PER_SECOND = 1e4
"""Of the times in `data-spans`."""
LETTERS: dict[Role, str] = {
    "start-up": "u",
    "fetch": "f",
    "collate": "f",
    "receive": "r",
    "wait": "w",
    "step": "p",
}
"""The model makes and collates a batch at once, so its picture has one word for both."""


def simulator_element(md: Markdown, name: str, title: str) -> Element:
    """`simulator:signatures/fed` is a whole one: the figure of that name stands there without a script, and it begins
    with that run. `simulator:signatures` is a small one that begins with the first run. Raises UnknownName.
    """
    experiment, _, begins = name.partition("/")
    if not has_show(experiment, "simulated"):
        raise UnknownName(f"{experiment!r} has no simulated.py, which a simulator needs")
    runs = _runs(shown(experiment))
    by_name = {run.name.replace("-", "_"): run for run in runs}
    if runs and begins and begins not in by_name:
        raise unknown(f"no run {begins!r}", by_name)
    first = by_name.get(begins) if begins else next(iter(runs), None)
    return _whole(md, shown(name), title, runs, first) if begins else _small(title, first)


def _runs(experiment: Shown) -> Sequence[SimulatedRun]:
    if not experiment.is_measured:
        return ()
    cores = experiment.results.machine.cores_usable
    module: Any = show(experiment.name, "simulated")
    return module.runs(experiment.measured, cores)


def _whole(
    md: Markdown, figure: Shown, title: str, runs: Sequence[SimulatedRun], first: SimulatedRun | None
) -> Element:
    element = Element("div", {"data-search-exclude": ""})
    place = SubElement(element, "div", {"class": "nw-simulator", "data-form": "whole"})
    if first:
        place.set("data-begins", f"{first.settings.link()};t={first.name}")
    if figure.is_measured:
        place.append(figure_element(md, figure, title))
    if runs:
        box = SubElement(element, "div", {"class": "nw-scroll", "tabindex": "0", "role": "group"})
        box.set("aria-label", "Table: measured runs, and the model's")
        table = table_element(Table(HEADER, tuple(map(_row, runs))))
        box.append(table)
        for row, run in zip(table.findall("tbody/tr"), runs, strict=True):
            row.set("id", f"run-{run.name}")
            row.set("data-begins", run.settings.link())
            row.set("data-spans", _spans(run.spans))
    return element


HEADER = ("Run", "Workers", "Batch", "Step", "Epoch, measured", "Epoch, by the model", "Difference")


def _row(run: SimulatedRun) -> tuple[str, ...]:
    settings = run.settings
    more = settings.epoch() / run.epoch - 1
    sign = MINUS if more < 0 else "+"
    return (
        run.title,
        str(settings.loader.num_workers),
        duration(settings.batch.wait + settings.batch.compute),
        duration(settings.loader.step),
        duration(run.epoch),
        duration(settings.epoch()),
        f"{sign}{number(100 * abs(more), 2)}{NBSP}%",
    )


def _small(title: str, first: SimulatedRun | None) -> Element:
    element = Element("div", {"class": "nw-simulator", "data-form": "small", "data-search-exclude": ""})
    if first:
        element.set("data-begins", first.settings.link())
    link = SubElement(SubElement(element, "p"), "a", {"href": PAGE})
    link.text = title
    return element


def _spans(spans: Sequence[TraceSpan]) -> str:
    """Lanes, main first, apart by `/`; in each, what was done, as `letter,start,length,batch`, apart by spaces."""
    lanes = sorted({span.lane for span in spans}, key=lambda lane: (lane != "main", len(lane), lane))
    return "/".join(" ".join(_span(span) for span in _collated(spans, lane)) for lane in lanes)


def _collated(spans: Sequence[TraceSpan], lane: str) -> list[TraceSpan]:
    """Of one lane; a batch that is fetched and then collated is one span."""
    found: list[TraceSpan] = []
    for span in spans:
        if span.lane != lane:
            continue
        if span.role == "collate" and found and found[-1].batch == span.batch:
            last = found.pop()
            span = TraceSpan(lane, last.role, last.start, span.end, last.batch)
        found.append(span)
    return found


def _span(span: TraceSpan) -> str:
    start = round(UNITS_PER_SECOND * span.start)
    length = round(UNITS_PER_SECOND * span.end) - start
    batch = "" if span.batch is None else f",{span.batch}"
    return f"{LETTERS[as_role(span.role)]},{start},{length}{batch}"
