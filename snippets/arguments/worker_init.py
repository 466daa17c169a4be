"""What each worker does once: it seeds a generator of the dataset's own."""

# --8<-- [start:code]
import random

import torch
from torch.utils.data import DataLoader, Dataset, get_worker_info


class Noisy(Dataset):
    def __init__(self):
        self.random = random.Random(0)

    def __len__(self):
        return 4

    def __getitem__(self, index):
        return self.random.random()


def seed_its_own(worker_id):
    get_worker_info().dataset.random.seed(torch.initial_seed())


if __name__ == "__main__":
    for worker_init_fn in (None, seed_its_own):
        loader = DataLoader(
            Noisy(), num_workers=2, worker_init_fn=worker_init_fn
        )
        drawn = {number.item() for number in loader}
        name = worker_init_fn.__name__ if worker_init_fn else "nothing"
        print(f"{name}: {len(drawn)} different numbers in 4 draws")
# --8<-- [end:code]
