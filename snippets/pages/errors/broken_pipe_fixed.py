"""Behind the guard, the worker lives until it has read the dataset."""

# needs: forkserver

# --8<-- [start:code]
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __init__(self):
        self.numbers = list(range(100_000))

    def __len__(self):
        return 32

    def __getitem__(self, index):
        return self.numbers[index]


if __name__ == "__main__":
    loader = DataLoader(
        Numbers(),
        batch_size=8,
        num_workers=1,
        multiprocessing_context="forkserver",
    )
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
