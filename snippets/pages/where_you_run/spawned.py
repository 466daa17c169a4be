"""A script for spawned workers: the guard, and workers that stay."""

# prints: epoch 0: 64 photos
# prints: epoch 1: 64 photos
# workers: 2, 2

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Photos(Dataset):
    def __len__(self):
        return 64

    def __getitem__(self, index):
        return torch.zeros(3, 32, 32)


def main():
    loader = DataLoader(
        Photos(),
        batch_size=8,
        shuffle=True,
        num_workers=2,
        persistent_workers=True,
    )
    for epoch in range(2):
        count = sum(len(batch) for batch in loader)
        print(f"epoch {epoch}: {count} photos")


if __name__ == "__main__":
    main()
# --8<-- [end:code]
