"""Items as they are often written, under a profiler, without workers."""

# prints: (?s: *\d+ function calls .+ Ordered by: internal time.+
#      tottime .+\d+ +\d.+)
# workers: 0

# --8<-- [start:items]
import cProfile
import pstats
import random
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageEnhance
from torch.utils.data import DataLoader, Dataset

SIDE = 112
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


class Photos(Dataset):
    def __init__(self, folder):
        self.paths = sorted(Path(folder).rglob("*.jpg"))

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return load(self.paths[index])


def load(path):
    image = brighten(decode(path))
    return normalise(crop(image))


def decode(path):
    with Image.open(path) as file:
        return file.convert("RGB")


def brighten(image):
    return ImageEnhance.Brightness(image).enhance(random.uniform(0.8, 1.2))


def crop(image):
    """A random square of 60 to 100 % of the short side, at 112 x 112."""
    scale = SIDE / random.uniform(0.6, 1.0) / min(image.size)
    size = [round(scale * extent) for extent in image.size]
    image = image.resize(size, Image.Resampling.BILINEAR)
    left, top = (random.randint(0, extent - SIDE) for extent in size)
    return image.crop((left, top, left + SIDE, top + SIDE))


def normalise(image):
    pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1)
    return (pixels / 255 - MEAN) / DEVIATION


# --8<-- [end:items]
# --8<-- [start:profile]
if __name__ == "__main__":
    torch.set_num_threads(1)  # as in a worker
    loader = DataLoader(Photos("images/photos"), batch_size=8, shuffle=True)
    batches = iter(loader)
    next(batches)
    with cProfile.Profile() as profile:
        for _ in range(8):
            next(batches)
    stats = pstats.Stats(profile).strip_dirs().sort_stats("tottime")
    stats.print_stats(8)
# --8<-- [end:profile]
