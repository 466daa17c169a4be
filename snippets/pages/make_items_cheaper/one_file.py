"""Many small files packed into one, of which each item reads its own bytes."""

# A worker opens it when it first needs it.
# pyrefly: ignore-errors[bad-assignment, missing-attribute]

# prints: 24 files packed into one of 2\.5 MB
# prints: 24 photos delivered by 2 workers
# workers: 2

# --8<-- [start:code]
import io
import random
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

SIDE = 112


def pack(paths, file):
    ends = [0]
    with open(file, "wb") as packed:
        for path in paths:
            ends.append(ends[-1] + packed.write(path.read_bytes()))
    np.save(file.with_suffix(".npy"), ends)


class PackedPhotos(Dataset):
    def __init__(self, file):
        self.file, self.packed = file, None
        self.ends = np.load(file.with_suffix(".npy"))

    def __len__(self):
        return len(self.ends) - 1

    def __getitem__(self, index):
        if self.packed is None:
            self.packed = open(self.file, "rb", buffering=0)
        start, end = self.ends[index], self.ends[index + 1]
        self.packed.seek(start)
        encoded = io.BytesIO(self.packed.read(end - start))
        with Image.open(encoded) as image:
            return crop(image.convert("RGB"))


def crop(image):
    side = random.uniform(0.6, 1.0) * min(image.size)
    left, top = (random.uniform(0, extent - side) for extent in image.size)
    box = (left, top, left + side, top + side)
    image = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box)
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


if __name__ == "__main__":
    paths = sorted(Path("images/photos").rglob("*.jpg"))[::26]
    with TemporaryDirectory() as folder:
        file = Path(folder, "photos.bin")
        pack(paths, file)
        size = file.stat().st_size / 1e6
        print(f"{len(paths)} files packed into one of {size:.1f} MB")
        loader = DataLoader(PackedPhotos(file), 8, shuffle=True, num_workers=2)
        delivered = sum(len(batch) for batch in loader)
        print(f"{delivered} photos delivered by 2 workers")
# --8<-- [end:code]
