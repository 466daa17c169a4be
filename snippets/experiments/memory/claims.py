"""What reading Python objects copies under fork, and what packing them saves. Bytes: no quiet machine needed."""

from snippets.experiments.memory.arms import OBJECTS, PACKED
from snippets.experiments.memory.show import grown
from snippets.lab.judging.claim import Claim, Statistic, at_least, at_most
from snippets.lab.numbers import megabytes

CLAIMS = (
    Claim(
        "goblins-eat-objects",
        Statistic("the growth of main and workers while they read names held as objects", lambda r: grown(r, OBJECTS)),
        at_least(5e6),
        because="200,000 strings of 26 characters lie on some 4,000 pages, which reading writes to and so copies.",
        say=megabytes,
        needs_cores=0,
    ),
    Claim(
        "packed-arrays-feed-no-goblins",
        Statistic(
            "the growth of main and workers while they read names packed in an array", lambda r: grown(r, PACKED)
        ),
        at_most(4e6),
        because="Two arrays have two reference counts; what grows is the workers’ own batches.",
        say=megabytes,
        needs_cores=0,
    ),
)
