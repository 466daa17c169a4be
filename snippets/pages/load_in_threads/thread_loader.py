"""A loader of threads to copy; photos through it, and one that is missing."""

# prints: 100 photos in 7 batches
# prints: a missing photo: 1 batch, then FileNotFoundError
# prints: threads that still load: 0
# workers: none

# --8<-- [start:code]
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.utils.data import (
    BatchSampler,
    Dataset,
    RandomSampler,
    default_collate,
)


def load_in_threads(
    dataset, batch_sampler, num_threads, ahead, collate_fn=default_collate
):
    """The batches in order. While you use one, `ahead` more are under way."""

    def load(indices):
        return collate_fn([dataset[index] for index in indices])

    threads = ThreadPoolExecutor(num_threads, "loader")
    under_way = deque()
    try:
        for indices in batch_sampler:
            under_way.append(threads.submit(load, indices))
            if len(under_way) > ahead:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        threads.shutdown(cancel_futures=True)


class Photos(Dataset):
    def __init__(self, paths):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        with Image.open(self.paths[index]) as file:
            image = file.convert("RGB").resize((224, 224))
        return torch.from_numpy(np.array(image)).permute(2, 0, 1)


def main():
    photos = Photos(sorted(Path("images/photos").rglob("*.jpg"))[:100])
    random_order = BatchSampler(RandomSampler(photos), 16, drop_last=False)
    sizes = []
    for batch in load_in_threads(photos, random_order, num_threads=2, ahead=4):
        sizes.append(len(batch))  # your step
    print(f"{sum(sizes)} photos in {len(sizes)} batches")

    photos.paths[20] = Path("nowhere.jpg")
    in_order = BatchSampler(range(100), 16, drop_last=False)
    sizes.clear()
    try:
        for batch in load_in_threads(photos, in_order, num_threads=2, ahead=4):
            sizes.append(len(batch))
    except FileNotFoundError:
        print(f"a missing photo: {len(sizes)} batch, then FileNotFoundError")
    names = [thread.name for thread in threading.enumerate()]
    left = sum(name.startswith("loader") for name in names)
    print(f"threads that still load: {left}")


if __name__ == "__main__":
    main()
# --8<-- [end:code]
