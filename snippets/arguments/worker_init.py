"""What each worker does once, before its first batch."""

# --8<-- [start:code]
import os

from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return index


def be_polite(worker_id):
    print(f"worker {worker_id} begins, niceness {os.nice(5)}", flush=True)


if __name__ == "__main__":
    loader = DataLoader(Numbers(), num_workers=2, worker_init_fn=be_polite)
    for epoch in (1, 2):
        print(f"epoch {epoch}: {len([*loader])} batches", flush=True)
# --8<-- [end:code]
