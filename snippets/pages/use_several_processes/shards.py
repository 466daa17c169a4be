"""Shards of an IterableDataset, across ranks and their workers."""

# prints: 1 ranks × 0 workers: \[120\], once: True
# prints: 1 ranks × 2 workers: \[120\], once: True
# prints: 2 ranks × 2 workers: \[60, 60\], once: True
# prints: 3 ranks × 2 workers: \[40, 40, 40\], once: True
# workers: 0, 2, 2, 2, 2, 2, 2

# --8<-- [start:code]
from torch.utils.data import DataLoader, IterableDataset, get_worker_info


class Shards(IterableDataset):
    """Each shard is read by one worker of one rank."""

    def __init__(self, shards, rank, ranks):
        self.shards = shards
        self.rank = rank
        self.ranks = ranks

    def __iter__(self):
        worker = get_worker_info()
        workers, number = (worker.num_workers, worker.id) if worker else (1, 0)
        own = self.rank * workers + number
        for shard in self.shards[own :: self.ranks * workers]:
            yield from shard


def items_of(rank, ranks, num_workers):
    shards = [range(10 * n, 10 * n + 10) for n in range(12)]
    dataset = Shards(shards, rank, ranks)
    loader = DataLoader(dataset, batch_size=None, num_workers=num_workers)
    return [int(item) for item in loader]


if __name__ == "__main__":
    for ranks, num_workers in ((1, 0), (1, 2), (2, 2), (3, 2)):
        items = [items_of(rank, ranks, num_workers) for rank in range(ranks)]
        counts = [len(each) for each in items]
        once = sorted(sum(items, [])) == list(range(120))
        print(f"{ranks} ranks × {num_workers} workers: {counts}, once: {once}")
# --8<-- [end:code]
