"""What the first version's benchmark gets wrong: it counts starting 16 workers as loading."""

from snippets.experiments.quick_benchmark.arms import AS_WRITTEN, CORRECTED
from snippets.lab.judging.claim import Claim, Statistic, at_most
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients


def undervalued(result: Measured) -> list[float]:
    """16 workers over 0, as the first version ranks them, over the same in the steady state."""
    written, corrected = (
        quotients(result.samples_of(arm, "rate_16"), result.samples_of(arm, "rate_0"))
        for arm in (AS_WRITTEN, CORRECTED)
    )
    return quotients(written, corrected)


CLAIMS = (
    Claim(
        "as-written-undervalues-workers",
        Statistic("how the first version rates 16 workers against 0, over how the steady state does", undervalued),
        at_most(0.9),
        because="It times starting and stopping the workers together with 101 batches of small sprites.",
        say=percent,
        needs_cores=2,
    ),
)
