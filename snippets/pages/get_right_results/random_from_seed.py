"""A random generator that each worker makes from its own seed."""

# prints: (?!(?s:.*)(\[\d+, \d+\])(?s:.*)\1)(?:epoch [12]:(?: \[\d+, \d+\]){4}
#     \n?){2}
# workers: 4, 4

# --8<-- [start:code]
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, get_worker_info


class Augmented(Dataset):
    def __init__(self):
        self.made_from = None

    def __len__(self):
        return 8

    def __getitem__(self, index):
        worker = get_worker_info()
        seed = worker.seed if worker else torch.initial_seed()
        if seed != self.made_from:
            self.rng, self.made_from = np.random.default_rng(seed), seed
        return int(self.rng.integers(1000))


def numbers(dataset, num_workers=4):
    loader = DataLoader(dataset, batch_size=2, num_workers=num_workers)
    return [batch.tolist() for batch in loader]


if __name__ == "__main__":
    torch.manual_seed(0)
    dataset = Augmented()
    for epoch in (1, 2):
        print(f"epoch {epoch}:", *numbers(dataset))
# --8<-- [end:code]
