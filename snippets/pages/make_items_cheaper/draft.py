"""A JPEG decoded at the smallest scale that still has the pixels asked for."""

# prints: 224: \(500, 375\)
# prints: 187: \(250, 188\)
# prints: 93: \(125, 94\)

# --8<-- [start:code]
from pathlib import Path

from PIL import Image


def decode(path, short_side):
    with Image.open(path) as file:
        file.draft("RGB", (short_side, short_side))
        return file.convert("RGB")


if __name__ == "__main__":
    path = min(Path("images/photos/coast").glob("*.jpg"))
    for short_side in (224, 187, 93):
        print(f"{short_side}: {decode(path, short_side).size}")
# --8<-- [end:code]
