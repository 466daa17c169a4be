"""The 32x32 grid that sprites are drawn on.

Each pixel holds a role (outline, shade, base, ...), not a colour. Every shape is a function of the
distance from the vertical middle axis, so a silhouette is always symmetric; only light, glints and
winks know left from right.
"""

import numpy as np

GRID = 32

EMPTY, OUTLINE, DARK, BASE, LIGHT, TRIM_DARK, TRIM, CREAM, BLUSH = range(9)
BODY = (DARK, BASE, LIGHT)
TRIMMING = (TRIM_DARK, TRIM, TRIM)
CREAMY = (LIGHT, CREAM, CREAM)

Mask = np.ndarray  # (32, 32) bool
Tones = tuple[int, int, int]  # the roles of shadow, body and light

_ROW, COLUMN = np.mgrid[0:GRID, 0:GRID]
Y = _ROW.astype(float)
D = np.abs(COLUMN - (GRID - 1) / 2)  # 0.5 beside the axis ... 15.5 at the edge


def oval(middle: float, half_width: float, half_height: float, power: float = 2.0) -> Mask:
    """An ellipse on the axis; a higher power squares its corners."""
    return (D / half_width) ** power + (np.abs(Y - middle) / half_height) ** power <= 1


def pair(x: float, y: float, half_width: float, half_height: float) -> Mask:
    """Two ellipses, `x` from the axis on either side."""
    return ((D - x) / half_width) ** 2 + ((Y - y) / half_height) ** 2 <= 1


def bar(inner: float, outer: float, top: int, bottom: int) -> Mask:
    """Pixels from `inner` to `outer` of the axis, rows `top` to `bottom` inclusive."""
    return (inner <= D) & (outer >= D) & (top <= Y) & (bottom >= Y)


def cone(tip: int, bottom: int, half_width: float, tip_width: float = 1.0, bend: float = 1.0) -> Mask:
    """A hat or an ear: `tip_width` wide at row `tip`, growing to `half_width` at row `bottom`."""
    along = np.clip((Y - tip) / max(bottom - tip, 1), 0, 1) ** bend
    return (tip_width + (half_width - tip_width) * along >= D) & (tip <= Y) & (bottom >= Y)


def ears(x: float, tip: int, bottom: int, half_width: float, lean: float) -> Mask:
    """Two triangles whose middles lean outwards by `lean` at the tip."""
    along = np.clip((Y - tip) / (bottom - tip), 0, 1)
    return (np.abs(D - x - lean * (1 - along)) <= 0.5 + half_width * along) & (tip <= Y) & (bottom >= Y)


def moved(mask: Mask, right: int, down: int) -> Mask:
    """The mask shifted by whole pixels; what comes in from outside is False."""
    padded = np.pad(mask, GRID)
    return padded[GRID - down : 2 * GRID - down, GRID - right : 2 * GRID - right]


def ring(mask: Mask) -> Mask:
    """The pixels just outside a mask."""
    return (moved(mask, 1, 0) | moved(mask, -1, 0) | moved(mask, 0, 1) | moved(mask, 0, -1)) & ~mask


def paint(art: np.ndarray, mask: Mask, tones: Tones = BODY, depth: int = 2) -> None:
    """Adds a part: outlined, lit from the upper left, shaded at the lower right."""
    dark, base, light = tones
    art[ring(mask)] = OUTLINE
    art[mask] = base
    art[mask & ~moved(mask, 1, 2)] = light
    art[mask & ~moved(mask, -depth, -depth)] = dark


def dots(art: np.ndarray, role: int, *points: tuple[int, int]) -> None:
    """Single pixels (column, row), mirrored: column 0 is the first one left of the axis."""
    for x, y in points:
        art[y, 15 - x] = art[y, 16 + x] = role
