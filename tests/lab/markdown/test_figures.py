"""What stands under a figure: how much was measured, where, when, with which code; and where to look further."""

from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element, tostring

import pytest
from bs4 import BeautifulSoup, Tag
from markdown import Markdown

from snippets.lab.figures import drawing, kept
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.judging import rulings
from snippets.lab.markdown import figures
from snippets.lab.markdown.shown import Shown
from snippets.lab.results.held import machine_words
from snippets.lab.results.results import Measured, RoundSample
from snippets.lab.results.stats import Estimate
from tests.lab.made import ABSENT, measured
from tests.lab.made import results as made

FIGURE = Figure(
    "Four are 2 times as fast.",
    Bars("s", "lower", (BarGroup("", (Bar("one", Estimate(1, 1, 1, 7), "fetch"),)),)),
    Table(("Arm", "Epoch"), (("alone", "1 s"), ("helped", "2 s"))),
)


class Page:
    """A page on which one result is shown."""

    def __init__(self, one: Measured) -> None:
        self.shown = Shown("one", one, made(one=one))
        self.md = Markdown(extensions=[])

    def element(self, title: str = "A title") -> Tag:
        made_up = figures.figure_element(self.md, self.shown, title)
        return parsed(made_up)

    def about(self) -> dict[str, str]:
        soup = parsed(figures.about_element(self.shown))
        return {key.get_text(): said.get_text() for key, said in zip(soup("dt"), soup("dd"), strict=True)}


def parsed(element: Element) -> Tag:
    return BeautifulSoup(tostring(element, encoding="unicode", method="html"), "html.parser")


@pytest.fixture(autouse=True)
def _a_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shown, "figure", lambda self: FIGURE)
    monkeypatch.setattr(figures, "drawing", lambda name, figure: "<svg></svg>")
    monkeypatch.setattr(rulings, "experiment_hash", lambda name, form: "0123456789abcdef")
    monkeypatch.setattr(figures, "description", lambda name: f"/reference/experiments/some.md#{name}")


def text(element: Tag, selector: str) -> str:
    found = element.select_one(selector)
    assert found is not None
    return found.get_text()


def test_the_picture_says_what_the_caption_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """To those who hear it: no number there, either, that could not be told from noise."""
    drawn: list[str] = []
    monkeypatch.setattr(figures, "figure_of", lambda shown: replace(FIGURE, message="Too noisy."))
    monkeypatch.setattr(figures, "drawing", lambda name, figure: drawn.append(figure.message) or "<svg></svg>")
    assert text(Page(measured()).element("Two arms."), ".nw-see") == "Two arms. Too noisy."
    assert drawn == ["Too noisy."]


@pytest.mark.parametrize(
    ("passes", "rounds", "said"),
    [
        *((passes, 7, f"Medians of {passes * 7} rounds with their intervals") for passes in (1, 3)),
        (1, 1, "Measured once"),
    ],
)
def test_where_and_how_much_was_measured(passes: int, rounds: int, said: str) -> None:
    page = Page(measured(passes=passes, rounds=rounds))
    machine, torch = page.shown.results.machine, page.shown.results.software.torch
    where = text(page.element(), ".nw-where")
    assert where.startswith(f"{said} · {machine_words(machine)} · torch {torch} · 2026-01-02 · How")


def test_what_the_machine_could_not_tell_apart() -> None:
    """One arm ran twice in each round, and seemed 6 % slower than itself at most."""
    ratios = (0.99, 1.0, 1.01, 1.0, 1.06, 1.0, 0.98)
    samples = [
        RoundSample(0, at, arm, {"total": seconds})
        for at, ratio in enumerate(ratios)
        for arm, seconds in (("alone", 1.0), ("alone (again)", ratio), ("helped", 2.0))
    ]
    page = Page(measured(samples=samples, again="alone"))
    assert "no GPU, where equal runs differ by up to ±6\u00a0% · torch" in text(page.element(), ".nw-where")
    assert "equal runs" not in text(Page(measured()).element(), ".nw-where")


def test_older_code_is_said() -> None:
    assert "2026-01-02 (with older code)" in text(Page(measured(source_hash="older")).element(), ".nw-where")


def test_links() -> None:
    links = {link.get_text(): link["href"] for link in Page(measured()).element().select(".nw-where a")}
    assert links == {
        "How it was measured": "/reference/experiments/some.md#one",
        "raw JSON": "/measured/one.json",
        "trace for Perfetto": "/measured/one.trace.json",
    }
    untraced = Page(measured(traces={})).element()
    assert [link.get_text() for link in untraced.select(".nw-where a")] == ["How it was measured", "raw JSON"]


def test_the_numbers() -> None:
    element = Page(measured()).element("Two arms")
    rows = [[cell.get_text() for cell in row(["th", "td"])] for row in element.select(".nw-numbers tr")]
    assert rows == [["Arm", "Epoch"], ["alone", "1 s"], ["helped", "2 s"]]
    box = element.select_one(".nw-scroll")
    assert box and box["aria-label"] == "Table: Two arms" and box["tabindex"] == "0"


def test_what_was_not_measured_has_no_number() -> None:
    page = Page(ABSENT)
    element = page.element("Pinned")
    assert text(element, ".nw-absent") == "Pinned: not measured here (no GPU)."
    assert [link.get_text() for link in element.select("a")] == ["How it was measured"]
    assert not element.select("svg, table, .nw-see")
    assert page.about()["Measured"] == "not here: no GPU"
    assert not {"Parameters", "Samples"} & {*page.about()}


def test_about() -> None:
    said = Page(measured()).about()
    assert said["Samples"] == "raw JSON · trace for Perfetto"
    assert said["Question"] == "Is it?"
    assert said["Unit"] == "s; lower is better"
    assert said["What would make it wrong"] == "A busy neighbour; a neighbour’s neighbour."
    assert said["Measured"].endswith("2026-01-02. It took 2\u00a0s.")
    assert said["Parameters"] == "workers = 2, wait = 0.5, method = fork, pinned = True"
    assert Page(measured(unit="counts", better=None)).about()["Unit"] == "counts", "of which none is better"


def test_a_drawing_replaces_its_own_older_ones_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`scaling` and `scaling-regret` are two figures, and so are `signatures` and `signatures-fed`."""
    monkeypatch.undo()
    monkeypatch.setattr(kept, "FIGURES", tmp_path)
    monkeypatch.setattr(drawing, "draw", lambda name, chart, message: f"<svg>{name}</svg>")
    for name in ("scaling-regret", "scaling"):
        figures.drawing(name, FIGURE)
    (regret,) = tmp_path.glob("scaling-regret-*.svg")
    figures.drawing("scaling", replace(FIGURE, message="Another."))
    assert regret.exists()
    (scaling,) = (path for path in tmp_path.glob("scaling-*.svg") if path.read_text() == "<svg>scaling</svg>")
    figures.drawing("scaling-regret", replace(FIGURE, message="Another."))
    assert not regret.exists() and scaling.exists()
