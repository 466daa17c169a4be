"""The kinds of sprites. Each function draws one and returns its roles, (32, 32) uint8."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from snippets.images.sprite.features import face, parcel, topping
from snippets.images.sprite.pixels import (
    BASE,
    BLUSH,
    BODY,
    COLUMN,
    CREAM,
    CREAMY,
    DARK,
    EMPTY,
    GRID,
    LIGHT,
    OUTLINE,
    TRIM,
    TRIM_DARK,
    TRIMMING,
    D,
    Y,
    bar,
    cone,
    dots,
    ears,
    moved,
    oval,
    paint,
    pair,
    ring,
)


def slime(rng: Generator) -> np.ndarray:
    art = np.zeros((GRID, GRID), np.uint8)
    width, height, floor = rng.uniform(10.5, 13.4), rng.uniform(14, 18.5), 28
    body = oval(floor - 1, width, height, rng.uniform(2.0, 2.6)) & (floor >= Y)
    body |= bar(0, width - 1, floor - 3, floor)
    if rng.random() < 0.4:
        body |= cone(int(floor - height - 3), int(floor - height + 3), 5, 0.5, 1.6)
        top = None
    else:
        top = int(np.flatnonzero(body.any(1))[0])
    if rng.random() < 0.4:
        body |= bar(width - 1, width + 1, floor - 1, floor) & (D < 15)
    paint(art, body, depth=3)
    left = 15 - int(width * 0.55)
    art[int(floor - height * 0.72) : int(floor - height * 0.72) + 2, left : left + 2] = CREAM
    art[int(floor - height * 0.72) + 3, left - 1] = CREAM
    for _ in range(rng.integers(0, 4)):
        x, y = int(rng.integers(5, 27)), int(rng.integers(22, 28))
        if art[y, x] in (BASE, DARK):
            art[y, x] = LIGHT
    face(art, rng, int(rng.integers(18, 21)), int(rng.integers(3, 6)))
    if top is not None:
        topping(art, rng, top)
    return art


def ghost(rng: Generator) -> np.ndarray:
    art = np.zeros((GRID, GRID), np.uint8)
    width, head = rng.uniform(8.2, 10.4), rng.uniform(9.0, 11.0)
    top, hem = int(rng.integers(5, 8)), int(rng.integers(25, 28))
    body = oval(top + head, width, head + 0.5) | bar(0, width, int(top + head), hem)
    flare = np.clip((Y - 19) / 8, 0, 1) * 1.6
    body |= (width + flare >= D) & (Y >= 19) & (hem >= Y)
    wave = rng.uniform(1.5, 2.6)
    body |= (Y > hem) & (hem + 1 + np.cos(D * np.pi / wave + rng.choice([0, np.pi])) * 1.2 >= Y) & (width + 1.5 >= D)
    paint(art, body, (LIGHT, CREAM, CREAM) if rng.random() < 0.55 else BODY, depth=3)
    arm = int(rng.integers(15, 20))
    tones = (LIGHT, CREAM, CREAM) if CREAM in art[body] else BODY
    if rng.random() < 0.3:
        face(art, rng, top + 6, int(rng.choice([2, 3, 3, 4])))
        parcel(art, rng, top + 16, tones)
    else:
        paint(art, pair(width + 0.6, arm, 2.2, 1.7), tones, 1)
        art[bar(width - 2.6, width - 0.6, arm - 1, arm + 1)] = tones[1]
        face(art, rng, top + int(rng.integers(6, 9)), int(rng.choice([2, 3, 3, 4])))
    topping(art, rng, top)
    return art


def knight(rng: Generator) -> np.ndarray:
    art = np.zeros((GRID, GRID), np.uint8)
    wide = rng.uniform(8.0, 9.6)
    paint(art, pair(3.5, 28.4, 2.6, 1.9), (OUTLINE, DARK, DARK), 1)
    paint(art, oval(23.5, wide - 1.4, 5, 3), depth=2)
    art[bar(0, wide - 2, 25, 25)] = TRIM_DARK
    dots(art, CREAM, (0, 25))
    paint(art, pair(wide - 0.2, 20.6, 2.5, 2.3), depth=1)
    plume = rng.choice(["plume", "horns", "wings", "crest", "plain"], p=[0.35, 0.2, 0.2, 0.15, 0.1])
    if plume == "plume":
        paint(art, oval(5.5, rng.uniform(2.2, 3.6), 4.4), TRIMMING, 2)
    elif plume == "horns":
        paint(art, pair(wide + 1.6, 7.5, 2.4, 4) & ~pair(wide - 0.4, 5.5, 2.2, 3.4), CREAMY, 1)
    elif plume == "wings":
        paint(art, ears(wide + 1.2, 4, 12, 2.2, 1.4), CREAMY, 1)
    elif plume == "crest":
        paint(art, bar(0, 1.5, 3, 9), TRIMMING, 1)
    helmet = oval(13, wide, 7.6, 2.5)
    paint(art, helmet, depth=3)
    art[bar(0, 0.5, 6, 11) & helmet] = TRIM if plume == "crest" else LIGHT
    visor = rng.choice(["slot", "cross", "open"], p=[0.45, 0.25, 0.3])
    if visor == "open":
        opening = oval(15, wide - 2.2, 4.2, 3)
        art[opening] = CREAM
        art[ring(opening) & helmet] = OUTLINE
        face(art, rng, 13, 2)
    else:
        slot = bar(0, wide - 2, 12, 15)
        art[slot] = OUTLINE
        glow = TRIM if rng.random() < 0.6 else CREAM
        eye = rng.choice(["dot", "tall", "happy"])
        if eye == "dot":
            dots(art, glow, (3, 13), (4, 13), (3, 14), (4, 14))
        elif eye == "tall":
            dots(art, glow, (3, 12), (3, 13), (3, 14), (4, 12), (4, 13), (4, 14))
        else:
            dots(art, glow, (3, 13), (2, 14), (4, 13), (5, 14))
        if visor == "cross":
            art[bar(0, 0.5, 16, 19)] = OUTLINE
        else:
            dots(art, OUTLINE, (1, 17), (3, 17), (2, 18), (0, 18))
    if rng.random() < 0.35:
        parcel(art, rng, 24)
    else:
        crest = rng.choice(["heart", "cross", "none"])
        if crest == "heart":
            dots(art, BLUSH, (1, 22), (0, 22), (0, 23))
            dots(art, BLUSH, (1, 21))
        elif crest == "cross":
            dots(art, TRIM, (0, 21), (0, 22), (0, 23), (1, 22))
    return art


def potion(rng: Generator) -> np.ndarray:
    art = np.zeros((GRID, GRID), np.uint8)
    form = rng.choice(["round", "cone", "square"], p=[0.5, 0.28, 0.22])
    neck = rng.uniform(2.6, 3.6)
    if form == "round":
        belly = oval(20, rng.uniform(9.4, 10.8), 8.8)
    elif form == "cone":
        belly = cone(10, 28, rng.uniform(10.5, 12), neck, 0.9)
    else:
        belly = oval(20.5, rng.uniform(8.4, 9.8), 8, 5)
    flask = belly | bar(0, neck, 7, 16)
    paint(art, bar(0, neck - 1, 2, 6), (TRIM_DARK, TRIM, TRIM), 1)
    paint(art, flask, (LIGHT, CREAM, CREAM), depth=2)
    level = int(rng.integers(12, 16))
    liquid = moved(flask, 1, 0) & moved(flask, -1, 0) & flask & (level <= Y)
    art[liquid] = BASE
    art[liquid & ~moved(flask, -3, -3)] = DARK
    art[liquid & (level == Y)] = LIGHT
    paint(art, bar(0, neck + 1, 6, 7), CREAMY, 1)
    if rng.random() < 0.5:
        art[bar(0, neck + 0.5, 9, 9)] = TRIM
        art[bar(0, neck + 0.5, 9, 9) & (COLUMN > 17)] = TRIM_DARK
    x = 15 - int(rng.integers(5, 7))
    art[19:22, x] = CREAM
    art[23, x] = CREAM
    for _ in range(rng.integers(2, 6)):
        x, y = int(rng.integers(8, 24)), int(rng.integers(level + 1, 27))
        if art[y, x] in (BASE, DARK):
            art[y, x] = LIGHT
    if rng.random() < 0.3:
        dots(art, LIGHT, (int(rng.integers(0, 2)), level - 2))
    face(art, rng, max(level + 3, 18), int(rng.choice([2, 3, 3, 4])))
    return art


def mushroom(rng: Generator) -> np.ndarray:
    art = np.zeros((GRID, GRID), np.uint8)
    brim, cap, width = int(rng.integers(15, 18)), rng.uniform(10.5, 13), rng.uniform(11.4, 14)
    stem = rng.uniform(6.4, 8.4)
    if rng.random() < 0.6:
        paint(art, pair(4, 28.6, 2.4, 1.6), TRIMMING, 1)
    body = oval(22, stem, 6.8, 2.8)
    paint(art, body, (LIGHT, CREAM, CREAM), depth=2)
    if rng.random() < 0.5:
        paint(art, pair(stem + 0.6, 22.5, 1.7, 1.7), (LIGHT, CREAM, CREAM), 1)
    roof = oval(brim, width, cap, rng.uniform(1.9, 2.4)) & (brim >= Y)
    roof |= oval(brim, width - 0.4, 2.2) & (brim + 2 >= Y)
    if rng.random() < 0.25:
        roof |= cone(max(2, int(brim - cap - 2)), int(brim - cap + 4), 5, 1, 1.4)
    paint(art, roof, depth=3)
    spots = pair(rng.uniform(6.5, 8.5), brim - rng.uniform(2, 4), rng.uniform(1.8, 2.6), rng.uniform(1.7, 2.3))
    if rng.random() < 0.75:
        spots |= oval(brim - cap + rng.uniform(3.4, 5), rng.uniform(2, 3.2), rng.uniform(1.6, 2.2))
    else:
        spots |= pair(3.4, brim - cap * 0.68, 1.7, 1.6)
    spots |= pair(width - 0.6, brim - 1, 1.3, 1.4)
    art[spots & roof] = CREAM
    art[spots & roof & ~moved(spots, -1, -1)] = LIGHT
    face(art, rng, brim + 5, int(rng.choice([2, 3, 3, 4])))
    return art


def robot(rng: Generator) -> np.ndarray:
    art = np.zeros((GRID, GRID), np.uint8)
    wide, top = rng.uniform(7.6, 10.2), int(rng.integers(6, 8))
    legs = rng.choice(["feet", "track", "hover"], p=[0.5, 0.3, 0.2])
    if legs == "feet":
        paint(art, bar(1.5, 4.5, 26, 29), (OUTLINE, DARK, BASE), 1)
    elif legs == "track":
        paint(art, oval(27.5, wide - 0.5, 2.2, 3), (OUTLINE, OUTLINE, OUTLINE), 1)
        dots(art, TRIM, (1, 28), (4, 28))
    else:
        art[oval(29, 4, 1.2)] = TRIM
        dots(art, CREAM, (0, 29), (1, 29))
    paint(art, oval(22.5, wide - 2, 4.6, 4), depth=2)
    paint(art, pair(wide - 0.4, 22.5, 1.8, 2.8), TRIMMING, 1)
    antenna = rng.choice(["ball", "two", "bolt", "dish"])
    if antenna == "ball":
        paint(art, bar(0, 0.5, 3, top), (DARK, DARK, DARK), 1)
        paint(art, oval(2.5, 1.8, 1.8), TRIMMING, 1)
    elif antenna == "two":
        paint(art, bar(4.5, 4.5, 3, top), (DARK, DARK, DARK), 1)
        paint(art, pair(4.5, 2.8, 1.3, 1.3), TRIMMING, 1)
    elif antenna == "bolt":
        paint(art, bar(wide, wide + 2, 10, 14), TRIMMING, 1)
        paint(art, bar(0, 2.5, top - 2, top), TRIMMING, 1)
    else:
        paint(art, bar(0, 0.5, 4, top), (DARK, DARK, DARK), 1)
        paint(art, cone(1, 3, 0.5, 3.5), TRIMMING, 1)
    paint(art, oval(top + 6, wide, 6.4, 5), depth=2)
    screen = oval(top + 6, wide - 2, 4.4, 5)
    art[screen] = OUTLINE
    face(art, rng, top + 4, int(rng.integers(3, 5)), CREAM if rng.random() < 0.5 else TRIM)
    if rng.random() < 0.35:
        parcel(art, rng, 23, TRIMMING)
    else:
        chest = rng.choice(["lamps", "heart", "dial"])
        if chest == "lamps":
            dots(art, TRIM, (1, 22))
            dots(art, CREAM, (3, 22))
            art[24, 12:20] = DARK
        elif chest == "heart":
            dots(art, BLUSH, (0, 22), (1, 21), (1, 22), (0, 23))
        else:
            paint(art, oval(22.5, 2.2, 2.2), CREAMY, 1)
            art[22, 16] = art[21, 16] = BLUSH
    return art


def wizard(rng: Generator) -> np.ndarray:
    art = np.zeros((GRID, GRID), np.uint8)
    robe = rng.uniform(8.0, 10.4)
    paint(art, cone(16, 29, robe, 5.5, 0.8), depth=3)
    art[bar(0, robe, 28, 29) & (art > OUTLINE)] = TRIM_DARK
    paint(art, pair(robe - 1.4, 22.5, 2.1, 2.4), depth=1)
    head = oval(15.5, rng.uniform(6.8, 8.0), 5.5)
    shy = rng.random() < 0.4
    if shy:
        paint(art, head, (OUTLINE, OUTLINE, OUTLINE))
        glow = TRIM if rng.random() < 0.7 else CREAM
        dots(art, glow, (2, 15), (3, 15), (2, 16), (3, 16), (2, 14), (3, 14))
        art[14, [12, 18]] = CREAM
    else:
        paint(art, head, CREAMY)
        face(art, rng, 15, 3)
        if rng.random() < 0.55:
            long = int(rng.integers(22, 27))
            beard = (D <= 6.6 * (1 - (Y - 17) / (long - 16.0))) & (Y >= 18) & (long >= Y)
            art[ring(beard) & (Y > 20)] = OUTLINE
            art[beard] = CREAM
            art[beard & ~moved(beard, -1, -1)] = LIGHT
            dots(art, BLUSH, (0, 18))
    tones, band = (BODY, TRIM) if rng.random() < 0.6 else (TRIMMING, LIGHT)
    brim = int(rng.integers(11, 13))
    paint(art, cone(int(rng.integers(1, 4)), brim, rng.uniform(6, 8), 0.5, rng.uniform(0.8, 1.3)), tones, 2)
    art[bar(0, 9, brim - 3, brim - 2) & (art != OUTLINE) & (art != EMPTY)] = band
    paint(art, oval(brim, rng.uniform(10.5, 12.5), 1.6), tones, 1)
    if rng.random() < 0.6:
        dots(art, CREAM, (0, brim - 7), (0, brim - 6), (1, brim - 6))
    if rng.random() < 0.35 and shy:
        parcel(art, rng, 24)
    elif shy:
        dots(art, TRIM, (0, 23), (0, 26))
    return art


def cat(rng: Generator) -> np.ndarray:
    art = np.zeros((GRID, GRID), np.uint8)
    wide = rng.uniform(9.2, 10.8)
    loaf = oval(24, wide - rng.uniform(0.4, 1.8), 5.6, 2.6)
    paint(art, loaf, depth=3)
    paint(art, pair(3, 28, 2.2, 1.8), CREAMY if rng.random() < 0.6 else BODY, 1)
    tip = int(rng.integers(3, 6))
    lean = rng.uniform(-0.5, 2.0)
    outer = ears(wide - 4, tip, 13, 4.2, lean)
    paint(art, outer, depth=1)
    art[ears(wide - 4, tip + 3, 13, 2.4, lean * 0.7)] = BLUSH
    head = oval(14.5, wide, 7.2, 2.3)
    paint(art, head, depth=3)
    coat = rng.choice(["tabby", "mask", "plain", "bib"])
    if coat == "tabby":
        dots(art, DARK, (0, 8), (0, 9), (0, 10), (2, 8), (2, 9), (7, 15), (8, 15), (7, 17), (8, 17))
    elif coat == "mask":
        art[oval(18, 4.6, 3.4) & head] = CREAM
    elif coat == "bib":
        art[oval(18, 4.6, 3.4) & head] = CREAM
        art[oval(24.5, 3.6, 3) & loaf & ~ring(head) & (Y > 21)] = CREAM
    y, gap = 13, int(rng.integers(3, 5))
    eyes = rng.choice(["tall", "happy", "sleepy", "bright", "wink"], p=[0.35, 0.17, 0.13, 0.23, 0.12])
    if eyes == "tall" or eyes == "wink":
        dots(art, OUTLINE, *[(gap + i, y + j) for i in (0, 1) for j in (0, 1, 2)])
        art[y, [15 - gap - 1, 16 + gap]] = CREAM
        if eyes == "wink":
            art[y : y + 3, 16 + gap : 18 + gap] = BASE
            art[y, 17 + gap] = OUTLINE
            art[y + 1, [16 + gap, 18 + gap]] = OUTLINE
    elif eyes == "bright":
        dots(art, TRIM, *[(gap + i, y + j) for i in (0, 1, 2) for j in (0, 1, 2)])
        dots(art, OUTLINE, (gap + 1, y), (gap + 1, y + 1), (gap + 1, y + 2))
        dots(art, OUTLINE, (gap, y - 1), (gap + 1, y - 1), (gap + 2, y - 1))
    elif eyes == "happy":
        dots(art, OUTLINE, (gap + 1, y), (gap, y + 1), (gap + 2, y + 1))
    else:
        dots(art, OUTLINE, (gap, y + 1), (gap + 1, y + 2), (gap + 2, y + 1))
    dots(art, BLUSH, (0, y + 3))
    dots(art, OUTLINE, (0, y + 4), (1, y + 5), (2, y + 4))
    if rng.random() < 0.7:
        dots(art, CREAM if coat in ("plain", "tabby") else DARK, (7, y + 4), (8, y + 3), (7, y + 5), (8, y + 6))
    if rng.random() < 0.55:
        art[bar(0, 5.5, 21, 22) & (art != EMPTY)] = TRIM
        dots(art, TRIM_DARK, (5, 22), (4, 22), (3, 22))
        dots(art, CREAM, (0, 22), (0, 23))
    if rng.random() < 0.4:
        topping(art, rng, 7)
    return art


DRAW: dict[str, Callable[[Generator], np.ndarray]] = {
    "cat": cat,
    "ghost": ghost,
    "knight": knight,
    "mushroom": mushroom,
    "potion": potion,
    "robot": robot,
    "slime": slime,
    "wizard": wizard,
}
