"""The count that the procedure chooses reaches nearly what the best one does, on each workload."""

from functools import partial

from snippets.experiments.choosing import show
from snippets.lab.claim import Claim, Statistic, share_of_best
from snippets.lab.numbers import percent

REASONS = {
    "waiting": "One worker more than the division gives covers what handing over and waking up take.",
    "computing": "The cores set the limit, and one worker more than cores costs little.",
    "both": "Waiting leaves room for more workers than cores, as many as the cores’ share of an item allows.",
    "in memory": "Slices would be faster than any loader; among counts of workers, the choice loses little.",
}

CLAIMS = tuple(
    Claim(
        f"chosen-is-enough-{workload.replace(' ', '-')}",
        Statistic(
            f"the throughput with the chosen count over the best that was tried, {title}",
            partial(show.share_of_best, workload=workload),
        ),
        share_of_best(0.8),
        because=REASONS[workload],
        say=percent,
        needs_cores=2,
    )
    for workload, (title, _) in show.WORKLOADS.items()
)
