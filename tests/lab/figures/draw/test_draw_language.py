"""One visual language: a role looks the same everywhere, like no other role, and stands out in any scheme."""

import re
from pathlib import Path

import pytest

from snippets.lab.figures.draw.style import CSS_BY_PAINT, ROLE_STYLES, ROLES, role_colour, role_ground, role_hatch
from snippets.lab.figures.drawing import draw
from snippets.lab.figures.figure import Bars, Chart, Dots, Lines, Panel, Point, Role, Series, Timeline
from snippets.lab.paths import DOCS
from snippets.lab.results.stats import Estimate
from tests.lab.figures.draw.charts import CHARTS, markup_of

SCHEMES = {"default": "#ffffff", "slate": "#1e2129"}
"""Material's schemes and the colour of its pages."""


def tokens(sheet: Path, scheme: str) -> dict[str, str]:
    """The custom properties that a style sheet sets for a scheme, as hex colours."""
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.S)
    found: dict[str, str] = {}
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css):
        if f'[data-md-color-scheme="{scheme}"]' in selector:
            found |= dict(re.findall(r"(--nw-[\w-]+):\s*(#[0-9a-f]{6});", body))
    return found


def luminance(colour: str) -> float:
    """Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def colours(scheme: str) -> dict[str, str]:
    return {f"var({name})": colour for name, colour in tokens(DOCS / "assets/figures.css", scheme).items()}


@pytest.fixture
def papers(scheme: str) -> list[str]:
    """What pages of this scheme are printed on: Material's colour, and this site's own."""
    return [SCHEMES[scheme], tokens(DOCS / "assets/colours.css", scheme)["--nw-paper"]]


def test_each_role_has_its_own_colour_hatch_and_mark() -> None:
    styles = [ROLE_STYLES[role] for role in ROLES]
    assert len({role_colour(role) for role in ROLES}) == len(ROLES)
    assert len({style.hatch for style in styles}) == len(ROLES)
    assert len({style.marker for style in styles}) == len(ROLES)
    assert ROLE_STYLES["step"].hatch is None


def test_every_token_is_defined(colours: dict[str, str]) -> None:
    used = {token for css in CSS_BY_PAINT.values() for token in re.findall(r"var\(--nw-[\w-]+\)", css)}
    used |= {of(role) for role in ROLES for of in (role_ground, role_hatch) if ROLE_STYLES[role].hatch}
    assert used == set(colours)
    assert len({colours[role_ground(role)] for role in ROLES}) == len(ROLES), "to anyone they look alike"


@pytest.mark.parametrize("role", ROLES)
def test_a_role_stands_out(role: Role, colours: dict[str, str], papers: list[str]) -> None:
    """3:1 for what carries meaning (WCAG 1.4.11), 4.5:1 for text (1.4.3)."""
    for paper in papers:
        assert contrast(colours[f"var(--nw-{role})"], paper) >= 3
        assert contrast(colours["var(--nw-quiet)"], paper) >= 4.5
    ground = colours[role_ground(role)]
    assert contrast(colours[f"var(--nw-{role}-text)"], ground) >= 4.5
    if hatch := colours.get(f"var(--nw-{role}-hatch)"):
        assert contrast(hatch, ground) >= 1.3


def test_waiting_looks_empty(colours: dict[str, str], papers: list[str]) -> None:
    assert all(contrast(colours["var(--nw-wait-ground)"], paper) < 1.25 for paper in papers)


@pytest.mark.parametrize("name", [name for name, chart in CHARTS.items() if not isinstance(chart, Timeline)])
def test_better_is_always_said_where_one_way_is(chart: Bars | Dots | Lines, markup: str) -> None:
    arrows = {"higher": "→", "lower": "←"} if isinstance(chart, Bars | Dots) else {"higher": "↑", "lower": "↓"}
    said = [text.replace("\u00a0", " ") for text in re.findall(r">([^<>]*better[^<>]*)<", markup)]
    assert len(said) == (2 if chart.better else 0)
    assert all(arrows[chart.better] in text for text in said if chart.better)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("overlap", ["time, s", "1.08\u00a0s", "0.48\u00a0s"]),
        # A timeline's key has the roles that it uses.
        ("overlap", ["step (a timed wait, for a GPU’s)" if role == "step" else role for role in ROLES]),
        ("memory", ["names read"]),
        ("scaling", ["num_workers"]),
        ("scaling-log", ["num_workers"]),
        ("slicing", ["12,400,000"]),
        ("two-limits", ["training", "workers"]),
        ("neither-better", ["% of the time"]),
        ("start-up", ["3.4\u00a0s", "21\u00a0ms"]),
        ("choosers", ["the default", "the function", "all CPUs", "decoded photos"]),
    ],
)
def test_units_ends_and_roles_are_said_in_both_forms(markup: str, said: list[str]) -> None:
    assert {words: markup.count(f">{words}<") for words in said} == dict.fromkeys(said, 2)


def test_each_limit_is_one_thin_dashed_line(chart: Chart, markup: str) -> None:
    dashed = re.findall(r"<path[^>]*stroke-dasharray[^>]*>", markup)
    limits = sum(len(panel.limits) for panel in chart.panels) if isinstance(chart, Lines) else 0
    # In both forms, a line in the panel and a sample beside its label.
    assert sum(path.count("M") for path in dashed) == 4 * limits
    assert len({tuple(re.findall(r'(stroke[\w-]*)="([^"]*)"', path)) for path in dashed}) <= 1


def test_a_linear_scale_starts_at_zero(name: str, chart: Chart, markup: str) -> None:
    if getattr(chart, "scale", getattr(chart, "y_scale", "linear")) == "linear":
        assert markup.count(">0<") >= 2, name


def test_lines_far_from_zero_start_at_zero_all_the_same() -> None:
    points = tuple(Point(x, Estimate(1000, 999, 1001, 5)) for x in (1, 2))
    chart = Lines("x", "y", "lower", (Panel("", (Series("flat", "fetch", points),)),))
    assert draw("flat", chart, "text").count(">0<") == 2


def test_bars_on_a_log_scale_are_dots(chart: Chart, markup: str) -> None:
    if isinstance(chart, Bars):
        assert ("<use " in markup) == (chart.scale == "log")


@pytest.mark.parametrize("role", ["fetch", "wait", "step"])
def test_numbers_of_batches_keep_clear_of_the_hatch(role: Role) -> None:
    looks = f'fill="var(--nw-{role}-text)" stroke="{role_ground(role)}"'
    assert re.search(rf'{re.escape(looks)}[^>]* paint-order="stroke"', markup_of("overlap"))
