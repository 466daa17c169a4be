"""What every picture shares: role → colour, hatch, marker; the two forms of a picture; its type.

Matplotlib needs colours that it can parse, the page needs colours that follow its scheme. So a picture is
drawn with one made-up hex colour per token (`paint`), and `lab.draw.svg` puts the token back
(`CSS_BY_PAINT`). What a token looks like is said in `docs/assets/figures.css` and nowhere else.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import get_args

import matplotlib
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from snippets.lab.figures.figure import Role

ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Layout:
    """One of the two shapes of each picture; `width`, `text` and `title` are in units of the viewBox."""

    name: str
    width: float
    text: float = 13
    title: float = 14

    @property
    def narrow(self) -> bool:
        return self.name == "n"


WIDE = Layout("w", 760)
NARROW = Layout("n", 340)


@dataclass(frozen=True)
class Hatch:
    """A square tile of `size` units with the path `d` stroked on it, `width` units thick."""

    size: float
    d: str
    width: float


@dataclass(frozen=True)
class RoleStyle:
    """How a role looks to those who see no colour. A `hatch` of None is a solid fill."""

    hatch: Hatch | None
    marker: str


ROLE_STYLES: dict[Role, RoleStyle] = {
    "start-up": RoleStyle(Hatch(6, "M-1.5 1.5l3-3M0 6l6-6M4.5 7.5l3-3", 1.1), "v"),
    "fetch": RoleStyle(Hatch(6, "M1.5 1.5h.01M4.5 4.5h.01", 1.4), "o"),
    "collate": RoleStyle(Hatch(6, "M0 0l6 6M0 6l6-6", 0.9), "D"),
    "receive": RoleStyle(Hatch(4, "M2 0v4", 1), "^"),
    "wait": RoleStyle(Hatch(7, "M-1.5 5.5l3 3M0 0l7 7M5.5-1.5l3 3", 0.8), "X"),
    "step": RoleStyle(None, "s"),
    "shutdown": RoleStyle(Hatch(4, "M0 2h4", 1), "P"),
}

INK = "var(--md-default-fg-color)"
PAPER = "var(--md-default-bg-color)"
QUIET = "var(--nw-quiet)"
GRID = "var(--nw-grid)"


def role_colour(role: Role) -> str:
    """The colour that identifies a role: of its lines, its dots, and the outline of `wait`."""
    return f"var(--nw-{role})"


def role_fill(role: Role) -> str:
    """The fill of a role's area: its pattern, or its plain colour if it has no hatch."""
    return f"url(#{role})" if ROLE_STYLES[role].hatch else role_colour(role)


def role_ground(role: Role) -> str:
    """What lies below a role's hatch: its colour, but for `wait`, which is to look empty."""
    return "var(--nw-wait-ground)" if role == "wait" else role_colour(role)


def role_hatch(role: Role) -> str:
    """The colour of a role's hatch."""
    return role_colour(role) if role == "wait" else f"var(--nw-{role}-hatch)"


def role_text(role: Role) -> str:
    """The colour of text that stands on a role's area."""
    return haloed(f"var(--nw-{role}-text)", role_ground(role))


def haloed(colour: str, ground: str) -> str:
    """Text with an edge in the colour of its ground, so that no line or hatch below disturbs it."""
    return f"{colour} on {ground}"


CSS_BY_PAINT: dict[str, str] = {
    f"#{0xF00001 + index:06x}": css
    for index, css in enumerate(
        dict.fromkeys(
            [INK, PAPER, QUIET, GRID, haloed(INK, PAPER)]
            + [of(role) for role in ROLES for of in (role_colour, role_fill, role_text)]
        )
    )
}
_PAINT_BY_CSS = {css: paint for paint, css in CSS_BY_PAINT.items()}


def paint(css: str) -> str:
    """The hex colour that stands for a token while matplotlib draws. Raises KeyError for an unknown token."""
    return _PAINT_BY_CSS[css]


@cache
def font(size: float, bold: bool = False) -> FontProperties:
    """The type that pictures are laid out with: the file that ships with matplotlib, never an installed one.

    Readers see the page's own type, which runs narrower than DejaVu Sans: what fits here fits there.
    """
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", name)
    return FontProperties(fname=str(path), size=size, weight="bold" if bold else "normal")


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, bold: bool = False) -> float:
    """How wide a line of text may get, in units of the viewBox."""
    return TextToPath().get_text_width_height_descent(text, font(size, bold), ismath=False)[0]


def wrap(text: str, size: float, room: float, bold: bool = False) -> tuple[str, ...]:
    """Break a text between words so that each line fits `room`; a word that does not fit stays whole."""
    lines: list[str] = []
    # Not split(): it would break at spaces that are not to break.
    for word in filter(None, text.split(" ")):
        if lines and text_width(f"{lines[-1]} {word}", size, bold) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)
