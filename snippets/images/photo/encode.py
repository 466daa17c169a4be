"""One photo file from its kind and its number: the same bytes each time."""

import io
import zlib

from numpy.random import PCG64, Generator

from snippets.images.photo.camera import develop
from snippets.images.photo.kinds import DRAW
from snippets.images.photo.scene import Scene

WIDTH, HEIGHT = 500, 375  # pixels; ImageNet's most common size
PORTRAITS = 0.2
QUALITY = (94, 95)


def encode(kind: str, index: int) -> bytes:
    """The photo as a JPEG, 500x375 or 375x500, chroma at half resolution as cameras keep it."""
    rng = Generator(PCG64([zlib.crc32(kind.encode()), index]))
    width, height = (HEIGHT, WIDTH) if rng.random() < PORTRAITS else (WIDTH, HEIGHT)
    scene = Scene(rng, width, height)
    DRAW[kind](scene)
    out = io.BytesIO()
    develop(scene).save(out, "JPEG", quality=int(rng.integers(*QUALITY, endpoint=True)), subsampling="4:2:0")
    return out.getvalue()
