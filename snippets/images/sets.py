"""What the two sets of images are, where they lie, and whether they are there."""

import ast
import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path

from snippets.lab.paths import IMAGES

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class ImageSet:
    """A folder of images, `<name>/<kind>/0000<suffix>` and on, `count` files per kind.

    `drawing` is the module whose `encode` draws one; `file_bytes` what one file takes on a
    disk, about.
    """

    name: str
    drawing: str
    kinds: tuple[str, ...]
    count: int
    suffix: str
    file_bytes: int

    @property
    def files(self) -> int:
        return self.count * len(self.kinds)

    def file(self, kind: str, index: int) -> str:
        """A file's path inside the set's folder."""
        return f"{kind}/{index:04d}{self.suffix}"


SPRITES = ImageSet(
    name="sprites",
    drawing="snippets.images.sprite.encode",
    kinds=("cat", "ghost", "knight", "mushroom", "potion", "robot", "slime", "wizard"),
    count=256,
    suffix=".png",
    file_bytes=4_096,
)
PHOTOS = ImageSet(
    name="photos",
    drawing="snippets.images.photo.encode",
    kinds=("coast", "desert", "forest", "lake", "meadow", "mountains"),
    count=104,
    suffix=".jpg",
    file_bytes=112_000,
)


def sprites(folder: Path = IMAGES, count: int = SPRITES.count) -> Path:
    """The folder `sprites/<kind>/*.png`: 64x64 RGBA pixel art, `count` of each kind.

    Draws them first where they are missing or were drawn by an older generator.

    Raises:
        NoSpace: the disk cannot hold them; nothing is left behind.
    """
    return made(replace(SPRITES, count=count), folder)


def photos(folder: Path = IMAGES, count: int = PHOTOS.count) -> Path:
    """The folder `photos/<kind>/*.jpg`: 500x375 or 375x500 landscapes, `count` of each kind.

    Draws them first where they are missing or were drawn by an older generator.

    Raises:
        NoSpace: the disk cannot hold them; nothing is left behind.
    """
    return made(replace(PHOTOS, count=count), folder)


def made(images: ImageSet, folder: Path) -> Path:
    """The set's own folder inside `folder`, with every image in it."""
    if not is_current(images, folder / images.name):
        # Not at the top: make asks this module what to draw.
        from snippets.images.make import make

        make(images, folder)
    return folder / images.name


def version(images: ImageSet) -> str:
    """Names what would be drawn: a hash of the drawing's code and of how many files there are.

    Of the syntax tree, so that neither a comment nor a formatter draws everything anew.
    """
    digest = hashlib.sha256(repr(images).encode())
    package = Path(__file__).with_name(images.drawing.split(".")[-2])
    for source in sorted(package.glob("*.py")):
        digest.update(source.name.encode() + ast.dump(ast.parse(source.read_bytes())).encode())
    return digest.hexdigest()[:16]


def manifest(target: Path) -> dict:
    """What a finished set says of itself; empty where there is none."""
    try:
        return json.loads((target / MANIFEST).read_text())
    except (OSError, ValueError):
        return {}


def is_current(images: ImageSet, target: Path) -> bool:
    """Whether `target` holds this very set, with no file missing."""
    if manifest(target).get("version") != version(images):
        return False
    present = sum(1 for kind in images.kinds for _ in (target / kind).glob(f"*{images.suffix}"))
    return present == images.files
