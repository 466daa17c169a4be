"""A page’s chart as others show it who link to the page: a PNG with its title, in the colours of the light scheme."""

import io
import re
from typing import Any

import matplotlib
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection
from matplotlib.colors import to_hex, to_rgba, to_rgba_array
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image, ImageDraw, ImageFont

from snippets.lab.figures.draw.sheet import UNITS_PER_INCH
from snippets.lab.figures.draw.style import CSS_BY_PAINT, INK, PAPER, ROLES, WIDE, font, role_fill, role_ground, wrap
from snippets.lab.figures.drawing import TYPES
from snippets.lab.figures.figure import Chart
from snippets.lab.paths import DOCS

WIDTH, HEIGHT = 1200, 630
"""Pixels, as those who show it ask for."""
MARGIN = 60
NAME, TITLE = 26, 50
LINES_OF_TITLE = 2
GAP = 36
COLOURS = 64
"""Of its palette: flat colours, and the edges of letters."""
STYLES = (DOCS / "assets" / "colours.css", DOCS / "assets" / "figures.css")
DECLARED = re.compile(r"(--[\w-]+): (#\w+|var\(--[\w-]+\));")
GROUNDS = {role_fill(role): role_ground(role) for role in ROLES}
"""What lies below the hatches, which are drawn in SVG alone."""
OF_THE_PAGE = {INK: "--nw-ink", PAPER: "--nw-paper"}
"""What the theme's own names stand for."""


def poster(name: str, title: str, chart: Chart) -> bytes:
    """The PNG. The same words and chart give the same bytes, with the same versions of matplotlib and Pillow."""
    colours = _light()
    picture = Image.new("RGB", (WIDTH, HEIGHT), colours["--nw-paper"])
    pen = ImageDraw.Draw(picture)
    pen.text((MARGIN, MARGIN), name, fill=colours["--nw-accent"], font=_type(NAME, bold=True), anchor="ls")
    lines = wrap(title, TITLE, WIDTH - 2 * MARGIN, bold=True)[:LINES_OF_TITLE]
    below = MARGIN + GAP / 2
    for line in lines:
        below += TITLE * 1.15
        pen.text((MARGIN, below), line, fill=colours["--nw-ink"], font=_type(TITLE, bold=True), anchor="ls")
    top = int(below) + GAP
    drawing = _drawn(chart, WIDTH - 2 * MARGIN, HEIGHT - top - GAP, colours)
    left = MARGIN + (WIDTH - 2 * MARGIN - drawing.width) // 2
    picture.paste(drawing, (left, top + (HEIGHT - top - GAP - drawing.height) // 2), drawing)
    png = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(png, format="png", optimize=True)
    return png.getvalue()


def _type(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(font(size, bold).get_file()), size)


def _light() -> dict[str, str]:
    """By the names of the style sheets, in each of which the light scheme stands first."""
    declared: dict[str, str] = {}
    for style in STYLES:
        for name, value in DECLARED.findall(style.read_text(encoding="utf-8")):
            declared.setdefault(name, value)
    return declared


def _drawn(chart: Chart, width: int, height: int, colours: dict[str, str]) -> Image.Image:
    """As large as fits, on nothing."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        sheet = TYPES[type(chart)].draw(chart, WIDE)
        for artist in sheet.findobj():
            _colour(artist, colours)
        across, up = sheet.get_size_inches() * UNITS_PER_INCH
        scale = min(width / across, height / up)
        for artist in sheet.artists:  # placed in dots, of which there are more now
            artist.set_transform(Affine2D().scale(scale))
        sheet.set_dpi(UNITS_PER_INCH * scale)
        canvas = FigureCanvasAgg(sheet)
        canvas.draw()
        return Image.frombytes("RGBA", canvas.get_width_height(), bytes(canvas.buffer_rgba()))


def _colour(artist: Artist, colours: dict[str, str]) -> None:
    """What is drawn in the colours that stand for others, in those."""
    if isinstance(artist, Line2D):
        artist.set(
            color=_seen(artist.get_color(), colours),
            markerfacecolor=_seen(artist.get_markerfacecolor(), colours),
            markeredgecolor=_seen(artist.get_markeredgecolor(), colours),
        )
    elif isinstance(artist, Text):
        artist.set(color=_seen(artist.get_color(), colours))
    elif isinstance(artist, Patch | Collection):
        artist.set(
            facecolor=_seen(artist.get_facecolor(), colours),
            edgecolor=_seen(artist.get_edgecolor(), colours),
        )


def _seen(painted: Any, colours: dict[str, str]) -> Any:
    """The colour that a reader sees in the place of one that `style.paint` gave; any other as it is."""
    rgba = to_rgba_array(painted)
    css = CSS_BY_PAINT.get(to_hex(rgba[0])) if len(rgba) else None
    if css is None:
        return painted
    css = GROUNDS.get(css, css).partition(" on ")[0]
    name = OF_THE_PAGE.get(css, css.removeprefix("var(").removesuffix(")"))
    return to_rgba(colours[name], float(rgba[0][3]))
