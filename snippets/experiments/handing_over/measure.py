"""The same megabytes as one tensor, as many, and as Python objects: what it takes to hand a batch over."""

from functools import partial

from torch.utils.data import DataLoader, Dataset

from snippets.lab.experiment import Experiment, Sample, no_preparation
from snippets.lab.loader_timing import time_for
from snippets.what_a_worker_costs.few_large_tensors import Batches

PIECES = (1, 16, 256)
FLOATS = 50_000
SECONDS = 0.2


class Numbers(Dataset):
    """Each item is a batch of Python floats in a list."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __len__(self) -> int:
        return len(Batches(1))

    def __getitem__(self, index: int) -> list[float]:
        return [float(index)] * self.count


def per_batch(dataset: Dataset, num_workers: int) -> Sample:
    loader = DataLoader(dataset, batch_size=None, sampler=[0] * 10_000, num_workers=num_workers)
    return time_for(loader, SECONDS)


EXPERIMENT = Experiment(
    question="What does it take to hand a batch over, in few large pieces and in many small ones?",
    unit="s",
    better="lower",
    headline="per_batch",
    pitfalls=(
        "Counting what it takes to make the batch: main makes the same ones without a worker, for comparison; the "
        "way in which tensors are shared, which is one file descriptor each here and can be changed."
    ),
    arms=partial(
        no_preparation,
        {
            **{f"{count} pieces, 0 workers": partial(per_batch, Batches(count), 0) for count in PIECES},
            **{f"{count} pieces, 1 worker": partial(per_batch, Batches(count), 1) for count in PIECES},
            f"{FLOATS:,} floats, 1 worker": partial(per_batch, Numbers(FLOATS), 1),
        },
    ),
    again="16 pieces, 1 worker",
    rounds=3,
    warmup=0,
    params={"pieces": ", ".join(map(str, PIECES)), "bytes": 4_000_000, "floats": FLOATS},
)
