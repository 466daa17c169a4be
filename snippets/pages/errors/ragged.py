"""Samples of different lengths: in the main process, as lists, in a worker."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Sentences(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.ones(32 - index)


class Lists(Sentences):
    def __getitem__(self, index):
        return [1] * (32 - index)


if __name__ == "__main__":
    for sentences in (Sentences(), Lists()):
        try:
            list(DataLoader(sentences, batch_size=8, num_workers=0))
        except RuntimeError as refused:
            print(f"RuntimeError: {refused}")

    loader = DataLoader(Sentences(), batch_size=8, num_workers=2)
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
