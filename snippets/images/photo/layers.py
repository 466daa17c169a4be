"""What a landscape is made of, from far to near: sky, ridges, woods, ground, water, flowers."""

import numpy as np

from snippets.images.photo.light import tint
from snippets.images.photo.noise import ramp
from snippets.images.photo.scene import Scene

SNOW = tint(244, 247, 252)


def sky(scene: Scene, horizon: float) -> None:
    light, rng = scene.light, scene.rng
    height = np.clip(1 - scene.y / horizon, 0, 1)[..., None]
    scene.picture[:] = light.horizon + (light.zenith - light.horizon) * height**0.8
    away = np.hypot(scene.x - scene.sun, (scene.y - horizon) * 1.3) / scene.width
    scene.picture += (np.exp(-5 * away) * 0.35)[..., None] * light.land
    if rng.random() < 0.15:
        return
    rows = slice(0, int(horizon))
    cover, depth = rng.uniform(-0.6, 1.1), horizon * rng.uniform(1.0, 1.5)
    heaps = scene.plane(1.6, depth, rng.uniform(0.4, 0.8), 2.2, rows) + 0.2 * scene.texture(1.3, 2, rows)
    thick = ramp(heaps, cover, cover + rng.uniform(0.7, 1.5))
    below = np.roll(heaps, 7, 0) + 0.15 * scene.texture(1.3, 1, rows)
    lit = ramp(heaps - below, -0.5, 0.6)[..., None]
    fade = ramp(horizon - scene.y[rows], 0, horizon * 0.25) * rng.uniform(0.75, 0.97)
    scene.lay(thick * fade, light.shade + (light.cloud - light.shade) * lit, rows)


def ridge(
    scene: Scene, skyline: np.ndarray, foot: float, colour: np.ndarray, distance: float, snow: float = 0.0
) -> None:
    """Land from a skyline, (width,) rows, down to row `foot`: rock or woods lit from the sun's side."""
    rows = slice(max(int(skyline.min()) - 1, 0), int(foot))
    y = scene.y[rows]
    relief = scene.texture(1.6, 1.3, rows) * 3 + scene.texture(1.0, 1, rows) * 0.5
    side = 1 if scene.sun > scene.width / 2 else -1
    slope = relief - np.roll(relief, 3 * side, 1) + 0.4 * (relief - np.roll(relief, 2, 0))
    shine = 0.72 + (0.3 - 0.16 * distance) * slope + 0.07 * scene.texture(0.4, 1, rows)
    shine = np.clip(shine, 0.15, 1.5)[..., None]
    ground = colour * scene.light.land * shine
    if snow > 0:
        line = skyline.min() + np.float32(snow) + relief * 9 + 10 * slope
        white = ramp(line - y, -5, 7)[..., None]
        bright = np.clip(shine * 0.9 + 0.18, 0.35, 1.1)
        ground += white * (SNOW * scene.light.land * bright - ground)
    deep = np.clip(distance + (y - skyline) * (0.3 * distance / scene.height), 0, 0.95)[..., None]
    ground += (scene.light.horizon * np.float32(0.94) - ground) * deep
    scene.lay(np.clip(y - skyline + 0.5, 0, 1), ground, rows)


def treeline(scene: Scene, base: float, tall: float, trees: int) -> np.ndarray:
    """The skyline of a row of conifers standing at row `base`, (width,) rows."""
    rng = scene.rng
    middle = rng.uniform(-20, scene.width + 20, (trees, 1))
    height = tall * rng.uniform(0.55, 1.15, (trees, 1))
    half = height * rng.uniform(0.16, 0.26, (trees, 1))
    away = np.abs(np.arange(scene.width)[None] - middle) / half
    crown = height * (1 - away**0.85) + (np.sin(away * 14 + middle) * 0.05 * height)
    brush = tall * (0.12 + 0.04 * scene.texture(0.4, 1, slice(0, 1))[0])
    return (base - np.maximum(crown.max(0), brush)).astype(np.float32)


def woods(scene: Scene, base: float, foot: float, tall: float, trees: int, colour: np.ndarray, distance: float) -> None:
    """A row of conifers down to row `foot`: dark below, bright needles in the light."""
    line = treeline(scene, base, tall, trees)
    rows = slice(max(int(line.min()) - 6, 0), int(foot))
    y = scene.y[rows]
    jag = scene.texture(0.4, 0.6, rows) * (0.6 + tall * 0.018)
    leaves = scene.texture(0.7, 1, rows) * 0.3 + scene.texture(0.4, 0.5, rows) * 0.24
    shine = np.clip(0.95 - 0.55 * np.clip((y - line) / tall, 0, 1.2) + leaves, 0.08, 1.6)[..., None]
    edge = np.clip(y - line + jag + 0.5, 0, 1)
    near = colour * scene.light.land * np.float32(1 - distance)
    scene.lay(edge, near * shine + scene.light.horizon * np.float32(0.9 * distance), rows)


def ground(scene: Scene, top: np.ndarray | float, dark: np.ndarray, bright: np.ndarray, horizon: float) -> None:
    """Grass, stones or sand from row `top` down, one row or (width,), in perspective."""
    rows = slice(int(np.min(top)), None)
    y = scene.y[rows]
    patch = scene.plane(1.3, horizon, 0.6, 2.5, rows) * 0.35
    blade = scene.plane(0.7, horizon, 0.7, 1.2, rows) * 0.4 + scene.texture(0.4, 0.5, rows) * 0.24
    near = np.clip((y - horizon) / (scene.height - horizon), 0, 1)
    mix = np.clip(0.5 + patch + blade * (0.35 + 0.65 * near), -0.15, 1.2)[..., None]
    colour = dark * scene.light.land + ((bright - dark) * scene.light.land) * mix
    colour += (scene.light.horizon - colour) * (0.35 * np.clip(1 - near * 3, 0, 1))[..., None]
    scene.lay(np.clip(y - top + 0.5, 0, 1), colour, rows)


def water(scene: Scene, shore: float, deep: np.ndarray, calm: float) -> None:
    """Water below row `shore`, mirroring what is painted above it."""
    first = int(shore)
    rows = slice(first, None)
    y = scene.y[rows]
    waves = scene.plane(1.0, shore - 8, 0.6, 5, rows)
    small = scene.plane(0.7, shore - 8, 0.6, 3, rows)
    near = np.clip((y - shore) / (scene.height - shore), 0, 1)
    above = 2 * first - y + (waves * 9 + small * 4) * ((0.15 + near) * (1.3 - calm))
    beside = scene.x + waves * 5 * near
    mirrored = scene.picture[
        np.clip(above, 0, first - 1).astype(np.int32), np.clip(beside, 0, scene.width - 1).astype(np.int32)
    ]
    share = 0.35 + 0.45 * calm - 0.3 * near + (waves * 0.13 + small * 0.1) * (1.2 - calm)
    bed = deep * scene.light.land * (0.85 + 0.14 * small + 0.1 * waves)[..., None]
    spark = np.exp(-(((scene.x - scene.sun) / (0.09 * scene.width)) ** 2)) * ramp(small, 1.2, 2.4) * 0.7
    surface = bed + (mirrored * 0.92 - bed) * np.clip(share, 0.05, 0.95)[..., None]
    scene.lay(np.clip(y - shore + 0.5, 0, 1), surface + spark[..., None] * scene.light.land, rows)


BLOSSOMS = [
    tint(250, 222, 80),
    tint(246, 246, 240),
    tint(226, 84, 96),
    tint(176, 110, 214),
    tint(240, 130, 60),
]


def flowers(scene: Scene, top: float, horizon: float) -> None:
    """Specks of blossom from row `top` down, growing towards the reader."""
    rows = slice(int(top) + 1, None)
    colour = BLOSSOMS[scene.rng.integers(len(BLOSSOMS))] * scene.light.land
    where = scene.plane(0.7, horizon, 0.5, 1.5, rows) + 0.7 * scene.plane(1.3, horizon, 0.5, 2.5, rows)
    scene.lay(ramp(where, 1.5, 2.1) * 0.9, colour, rows)


def far_ridges(scene: Scene, horizon: float, tall: float, colour: np.ndarray, layers: int, snow: bool = False) -> None:
    """Ridges behind each other, each lower and clearer than the one behind."""
    for layer in range(layers):
        closer = (layer + 1) / layers
        top = horizon - tall * scene.height * (1.08 - 0.72 * closer)
        low = horizon - 0.02 * scene.height + 3 * layer
        skyline = scene.profile(1.35 if snow else 1.7, top, low)
        distance = 0.78 * (1 - closer) + 0.16
        cap = scene.rng.uniform(25, 70) if snow and layer < 2 else 0.0
        ridge(scene, skyline, horizon + 26, colour, distance, cap)
