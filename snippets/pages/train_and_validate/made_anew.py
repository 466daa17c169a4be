"""A loader that is made in each epoch keeps no workers."""

# prints: a loader for each epoch: 6 workers started
# prints: one loader: 2 workers started
# workers: 2, 2, 2, 2, 2, 2

# --8<-- [start:code]
import os

from torch.utils.data import DataLoader, Dataset


class Processes(Dataset):
    def __len__(self):
        return 8

    def __getitem__(self, index):
        return os.getpid()


def make_loader():
    return DataLoader(
        Processes(), batch_size=4, num_workers=2, persistent_workers=True
    )


def workers_of(loaders):
    return {
        int(pid) for loader in loaders for batch in loader for pid in batch
    }


if __name__ == "__main__":
    anew = workers_of(make_loader() for _ in range(3))
    print("a loader for each epoch:", len(anew), "workers started")
    once = workers_of([make_loader()] * 3)
    print("one loader:", len(once), "workers started")
# --8<-- [end:code]
