"""A worker waits for an answer that does not come."""

# --8<-- [start:code]
import threading

import torch
from torch.utils.data import DataLoader, Dataset

ANSWER = threading.Event()


class Remote(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        if index == 13:
            ANSWER.wait()
        return torch.tensor(index)


if __name__ == "__main__":
    loader = DataLoader(Remote(), batch_size=8, num_workers=2, timeout=2)
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
