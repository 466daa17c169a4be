"""A scheduler has started this process with one core: none to take back."""

# needs: affinity

# --8<-- [start:code]
import os
import subprocess
import sys

from torch.utils.data import DataLoader, Dataset


class Cores(Dataset):
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return len(os.sched_getaffinity(0))


def scheduler():
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    subprocess.run([sys.executable, __file__, "job"], check=True)


def job():
    cores = os.sched_getaffinity(0)
    print(f"cores at the start: {len(cores)}")
    os.sched_setaffinity(0, cores)
    loader = DataLoader(Cores(), num_workers=2)
    print(f"cores that each worker may use: {[int(n) for n in loader]}")


if __name__ == "__main__":
    job() if "job" in sys.argv else scheduler()
# --8<-- [end:code]
