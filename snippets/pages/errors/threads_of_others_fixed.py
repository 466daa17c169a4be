"""NumPy's BLAS was told to compute with one thread."""

# needs: proc
# starts: afresh
# prints: threads that torch computes with: 1
# prints: threads of the worker: 1

# --8<-- [start:code]
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset


class Products(Dataset):
    def __len__(self):
        return 1

    def __getitem__(self, index):
        matrix = np.ones((512, 512), np.float32)
        product = matrix @ matrix
        threads = len(os.listdir("/proc/self/task"))
        return product, torch.get_num_threads(), threads


if __name__ == "__main__":
    loader = DataLoader(Products(), batch_size=None, num_workers=1)
    for product, of_torch, of_worker in loader:
        print(f"threads that torch computes with: {of_torch}")
        print(f"threads of the worker: {of_worker}")
# --8<-- [end:code]
