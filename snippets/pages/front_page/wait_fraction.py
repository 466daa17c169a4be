"""How much of its time a loop waits for its batches."""

# prints: the loop waits for \d+% of its time
# workers: 0

# --8<-- [start:code]
import time

import torch
from torch.utils.data import DataLoader, TensorDataset


def timed(loader):
    batches, waited = iter(loader), 0
    yield next(batches)  # the first batch is late in every epoch
    began = asked = time.perf_counter()
    for batch in batches:
        waited += time.perf_counter() - asked
        yield batch  # your step runs here
        if torch.accelerator.is_available():
            torch.accelerator.synchronize()
        asked = time.perf_counter()
    print(f"the loop waits for {waited / (asked - began):.0%} of its time")


if __name__ == "__main__":
    data = TensorDataset(torch.ones(40_000, 8))
    loader = DataLoader(data, batch_size=500)  # take yours
    for batch in timed(loader):
        time.sleep(0.002)  # take your step
# --8<-- [end:code]
