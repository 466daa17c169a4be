"""Each worker gives the pipeline the worker's own seed."""

# needs: fork, albumentations
# starts: afresh
# prints: (?!(?s:.*)(\[\d+, \d+\])(?s:.*)\1)(?:epoch [12]: two crops of
#      each worker:(?: \[\d+, \d+\]){2}
#     \n?){2}

# --8<-- [start:code]
import os

os.environ["NO_ALBUMENTATIONS_UPDATE"] = "1"  # else it asks PyPI

import albumentations as A
import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, get_worker_info


class Crops(Dataset):
    def __init__(self):
        self.transform = A.Compose([A.RandomCrop(1, 1)])

    def __len__(self):
        return 4

    def __getitem__(self, index):
        image = np.arange(256, dtype=np.uint8).reshape(16, 16)
        return self.transform(image=image)["image"].item()


def reseed(worker_id):
    worker = get_worker_info()
    worker.dataset.transform.set_random_seed(worker.seed % 2**32)


def crops(dataset):
    loader = DataLoader(
        dataset,
        batch_size=2,
        num_workers=2,
        worker_init_fn=reseed,
        multiprocessing_context="fork",
    )
    return [batch.tolist() for batch in loader]


if __name__ == "__main__":
    torch.manual_seed(0)
    dataset = Crops()
    for epoch in (1, 2):
        print(f"epoch {epoch}: two crops of each worker:", *crops(dataset))
# --8<-- [end:code]
