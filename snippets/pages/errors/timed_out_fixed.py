"""The wait has a limit of its own, below that of the loader."""

# --8<-- [start:code]
import threading

import torch
from torch.utils.data import DataLoader, Dataset

ANSWER = threading.Event()


class Remote(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        if index == 13 and not ANSWER.wait(timeout=0.1):
            return torch.tensor(-1)
        return torch.tensor(index)


if __name__ == "__main__":
    loader = DataLoader(Remote(), batch_size=8, num_workers=2, timeout=60)
    missing = sum(int((batch == -1).sum()) for batch in loader)
    print(f"{len(loader)} batches, {missing} answer missing")
# --8<-- [end:code]
