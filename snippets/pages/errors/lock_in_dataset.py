"""A lock cannot be sent to a spawned worker."""

# --8<-- [start:code]
import threading

import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __init__(self):
        self.lock = threading.Lock()

    def __len__(self):
        return 32

    def __getitem__(self, index):
        with self.lock:
            return torch.tensor(index)


if __name__ == "__main__":
    loader = DataLoader(
        Numbers(), batch_size=8, num_workers=1, multiprocessing_context="spawn"
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
