"""The benchmark that guide 1 began with, kept as it was written so that it can be judged."""

import time

from torch.utils.data import DataLoader, Dataset


def seconds_per_count(dataset: Dataset, counts: tuple[int, ...]) -> dict[int, float]:
    """Seconds for "100 batches" (101 are fetched) at each count, start-up and shutdown included, in order."""
    taken = {}
    for num_workers in counts:
        train_loader = DataLoader(dataset, batch_size=32, num_workers=num_workers)
        start = time.time()
        for i, _batch in enumerate(train_loader):
            if i == 100:
                break
        end = time.time()
        taken[num_workers] = end - start
    return taken
