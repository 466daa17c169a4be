"""What a thread of the loop's process sees, and what it draws."""

# prints: process, dataset and torch's threads are the loop's own: True
# prints: get_worker_info\(\): None
# prints: shared generator, same by 1 and 2 threads: False
# prints: own generator, same by 1 and 2 threads: True

# --8<-- [start:code]
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

import torch
from torch.utils.data import Dataset, get_worker_info


class Crops(Dataset):
    def __init__(self, seed):
        self.seed = seed
        self.epoch = 0
        self.rounded = lambda number: round(number, 2)  # cannot be pickled

    def __getitem__(self, index):
        time.sleep(0.1 if index == 0 else 0)  # item 0 comes late
        own = random.Random(f"{self.seed} {self.epoch} {index}")
        return {
            "shared": self.rounded(random.random()),
            "own": self.rounded(own.random()),
        }


def around(dataset):
    return os.getpid(), id(dataset), torch.get_num_threads()


crops = Crops(seed=7)
with ThreadPoolExecutor(1) as thread:
    same = thread.submit(around, crops).result() == around(crops)
    worker_info = thread.submit(get_worker_info).result()
print(f"process, dataset and torch's threads are the loop's own: {same}")
print(f"get_worker_info(): {worker_info}")

draws = []
for num_threads in (1, 2):
    random.seed(7)
    with ThreadPoolExecutor(num_threads) as threads:
        draws.append([*threads.map(crops.__getitem__, range(2))])
for generator in ("shared", "own"):
    one, two = ([item[generator] for item in items] for items in draws)
    print(f"{generator} generator, same by 1 and 2 threads: {one == two}")
# --8<-- [end:code]
