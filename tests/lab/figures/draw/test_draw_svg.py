"""What `draw` returns can stand in a page: small, safe, the same every time, in the page's own colours."""

import os
import pickle
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib
import pytest

from snippets.lab.figures.draw.style import WIDE, text_width
from snippets.lab.figures.draw.svg import finish
from snippets.lab.figures.drawing import draw
from snippets.lab.figures.figure import Chart, Lane, Run, Span, Timeline
from tests.lab.figures.draw.charts import ALT, CHARTS, markup_of

SVG = "{http://www.w3.org/2000/svg}"
DRAW_STDIN = (
    "import pickle, sys; from snippets.lab.figures.drawing import draw; "
    "sys.stdout.buffer.write(''.join(draw(*each) for each in pickle.load(sys.stdin.buffer)).encode())"
)


def test_two_forms_each_with_its_text_alternative(pictures: list[ElementTree.Element], markup: str, name: str) -> None:
    assert [picture.attrib["viewBox"].split()[2] for picture in pictures] == ["760", "340"]
    for picture in pictures:
        assert picture.attrib["role"] == "img"
        assert picture.attrib["aria-label"] == ALT
        assert not {"width", "height"} & set(picture.attrib)
    assert "<b>" not in markup
    assert markup.startswith('<div class="nw-chart"><div class="nw-chart__wide"><svg ')
    assert '</svg></div><div class="nw-chart__narrow"><svg ' in markup


def test_nothing_that_a_strict_policy_or_markdown_would_refuse(markup: str) -> None:
    for refused in ("<style", "style=", "<script", "<metadata", "<!", "<?", "\n", "clip-path"):
        assert refused not in markup
    assert not re.search(r"\son\w+=", markup)
    assert not re.search(r"\shref=", markup), "instant navigation would assign to a read-only property"
    assert all(href.startswith("#") for href in re.findall(r'href="([^"]*)"', markup))


def test_ids_are_unique_in_both_forms_and_all_references_resolve(name: str, markup: str) -> None:
    ids = re.findall(r'\bid="([^"]*)"', markup)
    assert len(ids) == len(set(ids))
    assert all(id.startswith((f"{name}-w-", f"{name}-n-")) for id in ids)
    references = re.findall(r'url\(#([^)]*)\)|href="#([^"]*)"', markup)
    assert {a or b for a, b in references} == set(ids)


def test_only_tokens_as_colours(pictures: list[ElementTree.Element]) -> None:
    allowed = re.compile(r"none|currentColor|var\(--(nw|md)-[a-z-]+\)|url\(#[a-z0-9-]+\)")
    for picture in pictures:
        for element in picture.iter():
            for attribute in ("fill", "stroke"):
                assert allowed.fullmatch(element.attrib.get(attribute, "none"))
            assert not re.search("#[0-9a-f]{3,8}|rgb", "".join(element.attrib.values()).replace("url(#", ""))


def test_every_text_and_every_area_has_a_colour(pictures: list[ElementTree.Element]) -> None:
    """SVG's default is black, which nobody sees in the dark scheme."""

    def check(element: ElementTree.Element, filled: bool) -> None:
        filled = filled or "fill" in element.attrib
        if element.tag in (f"{SVG}text", f"{SVG}path", f"{SVG}use"):
            assert filled, ElementTree.tostring(element)
        for child in element:
            if child.tag != f"{SVG}defs":
                check(child, filled)

    for picture in pictures:
        check(picture, False)


def test_no_text_is_cut_off_or_written_over_another(pictures: list[ElementTree.Element]) -> None:
    """By the metrics of DejaVu Sans, which is wider than what readers see."""
    for picture in pictures:
        _, _, width, height = map(float, picture.attrib["viewBox"].split())
        boxes: list[tuple[str, float, float, float]] = []
        groups = [(group, text) for group in picture.iter() for text in group if text.tag == f"{SVG}text"]
        for group, text in groups:
            looks = group.attrib | text.attrib
            line = text.text or ""
            size = float(looks["font-size"])
            assert size >= 13
            bold = looks.get("font-weight") == "700"
            # Numbers of batches may count on digits narrower than DejaVu's.
            room = text_width(line, size, bold) * (0.92 if line.isdigit() else 1)
            left = float(text.attrib["x"])
            left -= room * {"start": 0, "middle": 0.5, "end": 1}[looks.get("text-anchor", "start")]
            y = float(text.attrib["y"])
            assert left >= -1 and left + room <= width + 1, line
            assert size * 0.7 <= y <= height - size * 0.2, line
            boxes.append((line, left, left + room, y))
        for index, (line, left, right, y) in enumerate(boxes):
            for other, other_left, other_right, other_y in boxes[:index]:
                apart = right <= other_left or other_right <= left or abs(y - other_y) >= 12
                assert apart, (line, other)


OTHER_SETTINGS: Any = {
    "font.size": 31,
    "svg.fonttype": "path",
    "savefig.bbox": "tight",
    "savefig.dpi": 200,
    "lines.dash_capstyle": "round",
}


def test_settings_of_others_change_nothing_and_stay_as_they_were(name: str, chart: Chart, markup: str) -> None:
    with matplotlib.rc_context(OTHER_SETTINGS):
        before = dict(matplotlib.rcParams)
        assert draw(name, chart, ALT) == markup
        assert dict(matplotlib.rcParams) == before


def test_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    """Whatever its hashes and its settings: two charts in one other process."""
    settings = tmp_path / "matplotlibrc"
    settings.write_text("".join(f"{key}: {value}\n" for key, value in OTHER_SETTINGS.items()))
    names = ("overlap", "scaling")
    done = subprocess.run(
        [sys.executable, "-c", DRAW_STDIN],
        input=pickle.dumps([(name, CHARTS[name], ALT) for name in names]),
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "1", "MATPLOTLIBRC": str(settings)},
    )
    assert done.stdout.decode() == "".join(map(markup_of, names))


def test_small(name: str, pictures: list[ElementTree.Element]) -> None:
    limit = 12_000 if isinstance(CHARTS[name], Timeline) else 8_000
    assert all(len(ElementTree.tostring(picture)) <= limit for picture in pictures), name


def test_a_timeline_of_a_hundred_spans_is_small() -> None:
    spans = tuple(Span(("fetch", "wait", "step", "collate")[i % 4], i / 50, i / 50 + 0.018, i) for i in range(100))
    chart = Timeline((Run("one", (Lane("main", spans),), 2), Run("two", (Lane("main", spans[:10]),), 0.3)))
    wide, narrow = re.findall("<svg.*?</svg>", draw("hundred", chart, "text"))
    assert len(wide.encode()) <= 25_000 and len(narrow.encode()) <= 25_000


def test_an_element_or_colour_without_a_place_is_refused() -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">'
    with pytest.raises(ValueError, match="image"):
        finish(f"{head}<image/></svg>", WIDE, "a", "b")
    with pytest.raises(ValueError, match="#123456"):
        finish(f'{head}<path d="M 0 0" style="fill: #123456"/></svg>', WIDE, "a", "b")
