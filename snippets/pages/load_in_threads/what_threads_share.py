"""What an item sees that a thread loads: the process, the dataset and the random generators of the loop."""

# prints: process and dataset are the loop's own: True
# prints: get_worker_info\(\): None
# prints: shared generator, 1 and 2 threads draw the same: False
# prints: a generator for each item, they draw the same: True

# --8<-- [start:code]
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor

from torch.utils.data import Dataset, get_worker_info


class Crops(Dataset):
    def __init__(self, seed):
        self.seed = seed
        self.epoch = 0
        self.rounded = lambda number: round(number, 2)  # cannot be pickled

    def __getitem__(self, index):
        time.sleep(0.1 if index == 0 else 0)  # item 0 comes late
        own = random.Random(f"{self.seed} {self.epoch} {index}")
        draws = self.rounded(random.random()), self.rounded(own.random())
        return draws, (os.getpid(), id(self), get_worker_info())


crops = Crops(seed=7)
drawn = []
for num_threads in (1, 2):
    random.seed(7)
    with ThreadPoolExecutor(num_threads) as threads:
        draws, seen = zip(*threads.map(crops.__getitem__, range(2)))
    drawn.append(draws)

(process, dataset, worker_info), _ = seen
print(
    "process and dataset are the loop's own:",
    (process, dataset) == (os.getpid(), id(crops)),
)
print(f"get_worker_info(): {worker_info}")
one_thread, two_threads = drawn
for place, generator in enumerate(
    ("shared generator, 1 and 2 threads", "a generator for each item, they")
):
    same = [d[place] for d in one_thread] == [d[place] for d in two_threads]
    print(f"{generator} draw the same: {same}")
# --8<-- [end:code]
