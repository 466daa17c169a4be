"""A cache in the dataset: each worker fills its own, and takes it along."""

# prints: 0 workers: 32 decoded
# prints: 2 workers: 64 decoded
# prints: 2 workers, persistent_workers=True: [45]\d decoded
# workers: 0, 0, 2, 2, 2, 2

# --8<-- [start:code]
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch.utils.data import DataLoader, Dataset


class OwnCache(Dataset):
    def __init__(self, paths):
        self.paths, self.cache = paths, {}
        self.decoded = torch.zeros(len(paths), dtype=torch.int64)
        self.decoded.share_memory_()  # so that all workers count in it

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        if index not in self.cache:
            self.cache[index] = decode(self.paths[index])
            self.decoded[index] += 1
        return self.cache[index]


def decode(path, side=187):
    with Image.open(path) as file:
        file.draft("RGB", (side, side))
        square = ImageOps.fit(file.convert("RGB"), (side, side))
    return torch.from_numpy(np.array(square))


def two_epochs(paths, **settings):
    dataset = OwnCache(paths)
    order = torch.Generator().manual_seed(0)
    loader = DataLoader(dataset, 4, shuffle=True, generator=order, **settings)
    for _ in range(2):
        for _ in loader:
            pass
    return int(dataset.decoded.sum())


if __name__ == "__main__":
    paths = sorted(Path("images/photos/coast").glob("*.jpg"))[:32]
    print(f"0 workers: {two_epochs(paths)} decoded")
    print(f"2 workers: {two_epochs(paths, num_workers=2)} decoded")
    kept = two_epochs(paths, num_workers=2, persistent_workers=True)
    print(f"2 workers, persistent_workers=True: {kept} decoded")
# --8<-- [end:code]
