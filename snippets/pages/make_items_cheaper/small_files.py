"""Photos written once at the size that the largest crop needs."""

# prints: \(500, 375\), 10\d kB
# prints: \(249, 187\), 1\d kB

# --8<-- [start:code]
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image


def shrink(paths, folder, short_side=187):
    for number, path in enumerate(paths):
        with Image.open(path) as file:
            image = file.convert("RGB")
        scale = short_side / min(image.size)
        size = [round(scale * extent) for extent in image.size]
        small = image.resize(size, Image.Resampling.LANCZOS)
        small.save(Path(folder, f"{number:06d}.jpg"), quality=90)


def describe(paths):
    size = sum(path.stat().st_size for path in paths) / len(paths)
    with Image.open(paths[0]) as file:
        print(f"{file.size}, {size / 1e3:.0f} kB")


if __name__ == "__main__":
    paths = sorted(Path("images/photos/coast").glob("*.jpg"))[:8]
    with TemporaryDirectory() as folder:
        shrink(paths, folder)
        describe(paths)
        describe(sorted(Path(folder).glob("*.jpg")))
# --8<-- [end:code]
