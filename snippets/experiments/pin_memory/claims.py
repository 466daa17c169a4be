"""What pinning gives a GPU. There is nothing to judge without one."""

from snippets.lab.claim import Claim, at_least, ratio, same_within
from snippets.lab.numbers import percent

CLAIMS = (
    Claim(
        "pinning-and-not-blocking-helps",
        ratio(
            "the epoch with pageable batches over that with pinned ones and non-blocking copies",
            "pageable",
            "pinned, non_blocking",
        ),
        at_least(1.02),
        because="The copy of a batch of 9.6 MB takes a few percent of the step that it can hide behind.",
        say=percent,
        tiers=("gpu",),
    ),
    Claim(
        "non-blocking-alone-does-nothing",
        ratio(
            "the epoch with pageable batches over that with pageable ones and non-blocking copies",
            "pageable",
            "pageable, non_blocking",
        ),
        same_within(1.05),
        because="A copy from pageable memory is staged, and the call waits for it.",
        say=percent,
        tiers=("gpu",),
    ),
)
