"""The stream says how many items it gives."""

# --8<-- [start:code]
from torch.utils.data import DataLoader, IterableDataset


class Stream(IterableDataset):
    def __len__(self):
        return 32

    def __iter__(self):
        yield from range(32)


if __name__ == "__main__":
    loader = DataLoader(Stream(), batch_size=8)
    print(f"{len(loader)} batches expected, {len(list(loader))} arrived")
# --8<-- [end:code]
