"""A pattern that fits the files, and an error where it fits none."""

# --8<-- [start:code]
from pathlib import Path

import numpy as np
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Sprites(Dataset):
    def __init__(self, pattern):
        folder = Path("images")
        self.paths = sorted(folder.glob(pattern))
        if not self.paths:
            raise FileNotFoundError(f"no {pattern} in {folder.resolve()}")

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return np.array(Image.open(self.paths[index]))


if __name__ == "__main__":
    sprites = Sprites("sprites/*/*.png")
    loader = DataLoader(sprites, batch_size=16, shuffle=True)
    print(f"{len(loader)} batches")
# --8<-- [end:code]
