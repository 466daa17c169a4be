"""A worker computes with one thread."""

from snippets.lab.claim import Claim, exactly, value
from snippets.lab.numbers import number

CLAIMS = (
    Claim(
        "workers-have-one-thread",
        value("threads that torch computes with in a worker", "1 workers", "threads"),
        exactly(1),
        because="Each worker calls torch.set_num_threads(1) before it does anything else.",
        say=number,
        needs_cores=0,
    ),
)
