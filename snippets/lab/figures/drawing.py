"""Draw a figure's chart as inline SVG that follows the page's colours, width and type."""

import io
import re
import threading
from types import ModuleType

import matplotlib

from snippets.lab.figures.draw import bars, dots, lines, timeline
from snippets.lab.figures.draw.style import NARROW, WIDE, Layout
from snippets.lab.figures.draw.svg import finish
from snippets.lab.figures.figure import Bars, Chart, Dots, Lines, Timeline, problems

TYPES: dict[type[Chart], ModuleType] = {Bars: bars, Dots: dots, Lines: lines, Timeline: timeline}
"""By the type of a chart: the module that draws it, `draw(chart, layout)`."""

# Settings of matplotlib are global to a process, and `draw` replaces them while it works.
_lock = threading.Lock()


def draw(figure_id: str, chart: Chart, text: str) -> str:
    """The markup of a chart: a wide and a narrow `<svg>`, of which figures.css shows the one that fits.

    `figure_id` becomes the prefix of every id, `text` the text alternative. The same chart gives the same
    bytes, in any process. Raises ValueError, naming the figure, for a chart that cannot be drawn honestly.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]*", figure_id):
        raise ValueError(f"figure {figure_id!r}: an id is made of lower-case letters, digits and hyphens")
    if not text.strip():
        raise ValueError(f"figure {figure_id!r}: no text alternative")
    for problem in problems(chart):
        raise ValueError(f"figure {figure_id!r}: {problem}")
    wide, narrow = (_draw_layout(figure_id, chart, text, layout) for layout in (WIDE, NARROW))
    return (
        f'<div class="nw-chart"><div class="nw-chart__wide">{wide}</div>'
        f'<div class="nw-chart__narrow">{narrow}</div></div>'
    )


def _draw_layout(figure_id: str, chart: Chart, text: str, layout: Layout) -> str:
    with _lock, matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams["svg.fonttype"] = "none"
        sheet = TYPES[type(chart)].draw(chart, layout)
        raw = io.StringIO()
        sheet.savefig(raw, format="svg", metadata={"Date": None, "Creator": None})
    return finish(raw.getvalue(), layout, figure_id, text)
