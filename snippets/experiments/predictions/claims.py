"""How far off the model's predictions are, where what it leaves out is small."""

from snippets.experiments.predictions.arms import WAITING
from snippets.experiments.predictions.show import in_the_mean, late, workloads
from snippets.lab.judging.claim import Claim, Statistic, at_most
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured


def that_wait(result: Measured) -> list[str]:
    """Those workloads, as many as were measured: one always is."""
    return [name for name in workloads(result) if name in WAITING]


def waiting(result: Measured) -> list[float]:
    return in_the_mean(result, that_wait(result))


def delivered(result: Measured) -> list[float]:
    return late(result, that_wait(result))


CLAIMS = (
    Claim(
        "waiting-is-predicted",
        Statistic(
            "how far off the predicted throughput is in the mean, of workloads whose items wait and of all counts",
            waiting,
        ),
        at_most(0.08),
        because="A rule asks for the smallest count within 2 % of the best; a model that is off by no more than the "
        "counts beside it differ can propose one, and a race has to decide. What the model leaves out, waking up, is "
        "some tenths of a millisecond in three.",
        say=percent,
    ),
    Claim(
        "deliveries-are-predicted",
        Statistic(
            "how far off the predicted time of a delivery is in the mean, as a share of its epoch, of workloads whose "
            "items wait and of all counts",
            delivered,
        ),
        at_most(0.08),
        because="A timeline that is a twelfth of its width off still shows who waits for whom. Most of that is the "
        "start of the workers, which delays all deliveries alike.",
        say=percent,
    ),
)
