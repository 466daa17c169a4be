"""A class at the top level is found by its name."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)


def main():
    loader = DataLoader(
        Numbers(), batch_size=8, num_workers=1, multiprocessing_context="spawn"
    )
    print(f"{len(list(loader))} batches")


if __name__ == "__main__":
    main()
# --8<-- [end:code]
