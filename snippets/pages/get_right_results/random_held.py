"""A random generator that the dataset holds is copied into each worker."""

# prints: epoch 1: (\[\d+, \d+\]) \1 \1 \1
# prints: epoch 2: \1 \1 \1 \1
# workers: 4, 4

# --8<-- [start:code]
import numpy as np
from torch.utils.data import DataLoader, Dataset


class Augmented(Dataset):
    def __init__(self):
        self.rng = np.random.default_rng(0)

    def __len__(self):
        return 8

    def __getitem__(self, index):
        return int(self.rng.integers(1000))


def numbers(dataset, num_workers=4):
    loader = DataLoader(dataset, batch_size=2, num_workers=num_workers)
    return [batch.tolist() for batch in loader]


if __name__ == "__main__":
    dataset = Augmented()
    for epoch in (1, 2):
        print(f"epoch {epoch}:", *numbers(dataset))
# --8<-- [end:code]
