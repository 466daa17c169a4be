"""A worker reads a mapped file that somebody has truncated."""

# needs: fork, proc
# starts: afresh

# --8<-- [start:code]
import os
import tempfile
from pathlib import Path

import numpy as np
from torch.utils.data import DataLoader, Dataset


class Mapped(Dataset):
    def __init__(self, path):
        self.path = path
        self.data = np.memmap(path, np.uint8, "r")

    def __len__(self):
        return len(self.data)

    def __getitem__(self, index):
        if index == 13:
            os.truncate(self.path, 0)
        return self.data[index]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.bin")
        path.write_bytes(bytes(32))
        loader = DataLoader(
            Mapped(path), num_workers=1, multiprocessing_context="fork"
        )
        print(f"{len(list(loader))} batches")
# --8<-- [end:code]
