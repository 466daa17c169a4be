"""Decoded photos in one file, which every worker maps into its memory."""

# prints: 24 photos in a file of 2\.5 MB
# prints: the pickled dataset has \d\d\d bytes
# prints: 24 photos delivered by 2 workers
# workers: 2

# --8<-- [start:code]
import pickle
import random
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from PIL import Image, ImageOps
from torch.utils.data import DataLoader, Dataset

SIDE = 112


def decode_all(paths, file, side=187):
    shape = (len(paths), side, side, 3)
    pixels = np.lib.format.open_memmap(file, "w+", np.uint8, shape)
    for number, path in enumerate(paths):
        with Image.open(path) as image:
            pixels[number] = ImageOps.fit(image.convert("RGB"), (side, side))
    pixels.flush()


class MappedPhotos(Dataset):
    def __init__(self, file):
        self.file, self.pixels = file, None
        self.length = len(np.load(file, mmap_mode="r"))

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        if self.pixels is None:
            self.pixels = np.load(self.file, mmap_mode="r")
        return crop(Image.fromarray(self.pixels[index]))


def crop(image):
    side = random.uniform(0.6, 1.0) * min(image.size)
    left, top = (random.uniform(0, extent - side) for extent in image.size)
    box = (left, top, left + side, top + side)
    image = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box)
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


if __name__ == "__main__":
    paths = sorted(Path("images/photos").rglob("*.jpg"))[::26]
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder, "photos.npy")
        decode_all(paths, file)
        size = file.stat().st_size / 1e6
        print(f"{len(paths)} photos in a file of {size:.1f} MB")
        photos = MappedPhotos(file)
        print(f"the pickled dataset has {len(pickle.dumps(photos))} bytes")
        loader = DataLoader(photos, 8, shuffle=True, num_workers=2)
        delivered = sum(len(batch) for batch in loader)
        print(f"{delivered} photos delivered by 2 workers")
# --8<-- [end:code]
