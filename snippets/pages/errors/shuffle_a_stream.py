"""A stream has no indices that the loader could shuffle."""

# --8<-- [start:code]
from torch.utils.data import DataLoader, IterableDataset


class Stream(IterableDataset):
    def __iter__(self):
        yield from range(32)


if __name__ == "__main__":
    for batch in DataLoader(Stream(), batch_size=8, shuffle=True):
        print(*batch.tolist())
# --8<-- [end:code]
