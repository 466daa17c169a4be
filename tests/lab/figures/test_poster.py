"""The picture that others show who link to a page.

What it does not prove: that it is legible as small as they show it.
"""

import io

import pytest
from PIL import Image

from snippets.lab.figures import poster as posters
from snippets.lab.figures.figure import Chart
from snippets.lab.figures.poster import HEIGHT, WIDTH, poster
from tests.lab.figures.draw.charts import CHARTS

KINDS = ("overlap", "memory", "every-role", "choosers")
PAPER, INK = (0xFC, 0xFA, 0xF6), (0x2B, 0x26, 0x22)
"""In `docs/assets/colours.css`."""


def colours_of(png: bytes) -> set[tuple[int, ...]]:
    picture = Image.open(io.BytesIO(png))
    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    palette = picture.getpalette() or []
    return {*zip(palette[::3], palette[1::3], palette[2::3], strict=True)}


@pytest.mark.parametrize("chart", [CHARTS[kind] for kind in KINDS], ids=KINDS)
def test_a_chart_is_drawn_in_the_colours_of_the_light_scheme(chart: Chart) -> None:
    png = poster("A site", "A title", chart)
    colours = colours_of(png)
    assert {PAPER, INK} <= colours
    assert not [colour for colour in colours if colour[0] > 0xE0 and colour[1] < 0x20], "these stand for others"
    assert len(png) < 60_000


def test_the_same_words_and_chart_give_the_same_bytes() -> None:
    chart = next(iter(CHARTS.values()))
    once = poster("A site", "A title", chart)
    assert poster("A site", "A title", chart) == once
    assert poster("A site", "Another title", chart) != once


def test_a_long_title_leaves_room_for_the_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    rooms: list[int] = []

    def drawn(chart: Chart, width: int, height: int, colours: dict[str, str]) -> Image.Image:
        rooms.append(height)
        return Image.new("RGBA", (10, 10))

    monkeypatch.setattr(posters, "_drawn", drawn)
    for title in ("Short", "word " * 200):
        poster("A site", title, next(iter(CHARTS.values())))
    assert rooms[0] > rooms[1] > HEIGHT / 2
