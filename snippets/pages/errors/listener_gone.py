"""A cleaner of temporary files deletes the folder of a worker that runs."""

# needs: fork, open-tensors

# --8<-- [start:code]
import os
import shutil
import tempfile
from pathlib import Path

import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)


def clean(folder):
    for path in Path(folder).glob("pymp-*"):
        shutil.rmtree(path)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as shared:
        tempfile.tempdir = os.environ["TMPDIR"] = shared
        loader = DataLoader(
            Numbers(), num_workers=1, multiprocessing_context="fork"
        )
        batches = iter(loader)
        next(batches)
        clean(shared)
        print(f"{len(list(batches))} batches are left")
# --8<-- [end:code]
