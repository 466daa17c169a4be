"""A temporary folder that is there."""

# needs: shm

# --8<-- [start:code]
import os

import torch
from torch.utils.data import DataLoader, TensorDataset

os.environ["TMPDIR"] = "/tmp"
torch.multiprocessing.set_sharing_strategy("file_system")

if __name__ == "__main__":
    photos = TensorDataset(torch.zeros(8, 3))
    loader = DataLoader(photos, batch_size=4, num_workers=1)
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
