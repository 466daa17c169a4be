"""The length of a loader whose stream does not know its own."""

# --8<-- [start:code]
from torch.utils.data import DataLoader, IterableDataset


class Stream(IterableDataset):
    def __iter__(self):
        yield from range(32)


if __name__ == "__main__":
    loader = DataLoader(Stream(), batch_size=8)
    print(f"{len(loader)} batches expected, {len(list(loader))} arrived")
# --8<-- [end:code]
