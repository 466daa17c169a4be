"""What tells one signature from another.

Where it counts that all workers begin together, claims speak of forked ones: others come one after the other, each
when it has imported torch.
"""

from snippets.experiments.signatures import arms, bursts, show, slow_first_batch, straggler
from snippets.experiments.signatures.waits import evenness, waits
from snippets.lab.judging.claim import FORKED, Claim, Statistic, at_least, at_most, ratio, same_within, value
from snippets.lab.numbers import percent

CLAIMS = (
    Claim(
        "fed-hardly-waits-after-the-first",
        value("the share of the time after the first batch in which no step runs", arms.FED, "waited_after_first"),
        at_most(0.1),
        because="Two workers have a batch every 8 ms, and a step takes 40 ms; what remains is receiving.",
        say=percent,
        start_methods=FORKED,
    ),
    Claim(
        "starved-waits-for-every-batch",
        Statistic(
            "the shortest wait over the longest, after the first three batches, with one worker that is too slow",
            lambda result: [evenness(waited) for waited in waits(result, arms.STARVED)],
        ),
        at_least(0.25),
        because="Each batch takes the worker as long as the one before; in bursts the shortest wait would be near 0.",
        say=percent,
    ),
    Claim(
        "bursts-wait-once-per-round",
        Statistic("of the time waited after the first burst, the part for one batch in four", bursts.shares),
        at_least(0.5),
        because="Evenly spread it would be a quarter.",
        say=percent,
        start_methods=FORKED,
    ),
    Claim(
        "more-ahead-leaves-the-bursts",
        ratio(
            f"the epoch with prefetch_factor={arms.AHEAD} over that with 2, of four workers that do not keep up",
            arms.MORE_AHEAD,
            arms.BURSTS,
        ),
        same_within(1.2),
        because="Each worker still takes 80 ms for a batch; it only has more of them before it.",
        start_methods=FORKED,
    ),
    Claim(
        "slow-first-batch-waits-there",
        Statistic("of the time waited in two epochs, the part for their first batches", slow_first_batch.shares),
        at_least(0.75),
        because="Two of sixteen batches would have an eighth of it, were it evenly spread.",
        say=percent,
    ),
    Claim(
        "straggler-waits-once",
        Statistic("of the time waited after the first batch, the part for a single one", straggler.shares),
        at_least(0.6),
        because="One of fifteen batches would have 7 % of it, were it evenly spread.",
        say=percent,
        start_methods=FORKED,
    ),
    Claim(
        "neighbours-slow-computing",
        ratio("the epoch beside one busy process per core over the same epoch alone", arms.BUSY_NEIGHBOUR, arms.ALONE),
        at_least(1.15),
        because="Two busy processes and two workers share two cores evenly, so the workers get half of them.",
        below_cores=3,
    ),
    Claim(
        "headspace-is-found-by-replaying",
        Statistic("the starved epoch over the same steps on one batch that is there already", show.headspace),
        at_least(2.0),
        because="Ten batches of 24 ms against ten steps of 5 ms: 4.8 times, and starting and receiving come on top.",
    ),
)
