"""Something has tied this process to one core, and so its workers."""

# needs: affinity

# --8<-- [start:code]
import os

from torch.utils.data import DataLoader, Dataset


class Cores(Dataset):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return len(os.sched_getaffinity(0))


def some_import():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


if __name__ == "__main__":
    some_import()
    loader = DataLoader(Cores(), num_workers=2)
    print(f"cores that each worker may use: {[int(n) for n in loader]}")
# --8<-- [end:code]
