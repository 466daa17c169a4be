"""Times of day."""

from dataclasses import dataclass

import numpy as np


def tint(*colour: int) -> np.ndarray:
    """A colour from its 8-bit channels, (3,) float32."""
    return np.array(colour, np.float32) / 255


@dataclass(frozen=True)
class Light:
    """A time of day: the colours, (3,) float32, of the sky, of clouds in light and shade, and of sunlight."""

    zenith: np.ndarray
    horizon: np.ndarray
    cloud: np.ndarray
    shade: np.ndarray
    land: np.ndarray


LIGHTS = [
    Light(tint(58, 116, 196), tint(176, 208, 234), tint(252, 252, 250), tint(150, 166, 188), tint(255, 252, 240)),
    Light(tint(76, 138, 206), tint(200, 222, 236), tint(250, 250, 248), tint(164, 176, 192), tint(246, 246, 240)),
    Light(tint(84, 112, 168), tint(250, 206, 150), tint(255, 226, 190), tint(140, 122, 142), tint(255, 224, 178)),
    Light(tint(70, 80, 138), tint(250, 160, 112), tint(255, 178, 140), tint(104, 84, 118), tint(226, 170, 148)),
    Light(
        tint(146, 156, 168),
        tint(206, 210, 212),
        tint(222, 224, 226),
        tint(128, 136, 146),
        tint(206, 210, 210),
    ),
    Light(
        tint(150, 176, 204),
        tint(244, 224, 214),
        tint(252, 240, 232),
        tint(170, 166, 184),
        tint(232, 222, 214),
    ),
]
