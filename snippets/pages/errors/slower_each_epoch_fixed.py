"""A counter does not grow, and an item looks up one number."""

# runs: in pairs

# --8<-- [start:code]
import time
from collections import Counter

from torch.utils.data import DataLoader, Dataset


class Photos(Dataset):
    def __init__(self):
        self.shown = Counter()

    def __len__(self):
        return 3000

    def __getitem__(self, index):
        self.shown[index] += 1
        return self.shown[index]


if __name__ == "__main__":
    loader = DataLoader(
        Photos(), batch_size=100, num_workers=1, persistent_workers=True
    )
    for epoch in range(4):
        wait = step = 0
        before = time.perf_counter()
        for batch in loader:
            begin = time.perf_counter()
            time.sleep(0.002)
            end = time.perf_counter()
            wait += begin - before
            step += end - begin
            before = end
        print(f"epoch {epoch}: waited {wait:.2f} s, steps {step:.2f} s")
# --8<-- [end:code]
