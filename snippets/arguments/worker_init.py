"""What each worker does once, before its first batch."""

# --8<-- [start:code]
import os
import sys

from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return index


def be_polite(worker_id):
    sys.stdout.write(f"worker {worker_id}: niceness {os.nice(5)}\n")


if __name__ == "__main__":
    loader = DataLoader(Numbers(), num_workers=2, worker_init_fn=be_polite)
    for epoch in (1, 2):
        print(f"epoch {epoch}: {len([*loader])} batches")
# --8<-- [end:code]
