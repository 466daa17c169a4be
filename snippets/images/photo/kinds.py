"""The kinds of landscapes. Each function paints one into a scene."""

from collections.abc import Callable

import numpy as np

from snippets.images.photo.layers import far_ridges, flowers, ground, ridge, sky, water, woods
from snippets.images.photo.light import tint
from snippets.images.photo.noise import ramp
from snippets.images.photo.scene import Scene

SANDS = [tint(222, 164, 104), tint(204, 138, 88), tint(226, 190, 140)]


def mountains(scene: Scene) -> None:
    high, rng = scene.height, scene.rng
    horizon = high * rng.uniform(0.6, 0.74)
    sky(scene, horizon)
    far_ridges(scene, horizon, rng.uniform(0.36, 0.52), tint(112, 112, 116), 3, snow=True)
    woods(scene, horizon + 6, horizon + 30, high * 0.06, 150, tint(54, 78, 58), 0.3)
    edge = horizon + rng.uniform(2, 12)
    ground(scene, edge, tint(58, 66, 36), tint(160, 158, 84), horizon - 14)
    if rng.random() < 0.5:
        flowers(scene, edge, horizon - 14)


def meadow(scene: Scene) -> None:
    high, rng = scene.height, scene.rng
    horizon = high * rng.uniform(0.42, 0.62)
    sky(scene, horizon)
    far_ridges(scene, horizon, rng.uniform(0.1, 0.22), tint(88, 112, 84), 3)
    woods(scene, horizon + 4, horizon + 12, high * rng.uniform(0.05, 0.1), 60, tint(66, 92, 46), 0.2)
    ground(scene, horizon + 2, tint(52, 84, 26), tint(158, 186, 72), horizon - 16)
    if rng.random() < 0.7:
        flowers(scene, horizon + 2, horizon - 16)


def forest(scene: Scene) -> None:
    high, rng = scene.height, scene.rng
    horizon = high * rng.uniform(0.5, 0.66)
    sky(scene, horizon)
    far_ridges(scene, horizon, rng.uniform(0.22, 0.36), tint(78, 98, 88), 2)
    rows = int(rng.integers(3, 5))
    for closer in np.linspace(0, 1, rows).tolist():
        base, tall = horizon + closer * high * 0.2, high * (0.12 + 0.36 * closer)
        needles, haze = tint(62, 92, 62) * (1 - 0.25 * closer), 0.55 * (1 - closer) ** 1.3
        woods(scene, base, high * 0.94, tall, int(70 - 54 * closer), needles, haze)
    edge = high * rng.uniform(0.84, 0.92) + scene.texture(0.7)[0] * 3
    ground(scene, edge, tint(40, 48, 22), tint(128, 122, 62), horizon)


def lake(scene: Scene) -> None:
    high, rng = scene.height, scene.rng
    shore = high * rng.uniform(0.5, 0.66)
    sky(scene, shore)
    far_ridges(scene, shore, rng.uniform(0.2, 0.4), tint(92, 108, 104), 3, snow=rng.random() < 0.5)
    woods(scene, shore + 1, shore + 4, high * rng.uniform(0.05, 0.11), 90, tint(58, 84, 52), 0.2)
    water(scene, shore, tint(40, 74, 84), rng.uniform(0.5, 1.0))
    if rng.random() < 0.6:
        bank = scene.profile(1.8, high * 0.84, high * 0.97) + scene.texture(0.4)[0] * 2
        ground(scene, bank, tint(54, 60, 34), tint(158, 148, 104), shore)


def coast(scene: Scene) -> None:
    high, rng = scene.height, scene.rng
    horizon = high * rng.uniform(0.4, 0.55)
    sky(scene, horizon)
    if rng.random() < 0.65:
        island = scene.profile(1.6, horizon - high * rng.uniform(0.08, 0.26), horizon + 26)
        ridge(scene, island, horizon + 4, tint(104, 104, 84), rng.uniform(0.2, 0.5))
    water(scene, horizon, tint(26, 92, 116), rng.uniform(0.1, 0.5))
    aslant = np.linspace(-0.5, 0.5, scene.width, dtype=np.float32) * rng.uniform(-70, 70)
    beach = scene.profile(2.2, high * 0.68, high * 0.86) + aslant
    sea = slice(int(horizon) + 3, None)
    surf = 2.2 * np.exp(-(((scene.y[sea] - beach + 9) / 9) ** 2))
    foam = ramp(scene.plane(1.0, horizon - 6, 0.6, 3, sea) + surf, 1.2, 2.2)
    scene.lay(foam * 0.88, tint(244, 248, 248) * scene.light.land, sea)
    ground(scene, beach + scene.texture(0.7)[0] * 2, tint(150, 122, 88), tint(226, 202, 160), horizon - 10)
    inland = scene.y[sea] - beach
    wet = np.exp(-np.clip(inland / 10, 0, 9)) * (inland > 0)
    scene.lay(wet * 0.55, tint(112, 96, 78) * scene.light.land, sea)


def desert(scene: Scene) -> None:
    high, rng = scene.height, scene.rng
    horizon = high * rng.uniform(0.4, 0.56)
    sky(scene, horizon)
    far_ridges(scene, horizon, rng.uniform(0.08, 0.2), tint(176, 128, 96), 2)
    sand = SANDS[rng.integers(len(SANDS))] * scene.light.land
    air = scene.light.horizon * np.float32(0.3)
    scene.picture[int(horizon) + 2 :] = sand * np.float32(0.56) + air
    for closer in np.linspace(0, 1, int(rng.integers(3, 6))).tolist():
        middle = horizon + (high - horizon) * 0.75 * closer**1.4
        crest = scene.profile(2.4, middle - high * (0.03 + 0.1 * closer), middle + high * 0.1)
        dune(scene, crest, sand, air, closer)


def dune(scene: Scene, crest: np.ndarray, sand: np.ndarray, air: np.ndarray, closer: float) -> None:
    """Sand from its crest, (width,) rows, down; `closer` from 0, at the horizon, to 1, at hand."""
    rows = slice(int(crest.min()), None)
    down = scene.y[rows] - crest
    side = 1 if scene.sun > scene.width / 2 else -1
    lit = np.clip(np.gradient(crest) * side * 1.6, -1, 1) * np.exp(-np.clip(down, 0, None) / (30 + 60 * closer))
    ripple = np.sin(down * (1.4 - 0.9 * closer) + scene.texture(1.6, 1, rows) * 4 + scene.x * 0.05)
    grain = scene.texture(0.4, 1, rows) * 0.1 + scene.texture(1.0, 1, rows) * 0.07
    shine = np.clip(0.8 - 0.3 * lit + ripple * (0.015 + 0.05 * closer) + grain, 0.25, 1.2)[..., None]
    scene.lay(np.clip(down + 0.5, 0, 1), sand * (0.7 + 0.3 * closer) * shine + air * (1 - closer), rows)


DRAW: dict[str, Callable[[Scene], None]] = {
    "coast": coast,
    "desert": desert,
    "forest": forest,
    "lake": lake,
    "meadow": meadow,
    "mountains": mountains,
}
