"""Each worker copies the generator that the pipeline holds."""

# needs: fork, albumentations
# starts: afresh
# prints: epoch 1: two crops of each worker: (\[\d+, \d+\]) \1
# prints: epoch 2: two crops of each worker: \1 \1

# --8<-- [start:code]
import os

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # else it asks PyPI

import albumentations as A
import numpy as np
from torch.utils.data import DataLoader, Dataset


class Crops(Dataset):
    def __init__(self):
        self.transform = A.Compose([A.RandomCrop(1, 1)])

    def __len__(self):
        return 4

    def __getitem__(self, index):
        image = np.arange(256, dtype=np.uint8).reshape(16, 16)
        return self.transform(image=image)["image"].item()


def crops(dataset):
    loader = DataLoader(
        dataset, batch_size=2, num_workers=2, multiprocessing_context="fork"
    )
    return [batch.tolist() for batch in loader]


if __name__ == "__main__":
    dataset = Crops()
    for epoch in (1, 2):
        print(f"epoch {epoch}: two crops of each worker:", *crops(dataset))
# --8<-- [end:code]
