"""A second try while the iterator of the first one is not yet collected."""

# needs: fork

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class OneBadSprite(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        if index == 13:
            raise ValueError("sprite 13 has no pixels")
        return torch.zeros(3, 32, 32)


if __name__ == "__main__":
    loader = DataLoader(
        OneBadSprite(),
        batch_size=8,
        num_workers=2,
        multiprocessing_context="fork",
    )
    for attempt in (1, 2):
        try:
            print(f"{len(list(loader))} batches")
        except ValueError:
            print(f"attempt {attempt} failed")
# --8<-- [end:code]
