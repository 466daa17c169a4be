"""Workers that are slow to begin, and so the first batch of each epoch."""

# runs: in pairs
# prints: (?:epoch [12], ms before each batch:(?: \d+){8}\n?){2}
# workers: 2, 2

# --8<-- [start:code]
import time

import torch
from torch.utils.data import DataLoader, Dataset


class Items(Dataset):
    index = None

    def __len__(self):
        return 64

    def __getitem__(self, item):
        if self.index is None:
            time.sleep(0.2)
            self.index = range(64)
        time.sleep(0.002)
        return torch.full((3, 32, 32), self.index[item])


def train_step(batch):
    time.sleep(0.020)


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
    for epoch in (1, 2):
        waited = [round(1000 * wait) for wait in waits(loader, train_step)]
        print(f"epoch {epoch}, ms before each batch:", *waited)
# --8<-- [end:code]
