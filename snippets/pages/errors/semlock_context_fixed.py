"""A counter that was made by the start method of the workers."""

# --8<-- [start:code]
import multiprocessing

import torch
from torch.utils.data import DataLoader, Dataset


class Counted(Dataset):
    def __init__(self, context):
        self.count = context.Value("i", 0)

    def __len__(self):
        return 32

    def __getitem__(self, index):
        with self.count.get_lock():
            self.count.value += 1
        return torch.tensor(index)


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    dataset = Counted(context)
    loader = DataLoader(
        dataset, batch_size=8, num_workers=1, multiprocessing_context=context
    )
    print(f"{len(list(loader))} batches, {dataset.count.value} items")
# --8<-- [end:code]
