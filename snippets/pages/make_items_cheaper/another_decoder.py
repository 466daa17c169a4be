"""A JPEG decoded into an array, at a scale that has the pixels asked for."""

# prints: 500: \(375, 500, 3\)
# prints: 187: \(188, 250, 3\)

# --8<-- [start:code]
from pathlib import Path

import simplejpeg


def decode(path, short_side):
    encoded = path.read_bytes()
    return simplejpeg.decode_jpeg(
        encoded, min_height=short_side, min_width=short_side
    )


if __name__ == "__main__":
    path = min(Path("images/photos/coast").glob("*.jpg"))
    for short_side in (500, 187):
        print(f"{short_side}: {decode(path, short_side).shape}")
# --8<-- [end:code]
