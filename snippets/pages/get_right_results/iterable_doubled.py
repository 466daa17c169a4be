"""An IterableDataset that knows nothing of workers: each reads all of it."""

# prints: 0 workers: 0 1 2 3 4 5
# prints: 2 workers: 0 0 1 1 2 2 3 3 4 4 5 5
# workers: 0, 2

# --8<-- [start:code]
from torch.utils.data import DataLoader, IterableDataset


class Lines(IterableDataset):
    def __iter__(self):
        yield from range(6)


def items(dataset, num_workers):
    loader = DataLoader(dataset, batch_size=None, num_workers=num_workers)
    return [int(item) for item in loader]


if __name__ == "__main__":
    for num_workers in (0, 2):
        print(f"{num_workers} workers:", *items(Lines(), num_workers))
# --8<-- [end:code]
