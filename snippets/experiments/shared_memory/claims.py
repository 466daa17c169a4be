"""What lies in shared memory: batches that were loaded ahead, and what a dataset holds that was sent to workers."""

from snippets.experiments.shared_memory.show import over_held, over_product
from snippets.lab.judging.claim import Claim, Statistic, same_within
from snippets.lab.numbers import percent

CLAIMS = (
    Claim(
        "shared-memory-is-the-product",
        Statistic(
            "what lies in /dev/shm over workers × prefetch_factor × bytes of a batch, where they differ most",
            over_product,
        ),
        same_within(1.1),
        because="Each worker loads prefetch_factor batches ahead, and each lies in shared memory until it is freed.",
        say=percent,
        needs_cores=0,
    ),
    Claim(
        "the-datasets-tensors-move-there-once",
        Statistic(
            "what lies in /dev/shm once two workers of a fork server were sent a dataset over the bytes of its tensor",
            over_held,
        ),
        same_within(1.1),
        because="Pickling a tensor for a worker moves it into shared memory; the second worker finds it there.",
        say=percent,
        needs_cores=0,
    ),
)
