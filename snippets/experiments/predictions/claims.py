"""How far off the model's predictions are, where what it leaves out is small."""

from collections.abc import Callable

from snippets.experiments.predictions.arms import WAITING
from snippets.experiments.predictions.show import in_the_mean, late, workloads
from snippets.lab.judging.claim import Claim, Statistic, at_most
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured


def waiting(error: Callable[[Measured, list[str]], list[float]]) -> Callable[[Measured], list[float]]:
    """Of the workloads that wait, as many as were measured: one always is."""
    return lambda result: error(result, [name for name in workloads(result) if name in WAITING])


CLAIMS = (
    Claim(
        "waiting-is-predicted",
        Statistic(
            "how far off the predicted throughput is in the mean, of workloads whose items wait and of all counts",
            waiting(in_the_mean),
        ),
        at_most(0.03),
        because="More would be worth a trial of each count. What the model leaves out, waking up, is a tenth of a "
        "millisecond in three.",
        say=percent,
    ),
    Claim(
        "waiting-deliveries-are-predicted",
        Statistic(
            "how far off a predicted delivery is in the mean, as a share of its epoch, of workloads whose items wait",
            waiting(late),
        ),
        at_most(0.1),
        because="Of an epoch of 40 batches a tenth is four. How long workers take to start is a part of that.",
        say=percent,
    ),
)
