"""A class inside a function cannot be sent to a spawned worker."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


def main():
    class Numbers(Dataset):
        def __len__(self):
            return 32

        def __getitem__(self, index):
            return torch.tensor(index)

    loader = DataLoader(
        Numbers(), batch_size=8, num_workers=1, multiprocessing_context="spawn"
    )
    print(f"{len(list(loader))} batches")


if __name__ == "__main__":
    main()
# --8<-- [end:code]
