"""A spawned worker imports this file, and its lock is free."""

# --8<-- [start:code]
import threading
import time

import torch
from torch.utils.data import DataLoader, Dataset

LOCK = threading.Lock()


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        with LOCK:
            return torch.tensor(index)


def hold():
    with LOCK:
        time.sleep(1)


if __name__ == "__main__":
    threading.Thread(target=hold).start()
    time.sleep(0.1)
    loader = DataLoader(
        Numbers(), num_workers=1, timeout=60, multiprocessing_context="spawn"
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
