"""Items that torch computes with several threads: in the main process, and in workers that have one each."""

from functools import partial

import torch
from torch.utils.data import DataLoader, Dataset

from snippets.lab.experiment import Experiment, Sample, no_preparation
from snippets.lab.loader_timing import endless, time_for

SIZE, BATCH_SIZE, SECONDS = 384, 4, 0.2


class Products(Dataset):
    """Items whose cost is a matrix product, which torch divides among its threads."""

    def __init__(self) -> None:
        self.matrix = torch.ones(SIZE, SIZE)

    def __len__(self) -> int:
        return 256

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        product = self.matrix
        for _ in range(4):
            product = product @ self.matrix / SIZE
        return product[0], torch.get_num_threads()


def per_batch(num_workers: int) -> Sample:
    dataset = Products()
    loader = DataLoader(dataset, BATCH_SIZE, sampler=endless(dataset), num_workers=num_workers)
    seen: list[int] = []
    timed = time_for(loader, SECONDS, lambda batch: seen.extend(batch[1].tolist()))
    return Sample({**timed.values, "threads": float(max(seen))})


EXPERIMENT = Experiment(
    question="Is one worker the same compute as none?",
    unit="s",
    better="lower",
    headline="per_batch",
    pitfalls="Items that Pillow or numpy compute with one thread: for those, 0 and 1 workers are the same compute.",
    arms=partial(no_preparation, {f"{count} workers": partial(per_batch, count) for count in (0, 1)}),
    again="1 workers",
    rounds=5,
    params={"size": SIZE, "batch_size": BATCH_SIZE, "seconds": SECONDS, "main_threads": torch.get_num_threads()},
)
