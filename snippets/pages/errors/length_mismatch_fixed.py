"""Every worker takes its share of the stream."""

# --8<-- [start:code]
from torch.utils.data import DataLoader, IterableDataset, get_worker_info


class Stream(IterableDataset):
    def __len__(self):
        return 4

    def __iter__(self):
        worker = get_worker_info()
        if worker is None:
            return iter(range(4))
        return iter(range(worker.id, 4, worker.num_workers))


if __name__ == "__main__":
    loader = DataLoader(Stream(), num_workers=2)
    print(f"{len(loader)} expected, {len(list(loader))} arrived")
# --8<-- [end:code]
