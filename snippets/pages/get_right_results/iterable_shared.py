"""An IterableDataset of which each worker reads its own part."""

# prints: 0 workers: 0 1 2 3 4 5
# prints: 2 workers: 0 1 2 3 4 5
# workers: 0, 2

# --8<-- [start:code]
from itertools import islice

from torch.utils.data import DataLoader, IterableDataset, get_worker_info


class Lines(IterableDataset):
    def __iter__(self):
        worker = get_worker_info()
        first, step = (worker.id, worker.num_workers) if worker else (0, 1)
        yield from islice(range(6), first, None, step)


def items(dataset, num_workers):
    loader = DataLoader(dataset, batch_size=None, num_workers=num_workers)
    return [int(item) for item in loader]


if __name__ == "__main__":
    for num_workers in (0, 2):
        print(f"{num_workers} workers:", *items(Lines(), num_workers))
# --8<-- [end:code]
