"""The count that the procedure chooses reaches nearly what the best one does, and is 0 where no worker pays."""

import math
from functools import partial

from snippets.experiments.choosing import show
from snippets.experiments.choosing.arms import tried
from snippets.lab.judging.claim import Claim, Statistic, at_least, at_most, ratio, share_of_best
from snippets.lab.numbers import NBSP, percent

REASONS = {
    "waiting": "The division gives a worker for each wait; what is lost is receiving, which no worker takes over.",
    "computing": "Workers beyond the cores take turns; the race stops where two counts in a row bring little.",
    "both": "Waiting leaves room for more workers than cores; the race finds where the cores end that.",
    "in memory": "Slices would be faster than any loader; among counts of workers, the choice loses little.",
    "large items": "A worker copies each item into fresh shared memory, which costs more than making the item.",
    "many tensors": "Each tensor is sent by itself, and its receipt costs the main process more than making it.",
}

UNFIT = {"large items": 4, "many tensors": math.inf}
"""Where no worker pays, on machines with fewer cores than that: many that copy at once catch up with one that need
not, while the main process receives tensors no faster. What the division alone proposes would lose there."""


def slug(workload: str) -> str:
    return workload.replace(" ", "-")


def workers(count: float) -> str:
    return f"{count:g}{NBSP}worker{'' if count == 1 else 's'}"


CLAIMS = (
    *(
        Claim(
            f"the-choice-reaches-four-fifths-{slug(workload)}",
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
    ),
    *(
        Claim(
            f"no-worker-is-chosen-for-{slug(workload)}",
            Statistic(
                f"the count that is chosen, {show.WORKLOADS[workload][0]}", partial(show.choices, workload=workload)
            ),
            at_most(0),
            because=f"{REASONS[workload]} The division alone would propose a worker.",
            say=workers,
            needs_cores=2,
            below_cores=cores,
        )
        for workload, cores in UNFIT.items()
    ),
    *(
        Claim(
            f"two-workers-lose-on-{slug(workload)}",
            ratio(
                f"samples/s with 0 workers over those with 2, {show.WORKLOADS[workload][0]}",
                tried(workload, 0),
                tried(workload, 2),
            ),
            at_least(1.2),
            because=REASONS[workload],
            needs_cores=2,
            below_cores=cores,
        )
        for workload, cores in UNFIT.items()
    ),
)
