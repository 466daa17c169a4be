"""Two workers that keep up: only the first batch is waited for."""

# runs: in pairs
# prints: ms before each batch:(?: \d+){12}
# workers: 2

# --8<-- [start:code]
import time

import torch
from torch.utils.data import DataLoader, Dataset


class Items(Dataset):
    def __len__(self):
        return 96

    def __getitem__(self, index):
        time.sleep(0.002)
        return torch.zeros(3, 32, 32)


def train_step(batch):
    time.sleep(0.040)


def waits(loader, step):
    asked = time.perf_counter()
    for batch in loader:
        yield time.perf_counter() - asked
        step(batch)
        if torch.accelerator.is_available():
            torch.accelerator.synchronize()
        asked = time.perf_counter()


loader = DataLoader(Items(), batch_size=8, num_workers=2)

if __name__ == "__main__":
    waited = [round(1000 * wait) for wait in waits(loader, train_step)]
    print("ms before each batch:", *waited)
# --8<-- [end:code]
