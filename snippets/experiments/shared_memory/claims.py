"""What is loaded ahead lies in shared memory, and is as large as the product says."""

from snippets.experiments.shared_memory.show import over_product
from snippets.lab.claim import Claim, Statistic, same_within
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
)
