"""What a camera adds to a scene, and what costs a decoder its time: focus, vignette, sensor noise."""

from functools import cache

import numpy as np
from numpy.random import PCG64, Generator
from PIL import Image, ImageFilter

from snippets.images.photo.scene import Scene

GRAIN = (5.5, 10.5)  # sensor noise in the dark, in 8-bit steps (standard deviation)
SENSOR = 768  # pixels
COLOUR_GRAIN = 0.4  # of the noise in brightness; two pixels wide, as a sensor's colour filter makes it


@cache
def sensor_noise() -> np.ndarray:
    """More noise than a picture needs, (768, 768, 3) float32, standard deviation about 1."""
    rng = Generator(PCG64(1))
    bright = rng.standard_normal((SENSOR, SENSOR, 1), np.float32)
    colour = rng.standard_normal((SENSOR // 2, SENSOR // 2, 3), np.float32)
    return bright + COLOUR_GRAIN * colour.repeat(2, 0).repeat(2, 1)


def develop(scene: Scene) -> Image.Image:
    """The picture as the camera hands it over: exposed, focused, with its sensor's noise."""
    rng, picture = scene.rng, scene.picture
    across = ((scene.x / scene.width - 0.5) ** 2 + (scene.y / scene.height - 0.5) ** 2) * 2
    exposure = rng.uniform(0.95, 1.15) * (1 - rng.uniform(0.0, 0.25) * across)
    balance = rng.uniform(0.96, 1.04, 3).astype(np.float32)
    picture *= exposure[..., None] * balance
    picture *= 1.25 - 0.4 * np.minimum(picture, 1.25)
    np.clip(picture, 0, 1, out=picture)

    sharp = Image.fromarray((picture * 255).astype(np.uint8))
    soft = sharp.filter(ImageFilter.BoxBlur(rng.uniform(0.5, 1.2)))
    focus, depth = rng.uniform(0.5, 0.95) * scene.height, rng.uniform(0.2, 0.9)
    blurred = np.clip(np.abs(scene.y - focus) / scene.height * depth, 0, 1) * np.ones_like(scene.x)
    focused = Image.composite(soft, sharp, Image.fromarray((blurred * 255).astype(np.uint8)))

    top, left = rng.integers(SENSOR - scene.height), rng.integers(SENSOR - scene.width)
    grain = rng.uniform(*GRAIN) * (1.25 - picture[..., 1:2])
    noisy = sensor_noise()[top : top + scene.height, left : left + scene.width] * grain
    noisy += np.asarray(focused)
    noisy += 0.5
    return Image.fromarray(np.clip(noisy, 0, 255, out=noisy).astype(np.uint8))
