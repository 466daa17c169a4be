"""The place of a simulator: the measured figure, the settings and the runs that the script finds there."""

from dataclasses import replace
from types import SimpleNamespace
from xml.etree.ElementTree import Element, tostring

import pytest
from bs4 import BeautifulSoup, Tag
from markdown import Markdown

from snippets.lab.figures.simulated import SimulatedRun, settings_of
from snippets.lab.markdown import simulator
from snippets.lab.markdown.shown import Shown, UnknownName
from tests.lab.made import ABSENT, SPANS, measured, results

RUN = SimulatedRun("one-more", "One more", SPANS, settings_of(SPANS, 2.0, computes=False))
OTHER = replace(RUN, name="other", title="Other")


@pytest.fixture(autouse=True)
def _runs(monkeypatch: pytest.MonkeyPatch) -> None:
    show_(monkeypatch, Shown("some", measured(), results(one=measured())))
    runs = SimpleNamespace(runs=lambda measured, cores: [OTHER, RUN])
    monkeypatch.setattr(simulator, "show", lambda name, part: runs)
    monkeypatch.setattr(simulator, "has_show", lambda name, part: name == "some")
    monkeypatch.setattr(simulator, "figure_element", lambda md, shown, title: Element("figure"))


def show_(monkeypatch: pytest.MonkeyPatch, shown: Shown) -> None:
    monkeypatch.setattr(simulator, "shown", lambda name: shown)


def made(name: str) -> Tag:
    element = simulator.simulator_element(Markdown(), name, "Play")
    return BeautifulSoup(tostring(element, encoding="unicode", method="html"), "html.parser")


def test_a_whole_one_holds_a_figure_and_begins_with_its_run() -> None:
    place = made("some/one_more").select(".nw-simulator[data-form=whole]")[0]
    assert place["data-begins"] == f"{RUN.settings.link()};t=one-more"
    assert len(place.select("figure")) == 1


def test_each_run_is_a_row_with_what_was_measured_and_what_the_model_says() -> None:
    rows = made("some/one_more").select("tbody tr")
    assert [row["id"] for row in rows] == ["run-other", "run-one-more"]
    assert rows[1]["data-begins"] == RUN.settings.link()
    assert rows[1]["data-spans"] == "u,0,100 w,100,100,0 r,200,10,0 p,210,290,0/f,120,80,0"
    assert [cell.get_text() for cell in rows[1](["th", "td"])][:5] == [
        "One more",
        "1",
        "8\u00a0ms",
        "29\u00a0ms",
        "50\u00a0ms",
    ]


def test_a_small_one_begins_with_the_first_run_and_leads_to_the_page() -> None:
    place = made("some").select(".nw-simulator[data-form=small]")[0]
    assert place["data-begins"] == OTHER.settings.link()
    assert [link["href"] for link in place("a")] == [simulator.PAGE]


def test_where_nothing_is_measured_there_is_neither_figure_nor_run(monkeypatch: pytest.MonkeyPatch) -> None:
    show_(monkeypatch, Shown("some", ABSENT, results(one=ABSENT)))
    whole, small = made("some/one_more"), made("some")
    assert len(whole.select(".nw-simulator")) == len(small.select(".nw-simulator a")) == 1
    assert not whole.select("figure, table, [data-begins]") and not small.select("[data-begins]")


@pytest.mark.parametrize(("name", "said"), [("some/another", "did you mean 'other'"), ("else", "simulated.py")])
def test_an_unknown_name_is_refused(name: str, said: str) -> None:
    with pytest.raises(UnknownName) as refused:
        made(name)
    assert said in str(refused.value)
