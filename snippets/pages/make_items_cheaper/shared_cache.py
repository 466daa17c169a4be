"""A cache in shared memory: what one worker decodes, every worker finds."""

# prints: a cache of 3\.4 MB
# prints: 2 workers, epoch 1: 32 decoded
# prints: 2 workers, epoch 2: 32 decoded
# workers: 2, 2

# --8<-- [start:code]
import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch.utils.data import DataLoader, Dataset

SIDE = 112


class SharedCache(Dataset):
    def __init__(self, paths, side=187):
        self.paths = paths
        shape = (len(paths), side, side, 3)
        self.pixels = torch.empty(shape, dtype=torch.uint8).share_memory_()
        self.decoded = torch.zeros(len(paths), dtype=torch.int64)
        self.decoded.share_memory_()

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        pixels = self.pixels[index].numpy()
        if not self.decoded[index]:
            pixels[:] = decode(self.paths[index], len(pixels))
            self.decoded[index] += 1
        return crop(Image.fromarray(pixels))


def decode(path, side):
    with Image.open(path) as file:
        file.draft("RGB", (side, side))
        return ImageOps.fit(file.convert("RGB"), (side, side))


def crop(image):
    side = random.uniform(0.6, 1.0) * min(image.size)
    left, top = (random.uniform(0, extent - side) for extent in image.size)
    box = (left, top, left + side, top + side)
    image = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box)
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


if __name__ == "__main__":
    paths = sorted(Path("images/photos/coast").glob("*.jpg"))[:32]
    photos = SharedCache(paths)
    print(f"a cache of {photos.pixels.nbytes / 1e6:.1f} MB")
    loader = DataLoader(photos, 4, shuffle=True, num_workers=2)
    for epoch in (1, 2):
        for _ in loader:
            pass
        decoded = int(photos.decoded.sum())
        print(f"2 workers, epoch {epoch}: {decoded} decoded")
# --8<-- [end:code]
