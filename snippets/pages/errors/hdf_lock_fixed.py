"""Each worker opens the file for reading."""

# needs: h5py

# --8<-- [start:code]
import tempfile
from pathlib import Path

import h5py
import numpy as np
from torch.utils.data import DataLoader, Dataset


class Rows(Dataset):
    def __init__(self, path):
        self.path, self.file = path, None

    def __len__(self):
        return 4

    def __getitem__(self, index):
        if self.file is None:
            self.file = h5py.File(self.path, "r")
        return self.file["rows"][index]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder, "data.h5")
        with h5py.File(path, "w") as file:
            file["rows"] = np.eye(4, dtype=np.float32)
        loader = DataLoader(Rows(path), num_workers=2)
        print(f"{len(list(loader))} batches")
# --8<-- [end:code]
