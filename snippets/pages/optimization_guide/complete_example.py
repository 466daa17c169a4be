"""One setting changed at a time, with the first batch timed apart."""

# Options are counts and switches; an epoch has a first batch.
# pyrefly: ignore-errors[bad-argument-type, invalid-format-spec]

# prints: (?:Single: .+\n){2}(?:Multi: .+\n){2}(?:Multi, kept: .+\n){2}(?:(?:Mu
#     lti, kept, pinned: .+\n){2})?
# workers: 0, 2, …

# --8<-- [start:code]
import time

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


class MyDataset(Dataset):
    def __init__(self, size=320):
        self.size = size

    def __len__(self):
        return self.size

    def __getitem__(self, index):
        random = np.random.default_rng(index)
        image = random.standard_normal((3, 224, 224), dtype=np.float32)
        return torch.from_numpy(image), index % 10


def time_epochs(name, loader, epochs=2):
    for _ in range(epochs):
        start = time.perf_counter()
        first = None
        for images, labels in loader:
            first = first or time.perf_counter() - start
            images = images.to(DEVICE, non_blocking=True)
            time.sleep(0.02)  # stands in for a GPU step: it uses no core
        total = time.perf_counter() - start
        print(f"{name}: first batch {first:.2f} s, epoch {total:.2f} s")


if __name__ == "__main__":
    dataset = MyDataset()
    runs = {
        "Single": {},
        "Multi": {"num_workers": 2},
        "Multi, kept": {"num_workers": 2, "persistent_workers": True},
    }
    if DEVICE == "cuda":
        runs["Multi, kept, pinned"] = runs["Multi, kept"] | {
            "pin_memory": True
        }
    for name, options in runs.items():
        time_epochs(name, DataLoader(dataset, batch_size=32, **options))
# --8<-- [end:code]
