"""A library's transform holds a generator, which each worker reseeds."""

# In a worker there is a worker_info, with the dataset that was given.
# pyrefly: ignore-errors[missing-attribute]

# prints: (?!(?s:.*)(\[\d+, \d+\])(?s:.*)\1)(?:epoch [12]:(?: \[\d+, \d+\]){4}
#     \n?){2}
# workers: 4, 4

# --8<-- [start:code]
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, get_worker_info


class Transform:
    def __init__(self):
        self.set_random_seed(0)

    def set_random_seed(self, seed):
        self.rng = np.random.default_rng(seed)

    def __call__(self, image):
        return int(self.rng.integers(1000))


class Augmented(Dataset):
    def __init__(self):
        self.transform = Transform()

    def __len__(self):
        return 8

    def __getitem__(self, index):
        return self.transform(index)


def reseed(worker_id):
    worker = get_worker_info()
    worker.dataset.transform.set_random_seed(worker.seed % 2**32)


def numbers(dataset, num_workers=4):
    loader = DataLoader(
        dataset,
        batch_size=2,
        num_workers=num_workers,
        worker_init_fn=reseed,
    )
    return [batch.tolist() for batch in loader]


if __name__ == "__main__":
    torch.manual_seed(0)
    dataset = Augmented()
    for epoch in (1, 2):
        print(f"epoch {epoch}:", *numbers(dataset))
# --8<-- [end:code]
