"""A forked child drops the iterator that it inherited."""

# needs: fork
# starts: afresh

# --8<-- [start:code]
import multiprocessing

import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)


def drop():
    global batches
    del batches


if __name__ == "__main__":
    batches = iter(DataLoader(Numbers(), num_workers=1, timeout=3))
    next(batches)
    child = multiprocessing.get_context("fork").Process(target=drop)
    child.start()
    child.join()
    print(f"{len(list(batches))} batches are left")
# --8<-- [end:code]
