"""Every worker goes through the whole stream: more than its length."""

# --8<-- [start:code]
from torch.utils.data import DataLoader, IterableDataset


class Stream(IterableDataset):
    def __len__(self):
        return 4

    def __iter__(self):
        return iter(range(4))


if __name__ == "__main__":
    loader = DataLoader(Stream(), num_workers=2)
    print(f"{len(loader)} expected, {len(list(loader))} arrived")
# --8<-- [end:code]
