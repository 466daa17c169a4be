"""Faces, things to wear and things to carry."""

import numpy as np
from numpy.random import Generator

from snippets.images.sprite.pixels import (
    BLUSH,
    BODY,
    CREAM,
    EMPTY,
    OUTLINE,
    TRIM,
    TRIM_DARK,
    TRIMMING,
    D,
    Tones,
    Y,
    bar,
    cone,
    dots,
    ears,
    oval,
    paint,
    pair,
)


def face(art: np.ndarray, rng: Generator, y: int, gap: int, ink: int = OUTLINE) -> None:
    """Eyes from row `y` down, their inner edges `gap` pixels from the axis, cheeks and a mouth below."""
    style = rng.choice(["bead", "tall", "wide", "happy", "wink", "sleepy"], p=[0.22, 0.3, 0.2, 0.12, 0.1, 0.06])
    glint = CREAM if ink == OUTLINE else OUTLINE
    for side, start in (("left", 15 - gap), ("right", 16 + gap)):
        out = -1 if side == "left" else 1
        columns = sorted(start + out * step for step in range(3))
        near = sorted(columns, key=lambda x: abs(x - start))[:2]
        if style == "happy" or (style == "wink" and side == "right"):
            art[y, columns[1]] = art[y + 1, columns[0]] = art[y + 1, columns[2]] = ink
        elif style == "sleepy":
            art[y + 1, columns] = ink
            art[y + 2, columns[1]] = ink
        elif style == "wide":
            art[y : y + 2, columns[0] : columns[2] + 1] = ink
            art[y - 1 : y + 3, columns[1]] = ink
            art[y, columns[1]] = glint
        elif style == "bead":
            art[y : y + 2, min(near) : max(near) + 1] = ink
        else:
            art[y - 1 : y + 3, min(near) : max(near) + 1] = ink
            art[y - 1, min(near)] = glint
    dots(art, BLUSH, (gap + 2, y + 3), (gap + 3, y + 3))
    mouth(art, rng, y + (4 if gap < 3 else 3), ink)


def mouth(art: np.ndarray, rng: Generator, y: int, ink: int) -> None:
    """A mouth whose upper edge is row `y`."""
    style = rng.choice(["smile", "cat", "open", "o", "tongue"], p=[0.36, 0.18, 0.22, 0.1, 0.14])
    if style == "smile":
        dots(art, ink, (1, y), (0, y + 1))
    elif style == "cat":
        dots(art, ink, (0, y), (1, y + 1), (2, y))
    elif style == "open":
        dots(art, ink, (0, y), (1, y), (0, y + 1))
    elif style == "o":
        dots(art, ink, (0, y), (0, y + 1))
    else:
        dots(art, ink, (0, y), (1, y))
        dots(art, BLUSH, (0, y + 1))


def topping(art: np.ndarray, rng: Generator, y: int) -> None:
    """Something on the head whose lowest row is about `y`; often nothing."""
    y = max(y, 8)
    style = rng.choice(
        ["", "sprout", "crown", "bow", "party", "halo", "horns"], p=[0.3, 0.2, 0.13, 0.12, 0.12, 0.07, 0.06]
    )
    if style == "sprout":
        paint(art, bar(0, 0.5, y - 2, y), TRIMMING)
        paint(art, pair(2.5, y - 4, 2.4, 1.3), TRIMMING, depth=1)
    elif style == "crown":
        paint(
            art,
            bar(0, 4.5, y - 1, y) | bar(3.5, 4.5, y - 3, y) | bar(0, 0.5, y - 4, y) | bar(1.5, 2.5, y - 2, y),
            TRIMMING,
            1,
        )
        dots(art, CREAM, (0, y - 1))
    elif style == "bow":
        paint(
            art,
            ears(3.5, y - 4, y, 0.0, 0.0) | ((D >= 1.5) & (D <= 4.5) & (np.abs(Y - y + 2) <= D / 2)),
            TRIMMING,
            1,
        )
        paint(art, bar(0, 1, y - 3, y - 1), TRIMMING, 1)
    elif style == "party":
        paint(art, cone(y - 6, y, 3.5, 0.5), TRIMMING, 1)
        dots(art, CREAM, (0, y - 7), (0, y - 6), (1, y - 2), (2, y))
    elif style == "halo":
        hole = oval(y - 4, 3.2, 0.6)
        paint(art, oval(y - 4, 5.5, 1.6) & ~hole, TRIMMING, 1)
        art[hole] = EMPTY
    elif style == "horns":
        paint(art, ears(5.0, y - 3, y + 1, 1.0, 1.5), TRIMMING, 1)


def parcel(art: np.ndarray, rng: Generator, y: int, hands: Tones = BODY) -> None:
    """Something carried in front in both hands, its middle at row `y`."""
    style = rng.choice(["crate", "letter", "heart", "book"])
    if style == "crate":
        paint(art, bar(0, 4.5, y - 3, y + 3), TRIMMING, 1)
        art[bar(0, 0.5, y - 3, y + 3)] = CREAM
    elif style == "letter":
        paint(art, bar(0, 5.5, y - 2, y + 3), (CREAM, CREAM, CREAM))
        dots(art, OUTLINE, (4, y - 1), (3, y), (2, y + 1), (1, y + 1))
        dots(art, TRIM, (0, y + 1), (0, y + 2))
    elif style == "heart":
        paint(art, pair(2, y - 1, 2.6, 2.2) | (D + (Y - y + 1) <= 4.6) & (Y >= y - 1), TRIMMING, 1)
        art[y - 2, 13] = CREAM
    else:
        paint(art, bar(0, 5.5, y - 2, y + 2), TRIMMING, 1)
        art[bar(0, 4.5, y - 3, y + 1)] = CREAM
        art[bar(0, 0.5, y - 2, y + 2)] = TRIM_DARK
    paint(art, pair(6.0, y + 1, 1.6, 1.6), hands, 1)
