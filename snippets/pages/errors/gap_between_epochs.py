"""Workers that are kept have nothing to do between two epochs."""

# runs: in pairs

# --8<-- [start:code]
import time

import torch
from torch.utils.data import DataLoader, Dataset


class Slow(Dataset):
    def __len__(self):
        return 16

    def __getitem__(self, index):
        time.sleep(0.025)
        return torch.tensor(index)


if __name__ == "__main__":
    loader = DataLoader(
        Slow(),
        batch_size=4,
        shuffle=True,
        num_workers=2,
        persistent_workers=True,
    )
    for epoch in range(3):
        waits, before = [], time.perf_counter()
        for batch in loader:
            waits.append(round((time.perf_counter() - before) * 1000))
            time.sleep(0.1)  # the step
            before = time.perf_counter()
        print(f"epoch {epoch}: waited {waits} ms")
# --8<-- [end:code]
