"""A cache in shared memory: what one worker decodes, every worker finds."""

# prints: a cache of 3\.4 MB
# prints: 2 workers, after epoch 1: 32 decoded
# prints: 2 workers, after epoch 2: 32 decoded
# workers: 2, 2

# --8<-- [start:code]
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch.utils.data import DataLoader, Dataset

SIDE = 187


class SharedCache(Dataset):
    def __init__(self, paths):
        self.paths = paths
        shape = (len(paths), SIDE, SIDE, 3)
        self.pixels = torch.empty(shape, dtype=torch.uint8).share_memory_()
        self.decoded = torch.zeros(len(paths), dtype=torch.int64)
        self.decoded.share_memory_()

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        if not self.decoded[index]:
            self.pixels[index] = decode(self.paths[index])
            self.decoded[index] += 1
        return self.pixels[index]


def decode(path):
    with Image.open(path) as file:
        file.draft("RGB", (SIDE, SIDE))
        square = ImageOps.fit(file.convert("RGB"), (SIDE, SIDE))
    return torch.from_numpy(np.array(square))


if __name__ == "__main__":
    paths = sorted(Path("images/photos/coast").glob("*.jpg"))[:32]
    photos = SharedCache(paths)
    print(f"a cache of {photos.pixels.nbytes / 1e6:.1f} MB")
    loader = DataLoader(photos, 4, shuffle=True, num_workers=2)
    for epoch in (1, 2):
        for _ in loader:
            pass
        decoded = int(photos.decoded.sum())
        print(f"2 workers, after epoch {epoch}: {decoded} decoded")
# --8<-- [end:code]
