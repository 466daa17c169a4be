"""The option is given only where there are workers."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)


def make_loader(num_workers):
    return DataLoader(
        Numbers(),
        batch_size=8,
        num_workers=num_workers,
        prefetch_factor=4 if num_workers else None,
    )


if __name__ == "__main__":
    counts = [len(list(make_loader(num_workers))) for num_workers in (0, 2)]
    print(f"{counts[0]} batches without workers, {counts[1]} with two")
# --8<-- [end:code]
