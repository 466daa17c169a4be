"""Photos through a DataLoader: the one to compare with."""

# prints: 624 photos through DataLoader

# --8<-- [start:code]
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset


def load(source):
    with Image.open(source) as file:
        image = file.convert("RGB").resize((224, 224))
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


class Photos(Dataset):
    def __init__(self, paths):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return load(self.paths[index])


def batches(paths, num_workers):
    return DataLoader(
        Photos(paths), batch_size=32, shuffle=True, num_workers=num_workers
    )


if __name__ == "__main__":
    paths = sorted(Path("images/photos").rglob("*.jpg"))
    loaded = sum(len(batch) for batch in batches(paths, num_workers=2))
    print(f"{loaded} photos through DataLoader")
# --8<-- [end:code]
