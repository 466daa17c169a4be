"""How many threads torch computes with, in main and in a worker."""

# prints: num_workers=0: \d+ threads
# prints: num_workers=1: 1 threads
# workers: 0, 1

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Threads(Dataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        return torch.get_num_threads()


if __name__ == "__main__":
    for num_workers in (0, 1):
        (threads,) = DataLoader(Threads(), num_workers=num_workers)
        print(f"num_workers={num_workers}: {threads.item()} threads")
# --8<-- [end:code]
