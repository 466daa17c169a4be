"""A tensor in memory: a loader costs, workers cost more, slices cost next to nothing."""

from snippets.experiments.in_memory.arms import LOADER, SLICES, WORKERS
from snippets.lab.judging.claim import Claim, at_least, ratio

CLAIMS = (
    Claim(
        "slicing-beats-the-loader",
        ratio("rows/s sliced over rows/s through a DataLoader with 0 workers", SLICES, LOADER),
        at_least(20.0),
        because="One indexing call per batch instead of one per row; pytorch#106704 found 320 times for smaller rows.",
        needs_cores=2,  # torch's own threads share the slicing, and wait for each other where cores are busy
    ),
    Claim(
        "workers-make-memory-slower",
        ratio("rows/s through a DataLoader with 0 workers over those with 4", LOADER, WORKERS),
        at_least(1.2),
        because="Handing a batch from process to process costs more than putting it together.",
        needs_cores=2,
        below_cores=4,
    ),
)
