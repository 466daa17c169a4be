"""How many batches are under way at once."""

from snippets.experiments.life_of_a_batch.arms import ARM
from snippets.lab.judging.claim import Claim, exactly, value
from snippets.lab.numbers import number

CLAIMS = (
    Claim(
        "never-more-than-the-product",
        value("the most batches assigned and not yet delivered, 3 workers, prefetch_factor=2", ARM, "most_assigned"),
        exactly(6),
        because="A batch is assigned for each one that is delivered, and 3 × 2 at the beginning.",
        say=number,
        needs_cores=0,
    ),
)
