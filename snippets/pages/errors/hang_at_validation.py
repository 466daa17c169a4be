"""A second loader forks while a thread beside the first one holds a lock.

The thread stands in for the one that pins memory, which torch starts only
where there is an accelerator.
"""

# needs: fork

# --8<-- [start:code]
import threading
import time

import torch
from torch.utils.data import DataLoader, Dataset

LOCK = threading.Lock()


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        with LOCK:
            return torch.tensor(index)


def pin_first_batch():
    with LOCK:
        time.sleep(3)


if __name__ == "__main__":
    training = DataLoader(
        range(32), num_workers=1, multiprocessing_context="fork"
    )
    validation = DataLoader(
        Numbers(), num_workers=1, timeout=3, multiprocessing_context="fork"
    )
    batches = iter(training)
    threading.Thread(target=pin_first_batch).start()
    time.sleep(0.1)
    print(f"{len(list(validation))} batches to validate with")
    print(f"{len(list(batches))} batches to train with")
# --8<-- [end:code]
