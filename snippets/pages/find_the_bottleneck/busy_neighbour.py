"""Items that compute, on cores that somebody else keeps busy."""

# runs: alone
# prints: (?:[02] neighbours, ms before each batch:(?: \d+){12}\n?){2}
# workers: any: a process that only computes comes late, after torch

# --8<-- [start:code]
import hashlib
import multiprocessing
import time
from contextlib import contextmanager

import torch
from torch.utils.data import DataLoader, Dataset

two_megabytes = bytes(2_000_000)


class Items(Dataset):
    def __len__(self):
        return 96

    def __getitem__(self, index):
        hashlib.blake2b(two_megabytes)
        return torch.zeros(3, 32, 32)


def train_step(batch):
    time.sleep(0.018)


def spin():
    while True:
        pass


@contextmanager
def neighbours(count):
    busy = [multiprocessing.Process(target=spin) for _ in range(count)]
    for process in busy:
        process.start()
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.join()


def waits(loader, step):
    asked = time.perf_counter()
    for batch in loader:
        yield time.perf_counter() - asked
        step(batch)
        if torch.accelerator.is_available():
            torch.accelerator.synchronize()
        asked = time.perf_counter()


loader = DataLoader(Items(), batch_size=8, num_workers=2)

if __name__ == "__main__":
    for count in (0, min(8, multiprocessing.cpu_count())):
        with neighbours(count):
            waited = [round(1000 * each) for each in waits(loader, train_step)]
        print(f"{count} neighbours, ms before each batch:", *waited)
# --8<-- [end:code]
