"""From matplotlib's SVG to the page's: flat, small, no style attributes, colours by custom properties."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from snippets.lab.figures.draw.style import CSS_BY_PAINT, ROLE_STYLES, ROLES, Layout, role_ground, role_hatch

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"

Attributes = tuple[tuple[str, str], ...]
"""Names and values."""
Command = tuple[str, tuple[float, ...]]
"""Of path data: M, L, C, Q or z, and its coordinates, absolute, in units of the viewBox."""
Path = tuple[Command, ...]

_KEPT = (
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-opacity",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "font-size",
    "font-weight",
    "text-anchor",
)
_DEFAULTS = {
    "stroke": "none",
    "stroke-width": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "font-weight": "400",
    "text-anchor": "start",
}
HALO = 3.0
"""How thick the edge of text is that keeps clear of what lies below, half of it outside the letters."""

_PATH_PARTS = re.compile(r"[MLCQz]|[-+.\deE]+")


@dataclass(frozen=True)
class _Mark:
    """One thing on the sheet: a `path`, a `text`, or a `path` to be drawn `at` a place (a marker)."""

    attributes: Attributes
    path: Path = ()
    text: str = ""
    at: tuple[float, float] | None = None


def finish(raw: str, layout: Layout, figure_id: str, text: str) -> str:
    """Rewrite what matplotlib saved as one small `<svg>` for the page, on one line.

    Raises ValueError for anything that the page's rules leave no place for (an unknown colour or element).
    """
    root = ElementTree.fromstring(raw)
    prefix = f"{figure_id}-{layout.name}"
    marks = list(_marks(root))
    shapes = dict.fromkeys(mark.path for mark in marks if mark.path and mark.at is not None)
    ids = {path: f"{prefix}-{index}" for index, path in enumerate(shapes)}
    body = "".join(_write_group(attributes, list(group), ids) for attributes, group in _grouped(marks))
    defs = "".join(f'<path id="{name}" d="{_write_path(path)}"/>' for path, name in ids.items())
    defs += "".join(_patterns(body))
    body = (f"<defs>{defs}</defs>" if defs else "") + body
    body = body.replace("url(#", f"url(#{prefix}-").replace('<pattern id="', f'<pattern id="{prefix}-')
    view_box = root.attrib["viewBox"]
    label = quoteattr(text.replace("\n", " "), {"'": "&#39;", '"': "&quot;"})
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'class="nw-chart__svg" viewBox="{view_box}" role="img" '
        f"aria-label={label}>{body}</svg>"
    )


def _marks(root: ElementTree.Element) -> Iterator[_Mark]:
    """All that is drawn, in the order of drawing."""
    shapes = {
        element.attrib["id"]: element for defs in root.iter(f"{_SVG}defs") for element in defs.iter(f"{_SVG}path")
    }

    def walk(element: ElementTree.Element) -> Iterator[_Mark]:
        for child in element:
            tag = child.tag.removeprefix(_SVG)
            if tag in ("defs", "metadata"):
                continue
            if tag == "g":
                yield from walk(child)
            elif tag == "path":
                yield _Mark(_attributes(child), _read_path(child.attrib["d"]))
            elif tag == "text":
                yield _Mark(_attributes(child), text=child.text or "", at=_position(child))
            elif tag == "use":
                shape = shapes[child.attrib[_HREF].removeprefix("#")]
                yield _placed(shape, child)
            else:
                raise ValueError(f"no place for <{tag}> in a picture")

    return walk(root)


def _placed(shape: ElementTree.Element, use: ElementTree.Element) -> _Mark:
    """A marker at its place; anything else that matplotlib defined apart is put where it is used."""
    path = _read_path(shape.attrib["d"])
    x, y = _position(use)
    mark = _Mark(_attributes(use, shape), path, at=(x, y))
    if x or max(abs(value) for _, values in path for value in values) < 20:
        return mark
    moved = tuple(
        (letter, tuple(value + (y if index % 2 else x) for index, value in enumerate(values)))
        for letter, values in path
    )
    return replace(mark, path=moved, at=None)


def _position(element: ElementTree.Element) -> tuple[float, float]:
    return float(element.attrib["x"]), float(element.attrib["y"])


def _attributes(*elements: ElementTree.Element) -> Attributes:
    """What matplotlib's style says, as presentation attributes: later elements win, defaults left out."""
    properties: dict[str, str] = {}
    for element in elements:
        for declaration in element.attrib.get("style", "").split(";"):
            name, _, value = declaration.partition(":")
            if name.strip() in _KEPT:
                properties[name.strip()] = value.strip()
    if "stroke" not in properties:
        properties = {name: value for name, value in properties.items() if not name.startswith("stroke")}
    needed = [name for name in _KEPT if name in properties and properties[name] != _DEFAULTS.get(name)]
    return tuple(part for name in needed for part in _with_halo(name, _value(name, properties[name])))


def _with_halo(name: str, value: str) -> Attributes:
    colour, on, ground = value.partition(" on ")
    if not on:
        return ((name, value),)
    return (
        (name, colour),
        ("stroke", ground),
        ("stroke-width", f"{HALO:g}"),
        ("stroke-linejoin", "round"),
        ("paint-order", "stroke"),
    )


def _value(name: str, value: str) -> str:
    if name in ("fill", "stroke") and value != "none":
        if value not in CSS_BY_PAINT:
            raise ValueError(f"{value} stands for no colour token")
        return CSS_BY_PAINT[value]
    if name == "font-size":
        return value.removesuffix("px")
    return value


def _read_path(d: str) -> Path:
    commands: list[tuple[str, list[float]]] = []
    for part in _PATH_PARTS.findall(d):
        if part in "MLCQz":
            commands.append((part, []))
        else:
            commands[-1][1].append(float(part))
    return tuple((letter, tuple(values)) for letter, values in commands)


def _grouped(marks: Iterable[_Mark]) -> Iterator[tuple[Attributes, Iterator[_Mark]]]:
    return groupby(marks, key=lambda mark: mark.attributes)


def _write_group(attributes: Attributes, marks: list[_Mark], ids: dict[Path, str]) -> str:
    """Neighbours that look the same become one path, or share one `<g>`."""
    shared = "".join(f' {name}="{value}"' for name, value in attributes)
    plain = [mark.path for mark in marks if mark.path and mark.at is None]
    if len(plain) == len(marks):
        return f'<path{shared} d="{"".join(map(_write_path, plain))}"/>'
    parts = [_write_mark(mark, ids) for mark in marks]
    if len(parts) == 1:
        return re.sub(r"^<\w+", lambda match: match[0] + shared, parts[0])
    return f"<g{shared}>{''.join(parts)}</g>"


def _write_mark(mark: _Mark, ids: dict[Path, str]) -> str:
    if mark.at is None:
        return f'<path d="{_write_path(mark.path)}"/>'
    x, y = (_tenths(round(value * 10)) for value in mark.at)
    if mark.text:
        return f'<text x="{x}" y="{y}">{escape(mark.text)}</text>'
    # Not `href`: the theme's instant navigation assigns to that of every element, and here it is read-only.
    return f'<use xlink:href="#{ids[mark.path]}" x="{x}" y="{y}"/>'


def _write_path(path: Path) -> str:
    """Path data in tenths of a unit, relative, with the corners that repeat themselves left out."""
    out: list[str] = []
    x = y = start_x = start_y = 0
    for index, (letter, values) in enumerate(path):
        points = [round(value * 10) for value in values]
        if letter == "M":
            x, y = start_x, start_y = points[0], points[1]
            out.append(f"M{_join((x, y))}")
        elif letter == "L":
            to_x, to_y = points
            closes = (to_x, to_y) == (start_x, start_y) and path[index + 1 : index + 2] == (("z", ()),)
            dx, dy = to_x - x, to_y - y
            x, y = to_x, to_y
            if closes or (dx == dy == 0):
                continue
            out.append(f"v{_tenths(dy)}" if dx == 0 else f"h{_tenths(dx)}" if dy == 0 else f"l{_join((dx, dy))}")
        elif letter == "z":
            out.append("z")
            x, y = start_x, start_y
        else:
            relative = [value - (y if position % 2 else x) for position, value in enumerate(points)]
            out.append(f"{letter.lower()}{_join(relative)}")
            x, y = points[-2], points[-1]
    return "".join(out)


def _join(tenths: Iterable[int]) -> str:
    return re.sub(" -", "-", " ".join(map(_tenths, tenths)))


def _tenths(value: int) -> str:
    """`125` → `12.5`, `-5` → `-.5`."""
    sign, whole, part = ("-" if value < 0 else ""), abs(value) // 10, abs(value) % 10
    if not part:
        return f"{sign}{whole}" if whole else "0"
    return f"{sign}{whole or ''}.{part}"


def _patterns(body: str) -> Iterator[str]:
    for role in ROLES:
        hatch = ROLE_STYLES[role].hatch
        if hatch is None or f"url(#{role})" not in body:
            continue
        size, side = f"{hatch.size:g}", f"{hatch.size + 2:g}"
        # The ground reaches beyond the tile, or seams between tiles would show at some zoom levels.
        yield (
            f'<pattern id="{role}" width="{size}" height="{size}" patternUnits="userSpaceOnUse">'
            f'<path fill="{role_ground(role)}" d="M-1-1h{side}v{side}h-{side}z"/>'
            f'<path fill="none" stroke="{role_hatch(role)}" stroke-width="{hatch.width:g}" '
            f'stroke-linecap="round" d="{hatch.d}"/></pattern>'
        )
