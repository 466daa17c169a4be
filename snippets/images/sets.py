"""What the two sets of images are, and where they lie. `make` draws them."""

from dataclasses import dataclass
from pathlib import Path

from snippets.lab.paths import IMAGES


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
    def folder(self) -> Path:
        return IMAGES / self.name

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
