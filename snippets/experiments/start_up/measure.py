"""What starting two workers costs, at the first epoch and at the next, for each start method."""

import multiprocessing
import time
from functools import partial

from torch.utils.data import DataLoader

from snippets.lab.experiment import Experiment, Sample, no_preparation
from snippets.optimization_guide.windows_compatibility import Numbers

WORKERS, BATCH_SIZE = 2, 32


def two_epochs(method: str, persistent: bool) -> Sample:
    """Seconds to the first batch and of the whole epoch, for epochs 1 and 2, on items that cost nothing."""
    loader = DataLoader(
        Numbers(),
        BATCH_SIZE,
        num_workers=WORKERS,
        persistent_workers=persistent,
        multiprocessing_context=method,
    )
    values = {}
    for epoch in (1, 2):
        start = time.perf_counter()
        first = None
        for _ in loader:
            first = first or time.perf_counter() - start
        values[f"first_batch_{epoch}"] = first or 0.0
        values[f"epoch_{epoch}"] = time.perf_counter() - start
    return Sample(values)


EXPERIMENT = Experiment(
    question="How long until the first batch, in the first epoch and the second, per start method?",
    unit="s",
    better="lower",
    headline="first_batch_2",
    pitfalls=(
        "A large dataset: spawn and forkserver then pickle it for each worker. A main process with much "
        "memory: fork then copies larger page tables. Here the dataset is empty and only torch is imported."
    ),
    arms=partial(
        no_preparation,
        {
            f"{method}, {'persistent' if persistent else 'new each epoch'}": partial(two_epochs, method, persistent)
            for method in ("fork", "forkserver", "spawn")
            if method in multiprocessing.get_all_start_methods()
            for persistent in (False, True)
        },
    ),
    params={"workers": WORKERS, "batch_size": BATCH_SIZE},
)
