"""A temporary folder that Python has tried."""

# needs: shm-manager

# --8<-- [start:code]
import os
import tempfile

import torch
from torch.utils.data import DataLoader, Dataset

os.environ["TMPDIR"] = tempfile.gettempdir()
torch.multiprocessing.set_sharing_strategy("file_system")


class Sprites(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.zeros(3, 32, 32)


if __name__ == "__main__":
    loader = DataLoader(Sprites(), batch_size=8, num_workers=1)
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
