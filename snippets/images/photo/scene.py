"""One picture in the making."""

import numpy as np
from numpy.random import Generator

from snippets.images.photo.light import LIGHTS
from snippets.images.photo.noise import TILE, Field, noise

Picture = np.ndarray  # (height, width, 3) float32, 0 black to 1 white
ALL = slice(None)  # every row


class Scene:
    """What every part of one picture shares: its size, its light and its random numbers."""

    def __init__(self, rng: Generator, width: int, height: int) -> None:
        self.rng, self.width, self.height = rng, width, height
        self.light = LIGHTS[rng.integers(len(LIGHTS))]
        self.sun = float(rng.uniform(0.1, 0.9)) * width
        self.y = np.arange(height, dtype=np.float32)[:, None]
        self.x = np.arange(width, dtype=np.float32)[None]
        self.picture: Picture = np.zeros((height, width, 3), np.float32)

    def texture(self, steepness: float, stretch: float = 1.0, rows: slice = ALL) -> Field:
        """A window of the noise at a random place; `stretch` > 1 squeezes it vertically.

        As high as the picture, or as those rows of it.
        """
        top, left = self.rng.integers(TILE - 512, size=2)
        high = len(self.y[rows])
        if stretch == 1:
            return noise(steepness)[top : top + high, left : left + self.width]
        lines = (top + np.arange(high) * stretch).astype(int) % TILE
        return noise(steepness)[lines, left : left + self.width]

    def plane(
        self, steepness: float, horizon: float, scale: float = 1.0, squeeze: float = 2.5, rows: slice = ALL
    ) -> Field:
        """The noise lying flat: a ground, a sea or a ceiling of clouds, seen in perspective.

        `scale` is in noise pixels per pixel at the nearest row, `squeeze` how much flatter than wide
        it looks there.
        """
        top, left = self.rng.integers(TILE, size=2)
        away = np.abs(self.y[rows] - np.float32(horizon)) + 4
        far = away.max() / away
        lines = (top + far * (away.max() * scale * squeeze)).astype(np.int32) % TILE
        columns = (left + (self.x - self.width / 2) * (far * scale)).astype(np.int32) % TILE
        return noise(steepness).ravel().take(lines * TILE + columns)

    def profile(self, steepness: float, low: float, high: float) -> np.ndarray:
        """A skyline, (width,) float32: between rows `low` and `high`, counted from the top."""
        real, imaginary = self.rng.standard_normal((2, 257))
        waves = (real + 1j * imaginary) / np.maximum(np.arange(257), 1) ** steepness
        waves[0] = 0
        start = int(self.rng.integers(TILE - self.width))
        line = np.fft.irfft(waves, TILE)[start : start + self.width]
        return (low + (high - low) * (line - line.min()) / np.ptp(line)).astype(np.float32)

    def lay(self, cover: Field, colour: np.ndarray, rows: slice = ALL) -> None:
        """Paints a colour, (3,) or a picture, over what is there; `cover` runs from 0 to 1."""
        below = self.picture[rows]
        change = colour - below
        change *= cover[..., None]
        below += change
