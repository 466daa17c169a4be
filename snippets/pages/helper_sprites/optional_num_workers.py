"""The guide's script: slow sprites fetched without helpers and with four."""

# prints: without helpers: [\d.]+ s
# prints: with four: [\d.]+ s, [\d.]+ times as fast
# workers: 0, 4, …

# --8<-- [start:code]
import time

import torch
from torch.utils.data import DataLoader, Dataset


class SlowSprites(Dataset):
    """Each sprite takes `delay` seconds: a wait, which uses no core."""

    def __init__(self, count=96, delay=0.005):
        self.count = count
        self.delay = delay

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        time.sleep(self.delay)
        return torch.full((3, 32, 32), index % 256, dtype=torch.uint8)


def seconds_for_an_epoch(num_workers):
    loader = DataLoader(SlowSprites(), batch_size=8, num_workers=num_workers)
    start = time.perf_counter()
    for batch in loader:
        pass
    return time.perf_counter() - start


if __name__ == "__main__":
    alone = seconds_for_an_epoch(num_workers=0)
    helped = seconds_for_an_epoch(num_workers=4)
    print(f"without helpers: {alone:.2f} s")
    print(f"with four: {helped:.2f} s, {alone / helped:.1f} times as fast")
# --8<-- [end:code]
