"""One sprite file from its kind and its number: the same bytes each time."""

import io
import zlib

import numpy as np
from numpy.random import PCG64, Generator
from PIL import Image

from snippets.images.sprite.kinds import DRAW
from snippets.images.sprite.palette import BLUSH_COLOUR, CREAM_COLOUR, PAPER, RAMPS, TRIMS, WARDROBE, Colour
from snippets.images.sprite.pixels import EMPTY

SCALE = 2


def roles(kind: str, index: int) -> tuple[np.ndarray, list[Colour]]:
    """The sprite's roles, (32, 32) uint8, and the colour of each role; role 0 is transparent."""
    rng = Generator(PCG64([zlib.crc32(kind.encode()), index]))
    wear = WARDROBE.get(kind, tuple(RAMPS))
    ramp = wear[rng.integers(len(wear))]
    trims = TRIMS[ramp]
    trim = RAMPS[trims[rng.integers(len(trims))]]
    return DRAW[kind](rng), [PAPER, *RAMPS[ramp], trim[1], trim[2], CREAM_COLOUR, BLUSH_COLOUR]


def encode(kind: str, index: int) -> bytes:
    """The sprite as a 64x64 RGBA PNG with a transparent background.

    Converted to RGB, the background is a light grey.
    """
    art, colours = roles(kind, index)
    table = np.array([(*colour, 0 if role == EMPTY else 255) for role, colour in enumerate(colours)], np.uint8)
    out = io.BytesIO()
    Image.fromarray(table[art].repeat(SCALE, 0).repeat(SCALE, 1)).save(out, "PNG", optimize=True)
    return out.getvalue()
