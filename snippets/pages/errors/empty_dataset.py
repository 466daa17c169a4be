"""A pattern that matches no file."""

# --8<-- [start:code]
from pathlib import Path

import numpy as np
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Sprites(Dataset):
    def __init__(self, pattern):
        self.paths = sorted(Path("images").glob(pattern))

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return np.array(Image.open(self.paths[index]))


if __name__ == "__main__":
    sprites = Sprites("*.png")
    loader = DataLoader(sprites, batch_size=16, shuffle=True)
    print(f"{len(loader)} batches")
# --8<-- [end:code]
