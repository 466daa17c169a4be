"""Counting closes the HDF5 file, and each worker opens it for itself."""

# needs: h5py
# prints: 4 batches

# --8<-- [start:code]
import tempfile
from functools import cached_property
from pathlib import Path

import h5py
import numpy as np
from torch.utils.data import DataLoader, Dataset


class Rows(Dataset):
    def __init__(self, path):
        self.path = path
        with h5py.File(path) as file:
            self.length = len(file["rows"])

    @cached_property
    def file(self):
        return h5py.File(self.path)

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        return self.file["rows"][index]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.h5")
        with h5py.File(path, "w") as file:
            file["rows"] = np.eye(4, dtype=np.float32)
        loader = DataLoader(
            Rows(path), num_workers=1, multiprocessing_context="spawn"
        )
        print(f"{len(list(loader))} batches")
# --8<-- [end:code]
