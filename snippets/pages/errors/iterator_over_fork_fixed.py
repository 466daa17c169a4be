"""The child is forked before there is an iterator."""

# needs: fork

# --8<-- [start:code]
import multiprocessing

import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)


def work():
    pass


if __name__ == "__main__":
    child = multiprocessing.get_context("fork").Process(target=work)
    child.start()
    batches = iter(DataLoader(Numbers(), num_workers=1, timeout=60))
    next(batches)
    child.join()
    print(f"{len(list(batches))} batches are left")
# --8<-- [end:code]
